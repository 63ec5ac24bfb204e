"""Doors of billing: they parse, call and answer."""
