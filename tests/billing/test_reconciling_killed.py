"""A comparison whose process is killed in the middle, as by `kill -9`: in a process of its own, on a
database that both see."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Somebody paid and no webhook came. Then comparing begins, and never gets past its second list.
HANGS = """
import time
from tests import world, scenarios
from django.test.utils import override_settings
from sponsors.billing import combing, reconciling
with override_settings(STRIPE_HTTP_CLIENT="tests.world.client"), world.engine() as engine:
    scenarios.chosen()
    listed = combing.Comb.listed
    def hang(self, topic, asked):
        if topic.name == "invoices":
            print("in the middle", flush=True)
            time.sleep(600)
        return listed(self, topic, asked)
    combing.Comb.listed = hang
    reconciling.run(since=None, tell=lambda line: None)
"""
AGAIN = """
from tests import world
from django.test.utils import override_settings
from funding.office.models import Lease
from sponsors.billing import reconciling
from sponsors.billing.models import Reconciliation
with override_settings(STRIPE_HTTP_CLIENT="tests.world.client"), world.engine():
    reconciling.ask_once()
    assert reconciling.run_waiting() is None  # the dead one's lease has not run out
    Lease.objects.update(expires_at="2020-01-01T00:00:00Z")
    reconciling.run_waiting()
    print([row.status for row in Reconciliation.objects.order_by("id")])
"""


def environment(folder):
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "BROKER_DIR": f"{folder}/broker",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def python(folder, *given):
    return subprocess.Popen(
        [sys.executable, *given], cwd=ROOT, env=environment(folder), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def said(folder, *given):
    done = python(folder, *given)
    out, _ = done.communicate(timeout=100)
    assert done.returncode == 0, out
    return out


def script(text):
    return f"import django; django.setup()\n{text}"


def test_a_killed_comparison_is_marked_by_the_next_which_begins_anew(tmp_path, tables):
    shutil.copy(tables, tmp_path / "site.sqlite3")
    victim = python(tmp_path, "-c", script(HANGS))
    until = time.monotonic() + 60
    while time.monotonic() < until and "in the middle" not in (victim.stdout.readline() or "x"):
        pass
    victim.send_signal(signal.SIGKILL)
    victim.communicate(timeout=10)
    with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as database:
        (status,) = database.execute("SELECT status FROM billing_reconciliation").fetchone()
    assert status == "running"

    assert said(tmp_path, "-c", script(AGAIN)).splitlines()[-1] == "['broken_off', 'done']"
