from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "funding.projects"
    label = "projects"
    verbose_name = "Projects"
