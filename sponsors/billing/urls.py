"""What a payer can do, and Stripe's door."""

from django.urls import path

from sponsors.billing.views import explaining, ordering, papers, paying, webhook
from sponsors.billing.views.staff import home, invoices, reconciliation

app_name = "billing"

urlpatterns = [
    path("help/", explaining.help_page, name="help"),
    path("sponsor/<int:tier_id>/", paying.start_checkout, name="start-checkout"),
    path("sponsorships/<int:sponsorship_id>/paid/", paying.paid, name="paid"),
    path("sponsorships/<int:sponsorship_id>/ordered/", ordering.ordered, name="ordered"),
    path("sponsorships/<int:sponsorship_id>/po/", ordering.po_number, name="po-number"),
    path("sponsorships/<int:sponsorship_id>/left/", paying.left, name="left"),
    path("sponsorships/<int:sponsorship_id>/let-go/", paying.let_go, name="let-go"),
    path("sponsorships/<int:sponsorship_id>/cancel/", paying.cancel, name="cancel"),
    path("sponsorships/<int:sponsorship_id>/undo/", paying.undo, name="undo"),
    path("sponsorships/<int:sponsorship_id>/portal/", paying.portal, name="portal"),
    path("documents/<slug:document_id>.pdf", papers.document, name="document"),
    path("staff/", home.home, name="staff"),
    path("staff/invoices/", invoices.invoices, name="staff-invoices"),
    path("staff/invoices/<int:invoice_id>/money/", invoices.money, name="staff-money"),
    path("staff/invoices/<int:invoice_id>/write-off/", invoices.write_off, name="write-off"),
    path("staff/reconciliation/", reconciliation.report, name="staff-reconciliation"),
    path("staff/reconciliation/run/", reconciliation.run, name="staff-reconcile"),
    path("stripe/webhook/", webhook.stripe_webhook, name="stripe-webhook"),
]
