from django.urls import path

from sponsors.sponsorships import views

app_name = "sponsorships"

urlpatterns = [
    path("sponsorships/", views.mine, name="list"),
    path("sponsorships/<int:sponsorship_id>/", views.detail, name="detail"),
    path("sponsorships/<int:sponsorship_id>/showing/", views.show, name="show"),
    path("maintain/<slug:slug>/owed/<int:fulfilment_id>/done/", views.done, name="done"),
    path("maintain/<slug:slug>/owed/<int:fulfilment_id>/undo/", views.undo, name="undo"),
    path("updates/off/<str:signed>/", views.updates_off, name="updates-off"),
]
