from django.contrib import admin, messages

from funding.office.admin import ReadOnlyAdmin
from sponsors.billing import inbox, wrong_drafts
from sponsors.billing.models import (
    Asked,
    BankReturn,
    Call,
    Checkout,
    CreditNote,
    Customer,
    Deferral,
    Dispute,
    Event,
    Invoice,
    Movement,
    Payment,
    Price,
    Refund,
    Subscription,
    WrongDraft,
)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["kind", "root", "status", "attempts", "created_at", "error"]
    list_filter = ["status", "kind"]
    search_fields = ["stripe_id", "root", "object_id"]
    actions = ["try_again"]

    @admin.action(description="Try again now", permissions=["view"])
    def try_again(self, request, queryset):
        messages.info(request, f"{inbox.replay(queryset)} will be tried within some seconds.")


class TypedElsewhere(admin.SimpleListFilter):
    title = parameter_name = "elsewhere"

    def lookups(self, request, model_admin):
        return [("yes", "An address was typed at Stripe")]

    def queryset(self, request, queryset):
        return queryset.typed_elsewhere() if self.value() else queryset


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ["company", "currency", "livemode", "stripe_id", "elsewhere"]
    list_filter = [TypedElsewhere]
    search_fields = ["stripe_id", "company__display_name"]


@admin.register(Price)
class PriceAdmin(ReadOnlyAdmin):
    list_display = ["tier", "interval", "amount", "currency", "livemode", "stripe_id"]
    search_fields = ["stripe_id"]


@admin.register(Checkout)
class CheckoutAdmin(ReadOnlyAdmin):
    list_display = ["sponsorship", "status", "created_at", "expires_at", "stripe_id"]
    list_filter = ["status"]
    search_fields = ["stripe_id"]


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["sponsorship", "status", "period_ends_at", "stripe_id"]
    list_filter = ["status"]
    search_fields = ["stripe_id", "item_id"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["number", "sponsorship", "status", "net", "tax", "currency", "created_at"]
    list_filter = ["status", "currency"]
    search_fields = ["stripe_id", "number"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["payment_intent", "invoice", "balance_transaction", "failure"]
    search_fields = ["payment_intent", "balance_transaction"]


@admin.register(Deferral)
class DeferralAdmin(ReadOnlyAdmin):
    list_display = ["invoice", "amount", "released", "months", "next_at"]


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ["purpose", "subject", "attempt", "status", "asked_at", "stripe_id", "error"]
    list_filter = ["status", "purpose"]
    search_fields = ["subject", "stripe_id", "uuid"]


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnlyAdmin):
    list_display = ["number", "invoice", "status", "net", "tax", "before_payment", "created_at"]
    search_fields = ["stripe_id", "number"]


@admin.register(Asked)
class AskedAdmin(ReadOnlyAdmin):
    list_display = ["payment", "amount", "by", "at", "status", "ends", "ended_at"]
    list_filter = ["status"]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["stripe_id", "payment", "amount", "tax", "status", "failure", "created_at"]
    list_filter = ["status"]
    search_fields = ["stripe_id", "payment__payment_intent"]


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ["stripe_id", "payment", "amount", "status", "reason", "due_by", "closed_at"]
    list_filter = ["status", "reason"]
    search_fields = ["stripe_id", "payment__payment_intent"]


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ["stripe_id", "payment", "net", "tax", "surplus", "fee", "settled", "at"]
    search_fields = ["stripe_id", "payment__payment_intent"]


@admin.register(BankReturn)
class BankReturnAdmin(ReadOnlyAdmin):
    list_display = ["bank_payment", "net", "tax", "why", "promised_at", "sent_on", "reference"]
    search_fields = ["reference", "bank_payment__invoice__number"]


@admin.register(WrongDraft)
class WrongDraftAdmin(ReadOnlyAdmin):
    list_display = ["stripe_id", "commitment", "words", "found_at", "looked_at"]
    actions = ["look_again"]

    @admin.action(description="Look again now", permissions=["view"])
    def look_again(self, request, queryset):
        messages.info(
            request, f"{wrong_drafts.look_again(queryset)} will be looked at within a minute."
        )
