"""Projects: what is funded, the people it puts to work, and how money becomes their time."""
