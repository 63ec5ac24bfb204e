"""One settings file: defaults that work after a clone, and a production that insists."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "MAINSTAY_ENV": "production", "SECRET_KEY": "abcdefghij" * 6, "SITE_URL": "https://mainstay.example",
    "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRETS": "whsec_1",
    "ALLOWED_HOSTS": "mainstay.example", "SELLER_NAME": "Mainstay Ltd", "SELLER_TAX_ID": "none",
    "SELLER_ADDRESS": "1 Rope Walk; Bristol", "SELLER_EMAIL": "invoices@mainstay.example",
}  # fmt: skip


def start(tmp_path, **environment):
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    places = {"DATABASE_URL": f"sqlite:///{tmp_path}/db", "BROKER_DIR": str(tmp_path / "broker")}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR, env={**keep, **places, **environment},
        capture_output=True, text=True,
    )  # fmt: skip


def test_production_with_everything_set_passes_djangos_own_deployment_check(tmp_path):
    run = start(tmp_path, **GOOD)

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": ""}, "fewer than 50"),
        ({"CLOCK_URL": "http://localhost:1/clock"}, "CLOCK_URL is set"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY is not set"),
        ({"STRIPE_WEBHOOK_SECRETS": ""}, "STRIPE_WEBHOOK_SECRETS is not set"),
        ({"SITE_URL": "http://mainstay.example"}, "https://"),
        ({"STRIPE_API_BASE": "http://localhost:12111"}, "STRIPE_API_BASE"),
        ({"STRIPE_HTTP_CLIENT": "tests.world.client"}, "STRIPE_HTTP_CLIENT"),
        ({"ROOT_URLCONF": "demo.urls"}, "ROOT_URLCONF"),
        ({"SELLER_NAME": ""}, "SELLER_NAME is not set"),
        ({"SELLER_TAX_ID": " "}, "SELLER_TAX_ID is not set"),
        ({"DEBUG": "perhaps"}, "say 1 or 0"),
    ],
)
def test_production_refuses_to_start_and_says_why(tmp_path, change, words):
    run = start(tmp_path, **{**GOOD, **change})

    assert run.returncode != 0
    assert words in run.stderr


def test_production_refuses_the_development_secret(tmp_path):
    without = {name: value for name, value in GOOD.items() if name != "SECRET_KEY"}

    run = start(tmp_path, **without)

    assert "development secret" in run.stderr
