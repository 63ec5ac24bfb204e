"""Every address of the site, by app."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("funding.office.urls")),
    path("", include("funding.projects.urls")),
    path("", include("sponsors.sponsorships.urls")),
    path("", include("sponsors.billing.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
