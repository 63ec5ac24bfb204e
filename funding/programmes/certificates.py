"""Certificates of completed places: a tagged PDF with a code that is signed, by which everybody can see
that it is ours. It is of the name under which its holder signed, whatever they are called on pages;
the page of the code says that name, or that its holder is not to be named there."""

from datetime import datetime
from pathlib import Path

from babel.dates import format_date
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse

from funding.accounts.models import User
from funding.office import printing
from funding.programmes import access
from funding.programmes.models import Place

LAYOUT = Path(__file__).parent / "paper" / "certificate.typ"
Status = Place.Status


def code(place: Place) -> str:
    return _signer().sign(str(place.pk))


def find(code: str) -> Place | None:
    """The completed place that a code is of, if we have signed it."""
    try:
        number = _signer().unsign(code)
    except BadSignature:
        return None
    return _completed().filter(pk=int(number)).first()


def for_reader(place_id: int, user: User) -> Place | None:
    """A completed place, for its participant and for the organisers who have not applied to its round."""
    place = _completed().filter(pk=place_id).first()
    if place is None:
        return None
    is_theirs = place.user_id == user.pk
    return place if is_theirs or access.may_in(user, "choose", place.round) else None


def named(place: Place) -> str:
    """Of whom it is, as everybody may read it; nothing if its holder is named on no page."""
    return place.signed_name if place.public_name else ""


def address(place: Place) -> str:
    """Where everybody can verify it."""
    return settings.SITE_URL + reverse("programmes:verify-certificate", args=[code(place)])


def sheet(place: Place) -> printing.Sheet:
    """Every word that is printed on it."""
    begun, ended = place.starts_at or place.offered_at, place.ended_at
    assert ended is not None  # it is completed
    return {
        "name": f"Certificate, {place.round}",
        "site": settings.SITE_NAME,
        "who": place.signed_name,
        "programme": str(place.round.programme),
        "kind": place.round.programme.kind_in_words,
        "round": place.round.name,
        "title": place.round.title,
        "dates": f"{_day(begun)} to {_day(ended)}",
        "link": address(place),
        "notes": [],
    }


def pdf(place: Place) -> bytes:
    assert place.ended_at is not None
    return printing.pdf(sheet(place), layout=LAYOUT, made_at=place.ended_at)


def _day(when: datetime) -> str:
    return str(format_date(when, "d MMMM yyyy", locale="en_GB"))


def _completed() -> "QuerySet[Place]":
    places = Place.objects.filter(status=Status.DONE)
    return places.select_related("user", "round__programme")


def _signer() -> Signer:
    return Signer(sep=".", salt="programmes.certificate")
