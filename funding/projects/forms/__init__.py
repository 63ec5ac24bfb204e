"""What maintainers fill in, by what it is about."""
