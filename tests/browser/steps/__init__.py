"""What people do in the life of a programme's round, in their words."""
