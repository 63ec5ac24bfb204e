"""What people fill in about programmes."""
