"""What organisers do: programmes, rounds, calls, people."""

from django.urls import URLPattern, path

from funding.programmes.views import founding, people, priced, rounds

_desk = "organise/<slug:slug>"
_round = "organise/<slug:slug>/<slug:round_slug>"
patterns: list[URLPattern] = [
    path("organise/", founding.mine, name="mine"),
    path("organise/new/", founding.create, name="new"),  # no programme has these addresses
    path("organise/asked/<int:hosting_id>/", founding.asked, name="asked"),
    path("organise/parts/<int:part_id>/give-up/", people.give_up, name="give-up"),
    path("organise/invitations/<int:invitation_id>/", people.waiting, name="waiting-invitation"),
    path("organise/invitation/<slug:secret>/", people.invitation, name="invitation"),
    path(f"{_desk}/", founding.home, name="desk"),
    path(f"{_desk}/texts/", founding.texts, name="texts"),
    path(f"{_desk}/logo/", founding.logo, name="logo"),
    path(f"{_desk}/logo/remove/", founding.remove_logo, name="remove-logo"),
    path(f"{_desk}/projects/", founding.projects, name="projects"),
    path(f"{_desk}/projects/ask/", founding.ask, name="ask-project"),
    path(
        f"{_desk}/projects/<int:hosting_id>/remove/", founding.take_away, name="remove-project"
    ),
    path(f"{_desk}/people/", people.members, name="people"),
    path(f"{_desk}/people/give/", people.give, name="give-part"),
    path(f"{_desk}/people/invite/", people.invite, name="invite"),
    path(f"{_desk}/people/<int:part_id>/remove/", people.take_away, name="remove-part"),
    path(
        f"{_desk}/people/invitations/<int:invitation_id>/send-again/", people.send_again,
        name="send-invitation-again",
    ),
    path(
        f"{_desk}/people/invitations/<int:invitation_id>/withdraw/", people.withdraw,
        name="withdraw-invitation",
    ),
    path(f"{_desk}/rounds/new/", rounds.create, name="new-round"),
    path(f"{_round}/", rounds.home, name="round-desk"),
    path(f"{_round}/preview/", rounds.preview, name="preview-round"),
    path(f"{_round}/texts/", rounds.texts, name="round-texts"),
    path(f"{_round}/rules/", rounds.rules, name="rules"),
    path(f"{_round}/dates/", rounds.dates, name="dates"),
    path(f"{_round}/call/", priced.call, name="call"),
    path(f"{_round}/open/", rounds.publish, name="open-round"),
    path(f"{_round}/take-back/", rounds.take_back, name="take-back-round"),
    path(f"{_round}/call-off/", rounds.call_off, name="call-off-round"),
    path(f"{_round}/log/", rounds.deeds, name="round-log"),
]  # fmt: skip
