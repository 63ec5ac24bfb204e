from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "funding.accounts"
    label = "accounts"
    verbose_name = "Accounts"
