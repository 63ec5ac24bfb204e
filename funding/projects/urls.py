from django.urls import path

from funding.projects import views

app_name = "projects"

urlpatterns = [
    path("", views.home, name="home"),
    path("projects/", views.directory, name="directory"),
    path("projects/<slug:slug>/", views.detail, name="detail"),
    path("projects/<slug:slug>/updates/<int:update_id>/", views.update, name="update"),
]
