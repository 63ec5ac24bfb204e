"""The lock under which a place that is running goes on: one deed at a time."""

from funding.programmes.models import Place
from funding.programmes.refusals import Refused


class NotRunning(Refused):
    """It was not accepted, is complete, or ended early."""


def take(place_id: int) -> Place:
    """In the caller's transaction."""
    places = Place.objects.select_for_update(of=("self",)).select_related("round__programme")
    return places.get(pk=place_id)


def running(place_id: int) -> Place:
    """The same of a place that must still be running. Raises `NotRunning`."""
    place = take(place_id)
    if place.status != Place.Status.RUNNING:
        status = Place.Status(place.status).label.lower()
        raise NotRunning(f"This place is not running: {status}. Nothing was changed.")
    return place
