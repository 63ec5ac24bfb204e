"""Every address of the site, by app."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# The admin asks for nothing by itself: who is not signed in goes through the site's own sign-in,
# with its limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("funding.office.urls")),
    path("", include("funding.projects.urls")),
    path("", include("funding.programmes.urls")),
    path("", include("config.company_urls")),
    path("", include("sponsors.sponsorships.urls")),
    path("", include("sponsors.billing.urls")),
    path("accounts/", include("funding.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
