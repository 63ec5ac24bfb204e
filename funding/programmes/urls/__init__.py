"""What can be looked at and done in programmes, by who does it."""

from funding.programmes.urls import applying, desk, public, reviewing, running

app_name = "programmes"
urlpatterns = [
    *public.patterns,
    *desk.patterns,
    *applying.patterns,
    *reviewing.patterns,
    *running.patterns,
]
