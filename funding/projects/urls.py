"""What there is to fund, and for each project the desk of those who run it."""

from django.urls import path

from funding.projects.views import desk, public

app_name = "projects"

urlpatterns = [
    path("", public.home, name="home"),
    path("projects/", public.directory, name="directory"),
    path("projects/<slug:slug>/", public.detail, name="detail"),
    path("projects/<slug:slug>/updates/<int:update_id>/", public.update, name="update"),
    path("maintain/", desk.mine, name="maintain"),
    path("maintain/<slug:slug>/", desk.home, name="desk"),
]

# What a project's page says and offers.
urlpatterns += []

# Money, people, updates, and its end.
urlpatterns += []
