from django.urls import path, re_path

from funding.office import views

app_name = "office"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    re_path(
        r"pictures/(?P<digest>[0-9a-f]{32})-(?P<size>[0-9]{2,3})\.(?P<form>webp|png)$",
        views.picture,
        name="picture",
    ),
    path("readyz", views.readyz, name="readyz"),
]
