"""Mail about programmes: a function named after the event, and a text template of the same name."""
