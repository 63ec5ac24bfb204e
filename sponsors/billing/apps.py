from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "sponsors.billing"
    label = "billing"
    verbose_name = "Billing"
