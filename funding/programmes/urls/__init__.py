"""What can be looked at and done in programmes, by who does it."""

from funding.programmes.urls import applying, desk, public, reviewing, running

app_name = "programmes"
urlpatterns = [
    *applying.patterns,
    *reviewing.patterns,
    *running.patterns,
    *desk.patterns,  # its and the public addresses may be any name, so they are looked at last
    *public.patterns,
]
