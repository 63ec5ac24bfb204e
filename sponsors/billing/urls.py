"""What a payer can do, and Stripe's door."""

from django.urls import path

from sponsors.billing import views

app_name = "billing"

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("sponsor/<int:tier_id>/", views.start_checkout, name="start-checkout"),
    path("sponsorships/<int:sponsorship_id>/paid/", views.paid, name="paid"),
    path("sponsorships/<int:sponsorship_id>/left/", views.left, name="left"),
    path("sponsorships/<int:sponsorship_id>/let-go/", views.let_go, name="let-go"),
    path("sponsorships/<int:sponsorship_id>/cancel/", views.cancel, name="cancel"),
    path("sponsorships/<int:sponsorship_id>/undo/", views.undo, name="undo"),
    path("sponsorships/<int:sponsorship_id>/portal/", views.portal, name="portal"),
    path("stripe/webhook/", views.stripe_webhook, name="stripe-webhook"),
]
