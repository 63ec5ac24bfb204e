"""Where money goes: the books, the projects and the people who do the work."""
