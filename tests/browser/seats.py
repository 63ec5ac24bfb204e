"""Seats that companies took, found by their names."""

from sponsors.sponsorships.models import Commitment


def seat(name):
    return Commitment.objects.filter(company__display_name=name).latest("pk")


def address(name):
    return seat(name).get_absolute_url()
