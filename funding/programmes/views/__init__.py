"""Doors: parse, call one process function, answer."""
