"""What people fill in about programmes, by who does it."""
