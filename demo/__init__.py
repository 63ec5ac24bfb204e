"""The demo: the whole site on one machine, with a year of history that came through its own
processes. It stands above everything and is imported by nobody."""
