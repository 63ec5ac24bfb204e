"""The desk's pages, in the order in which they stand: the name of the address, words, and the deed one
must be allowed. Whoever adds a page adds its line. Those of a round stand in groups, by what one is
about."""

PROGRAMME = [
    ("desk", "Home", "see"),
    ("texts", "Texts", "edit"),
    ("logo", "Logo", "edit"),
    ("projects", "Projects", "see"),
    ("people", "People", "see"),
]
ROUND = {
    "Round": [
        ("round-desk", "Overview", "see"),
        ("round-texts", "Texts", "edit"),
        ("dates", "Dates", "see"),
        ("round-log", "Log", "see"),
    ],
    "Funding": [
        ("call", "Call", "see"),
        ("round-money", "Money", "spend"),
    ],
    "Applying": [
        ("rules", "Rules", "edit"),
        ("criteria", "Eligibility", "edit"),
        ("questions", "Questions", "edit"),
        ("round-ideas", "Ideas", "propose"),
    ],
    "Choosing": [
        ("applications", "Applications", "choose"),
        ("ranking", "Ranking", "choose"),
    ],
    "Running": [
        ("checkpoints", "Checkpoints", "edit"),
        ("places", "Places", "choose"),
        ("round-report", "Report", "edit"),
    ],
}
