from django.contrib import admin

from funding.projects import editing
from sponsors.companies.models import Company, Membership


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["display_name", "kind", "legal_name", "country", "billing_email", "created_at"]
    list_filter = ["kind", "country"]
    search_fields = ["display_name", "legal_name", "billing_email"]
    inlines = [MembershipInline]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            editing.touch_all()
