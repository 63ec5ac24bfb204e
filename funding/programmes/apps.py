from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "funding.programmes"
    label = "programmes"
    verbose_name = "Programmes"
