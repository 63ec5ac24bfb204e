"""What everybody sees of programmes."""

from django.urls import URLPattern, path

from funding.programmes.views import public

_round = "programmes/<slug:slug>/<slug:round_slug>"
patterns: list[URLPattern] = [
    path("programmes/", public.listing, name="directory"),
    path("programmes/<slug:slug>/", public.detail, name="detail"),
    path(f"{_round}/", public.round_page, name="round"),
    path(f"{_round}/tell-me/", public.tell_me, name="tell-me"),
]
