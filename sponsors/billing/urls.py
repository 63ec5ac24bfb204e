"""What a payer can do, and Stripe's door."""

from django.urls import path

from sponsors.billing.views import (
    changing,
    explaining,
    mending,
    ordering,
    papers,
    paying,
    received,
    seats,
    webhook,
)
from sponsors.billing.views.staff import events, home, invoices, reconciliation, returns, rounds

app_name = "billing"

urlpatterns = [
    path("help/", explaining.help_page, name="help"),
    path(
        "programmes/<slug:slug>/<slug:round_slug>/sponsor/<int:share_id>/",
        seats.take_seat,
        name="take-seat",
    ),
    path("commitments/<int:commitment_id>/card/", seats.card, name="seat-card"),
    path("commitments/<int:commitment_id>/saved/", seats.card_saved, name="card-saved"),
    path("commitments/<int:commitment_id>/left/", seats.card_left, name="card-left"),
    path("sponsor/<int:tier_id>/", paying.start_checkout, name="start-checkout"),
    path("sponsorships/<int:sponsorship_id>/paid/", paying.paid, name="paid"),
    path("sponsorships/<int:sponsorship_id>/ordered/", ordering.ordered, name="ordered"),
    path("sponsorships/<int:sponsorship_id>/po/", ordering.po_number, name="po-number"),
    path("sponsorships/<int:sponsorship_id>/left/", paying.left, name="left"),
    path("sponsorships/<int:sponsorship_id>/let-go/", paying.let_go, name="let-go"),
    path("sponsorships/<int:sponsorship_id>/cancel/", paying.cancel, name="cancel"),
    path("sponsorships/<int:sponsorship_id>/undo/", paying.undo, name="undo"),
    path("sponsorships/<int:sponsorship_id>/change/", changing.change, name="change"),
    path(
        "sponsorships/<int:sponsorship_id>/change/<int:tier_id>/<slug:interval>/",
        changing.change_to,
        name="change-to",
    ),
    path(
        "sponsorships/<int:sponsorship_id>/change/take-back/",
        changing.take_back,
        name="take-back",
    ),
    path("sponsorships/<int:sponsorship_id>/pause/", changing.pause, name="pause"),
    path("sponsorships/<int:sponsorship_id>/resume/", changing.resume, name="resume"),
    path("sponsorships/<int:sponsorship_id>/portal/", paying.portal, name="portal"),
    path("sponsorships/<int:sponsorship_id>/mend/", mending.mend, name="mend"),
    path("sponsorships/<int:sponsorship_id>/again/", mending.again, name="again"),
    path("documents/<slug:document_id>.pdf", papers.document, name="document"),
    path("staff/", home.home, name="staff"),
    path("staff/events/", events.dead, name="staff-events"),
    path("staff/events/again/", events.again, name="staff-events-again"),
    path("staff/invoices/", invoices.invoices, name="staff-invoices"),
    path("staff/invoices/<int:invoice_id>/money/", invoices.money, name="staff-money"),
    path("staff/invoices/<int:invoice_id>/sent-back/", invoices.sent_back, name="sent-back"),
    path("staff/invoices/<int:invoice_id>/write-off/", invoices.write_off, name="write-off"),
    path("staff/payments/", returns.payments, name="staff-payments"),
    path("staff/payments/<int:payment_id>/", returns.payment, name="staff-payment"),
    path("staff/payments/<int:payment_id>/refund/", returns.refund, name="staff-refund"),
    path("staff/disputes/", returns.disputes, name="staff-disputes"),
    path("staff/disputes/<int:dispute_id>/", returns.dispute, name="staff-dispute"),
    path("staff/disputes/<int:dispute_id>/end/", returns.end_disputed, name="end-disputed"),
    path("staff/disputes/<int:dispute_id>/go-on/", returns.let_go_on, name="dispute-goes-on"),
    path("maintain/<slug:slug>/received/", received.received, name="received"),
    path(
        "maintain/<slug:slug>/received/<int:payment_id>/refund/",
        received.refund,
        name="refund-received",
    ),
    path("staff/rounds/", rounds.forgotten, name="staff-rounds"),
    path("staff/reconciliation/", reconciliation.report, name="staff-reconciliation"),
    path("staff/reconciliation/run/", reconciliation.run, name="staff-reconcile"),
    path("stripe/webhook/", webhook.stripe_webhook, name="stripe-webhook"),
]
