from django.urls import path

from sponsors.sponsorships import seat_views, views

app_name = "sponsorships"

_round = "programmes/<slug:slug>/<slug:round_slug>"
urlpatterns = [
    path("sponsorships/", views.mine, name="list"),
    path("sponsorships/<int:sponsorship_id>/", views.detail, name="detail"),
    path("sponsorships/<int:sponsorship_id>/showing/", views.show, name="show"),
    path("commitments/<int:commitment_id>/", seat_views.commitment, name="commitment"),
    path("commitments/<int:commitment_id>/withdraw/", seat_views.withdraw, name="withdraw-seat"),
    path("commitments/<int:commitment_id>/po/", seat_views.po_number, name="seat-po"),
    path("commitments/<int:commitment_id>/name/", seat_views.show_name, name="seat-name"),
    path(f"{_round}/wait/", seat_views.wait, name="wait"),
    path(f"{_round}/badge.svg", seat_views.badge, name="badge"),
    path("maintain/<slug:slug>/owed/<int:fulfilment_id>/done/", views.done, name="done"),
    path("maintain/<slug:slug>/owed/<int:fulfilment_id>/undo/", views.undo, name="undo"),
    path("updates/off/<str:signed>/", views.updates_off, name="updates-off"),
]
