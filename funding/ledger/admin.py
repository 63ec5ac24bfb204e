from django.contrib import admin

from funding.ledger.models import Account, Entry, Transfer
from funding.office.admin import ReadOnlyAdmin


class TransferInline(admin.TabularInline):
    model = Transfer
    extra = 0
    can_delete = False
    fields = readonly_fields = ["debit", "credit", "amount", "currency"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["kind", "owner", "currency"]
    list_filter = ["kind", "currency"]
    search_fields = ["owner"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "kind", "reference", "memo", "posted_at"]
    list_filter = ["kind"]
    search_fields = ["reference", "memo"]
    date_hierarchy = "occurred_at"
    inlines = [TransferInline]


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "debit", "credit", "amount", "currency", "entry"]
    list_select_related = ["debit", "credit", "entry"]
    search_fields = ["entry__reference"]
