"""Programmes: rounds, their funding calls, who applies, who is chosen, and what became of it."""
