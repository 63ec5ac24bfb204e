from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "funding.office"
    label = "office"
    verbose_name = "Office"
