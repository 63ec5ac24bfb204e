"""What reviewers do, how organisers choose, and what who is chosen answers."""

from django.urls import URLPattern, path

from funding.programmes.views import answering, applications, choosing, reviewing

ROUND = "organise/<slug:slug>/<slug:round_slug>/"

patterns: list[URLPattern] = [
    path("reviews/", reviewing.mine, name="my-reviews"),
    path("reviews/<int:review_id>/", reviewing.review, name="review"),
    path("reviews/<int:review_id>/conflict/", reviewing.conflict, name="conflict"),
    path(f"{ROUND}applications/", applications.applications, name="applications"),
    path(f"{ROUND}applications/export/", applications.export, name="export-applications"),
    path(f"{ROUND}applications/reviewers/", applications.assignment, name="assignment"),
    path(
        f"{ROUND}applications/<int:application_id>/",
        applications.application,
        name="desk-application",
    ),
    path(f"{ROUND}applications/<int:application_id>/give/", applications.give, name="give"),
    path(
        f"{ROUND}applications/reviews/<int:review_id>/take-back/",
        applications.take_back,
        name="take-back",
    ),
    path(f"{ROUND}ranking/", choosing.ranked, name="ranking"),
    path(f"{ROUND}ranking/best/", choosing.choose_best, name="choose-best"),
    path(f"{ROUND}ranking/<int:application_id>/move/", choosing.move, name="move-waiting"),
    path(f"{ROUND}announce/", choosing.announce, name="announce"),
    path("places/<int:place_id>/answer/", answering.answer, name="answer"),
    path("places/<int:place_id>/decline/", answering.decline, name="decline"),
]
