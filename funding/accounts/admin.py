from allauth.mfa import admin as _mfa  # noqa: F401  registers what is taken back below
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as _socialaccount  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as _usersessions  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from funding.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    search_fields = ["email", "name"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("When", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]


# allauth's own pages show keys, and let staff write what only a device can make.
for model in (Authenticator, UserSession, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)


class Seen(admin.ModelAdmin):
    """Looked at, and removed for people who ask: who lost their telephone and their codes."""

    search_fields = ["user__email", "user__name"]
    list_select_related = ["user"]

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_add_permission(self, request):
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(Seen):
    fields = list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]


@admin.register(SocialAccount)
class SocialAccountAdmin(Seen):
    fields = list_display = ["user", "provider", "uid", "date_joined", "last_login"]
    list_filter = ["provider"]


@admin.register(UserSession)
class UserSessionAdmin(Seen):
    fields = list_display = ["user", "created_at", "ip", "user_agent"]

    def delete_model(self, request, obj):
        obj.end()

    def delete_queryset(self, request, queryset):
        for session in queryset:
            session.end()
