from django.contrib import admin

from funding.office.models import Heartbeat, Lease, Message, Slot, Watermark


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that processes write and people only look at."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "status", "recipients", "written_at", "sent_at", "attempts"]
    list_filter = ["status"]
    search_fields = ["subject", "key", "recipients"]


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "expires_at"]


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    list_display = ["job", "period", "taken_at"]
    list_filter = ["job"]


@admin.register(Watermark)
class WatermarkAdmin(ReadOnlyAdmin):
    list_display = ["name", "read_to"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "beat_at"]
