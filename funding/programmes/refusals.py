"""Why something that was asked of a programme cannot be done."""


class Refused(Exception):
    """It is said in words for whoever asked; nothing has changed."""
