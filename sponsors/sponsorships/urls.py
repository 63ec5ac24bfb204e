from django.urls import path

from sponsors.sponsorships import views

app_name = "sponsorships"

urlpatterns = [
    path("sponsorships/", views.mine, name="list"),
    path("sponsorships/<int:sponsorship_id>/", views.detail, name="detail"),
    path("sponsorships/<int:sponsorship_id>/showing/", views.show, name="show"),
]
