from django.contrib import admin

from funding.office.admin import ReadOnlyAdmin
from sponsors.sponsorships.models import Move, Sponsorship


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
