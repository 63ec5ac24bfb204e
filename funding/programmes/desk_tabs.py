"""The desk's pages, in the order in which they stand: the name of the address, words, and the deed one
must be allowed. Whoever adds a page adds its line."""

PROGRAMME = [
    ("desk", "Home", "see"),
    ("texts", "Texts", "edit"),
    ("logo", "Logo", "edit"),
    ("projects", "Projects", "see"),
    ("people", "People", "see"),
]
ROUND = [
    ("round-desk", "Round", "see"),
    ("round-texts", "Texts", "edit"),
    ("dates", "Dates", "see"),
    ("call", "Call", "see"),
    ("rules", "Rules", "edit"),
    ("questions", "Questions", "edit"),
    ("criteria", "Eligibility", "edit"),
    ("round-ideas", "Ideas", "propose"),
    ("applications", "Applications", "choose"),
    ("ranking", "Ranking", "choose"),
    ("checkpoints", "Checkpoints", "edit"),
    ("places", "Places", "choose"),
    ("round-money", "Money", "spend"),
    ("round-report", "Report", "edit"),
    ("round-log", "Log", "see"),
]
