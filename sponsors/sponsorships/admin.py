from django.contrib import admin

from funding.office.admin import ReadOnlyAdmin
from sponsors.sponsorships.models import Change, Fulfilment, Move, Sponsorship


class MoveInline(admin.TabularInline):
    model = Move
    extra = 0
    can_delete = False
    fields = readonly_fields = ["at", "before", "after", "cause"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Sponsorship)
class SponsorshipAdmin(ReadOnlyAdmin):
    list_display = [
        "company",
        "project",
        "tier_name",
        "status",
        "amount",
        "currency",
        "paid_through",
    ]
    list_select_related = ["company", "project"]
    list_filter = ["status", "interval"]
    search_fields = ["company__display_name", "project__name"]
    inlines = [MoveInline]


@admin.register(Move)
class MoveAdmin(ReadOnlyAdmin):
    list_display = ["at", "sponsorship", "before", "after", "cause"]
    list_select_related = ["sponsorship__company", "sponsorship__project"]
    search_fields = ["cause", "sponsorship__company__display_name"]


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = [
        "sponsorship",
        "tier_name",
        "interval",
        "amount",
        "status",
        "due_at",
        "outcome",
    ]
    list_select_related = ["sponsorship__company", "sponsorship__project"]
    list_filter = ["status", "at_once"]
    search_fields = ["sponsorship__company__display_name", "sponsorship__project__name"]


@admin.register(Fulfilment)
class FulfilmentAdmin(ReadOnlyAdmin):
    list_display = ["text", "kind", "sponsorship", "due_on", "done_at", "done_by"]
    list_select_related = ["sponsorship__company", "sponsorship__project", "done_by"]
    list_filter = ["kind"]
    search_fields = ["text", "sponsorship__company__display_name", "sponsorship__project__name"]
