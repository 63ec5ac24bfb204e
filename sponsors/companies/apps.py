from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "sponsors.companies"
    label = "companies"
    verbose_name = "Companies"
