"""The real processes, for tests: Stripe's stand-in, gunicorn, and a worker with beat, on SQLite and a
folder for a broker."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL")
PATIENCE = 40  # seconds; on an idle machine nothing takes a third of it
CARD = {
    "paymentMethod": "card", "cardNumber": "4242424242424242", "cardExpiry": "12/34",
    "cardCvc": "123", "billingName": "Ada Example", "billingCountry": "GB",
}  # fmt: skip
FOUNDING = """
import json
from django.conf import settings
from django.test import Client
from tests import factories
company = factories.company(display_name="Kestrel")
client = Client()
client.force_login(company.memberships.get().user)
tiers = [factories.tier(monthly=40000) for _ in range(4)]
print(json.dumps({
    "company": company.pk,
    "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
    "offers": [{"tier": tier.pk, "page": tier.project.get_absolute_url()} for tier in tiers],
}))
"""
# What the books say lies at Stripe.
BOOKED = """
SELECT coalesce(sum(CASE WHEN debit.kind = 'stripe' THEN amount ELSE -amount END), 0)
FROM ledger_transfer
JOIN ledger_account debit ON debit.id = debit_id JOIN ledger_account credit ON credit.id = credit_id
WHERE 'stripe' IN (debit.kind, credit.kind)
"""


@dataclass
class Town:
    """Every process, where it answers and what it is started with."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    founded: dict = field(default_factory=dict)

    def __post_init__(self):
        web, stripe = free_ports(2)
        self.url, self.stripe = f"http://localhost:{web}", f"http://localhost:{stripe}"
        (self.folder / "tmp").mkdir()
        self.commands = {
            "sandbox": ("sandbox", "--port", str(stripe), "--state", f"{self.folder}/stripe"),
            "web": ("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{web}", "--threads", "4",
                    "--no-control-socket"),
            "worker": ("celery", "-A", "config", "worker", "-B", "--pool", "threads", "-c", "2",
                       "--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
        }  # fmt: skip
        self.environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "TMPDIR": f"{self.folder}/tmp",
            "SITE_URL": self.url,
            "DATABASE_URL": f"sqlite:///{self.folder}/site.sqlite3",
            "BROKER_DIR": f"{self.folder}/broker",
            "BEAT_SCHEDULE_FILE": f"{self.folder}/beat",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": f"{self.folder}/mail",
            "STRIPE_SECRET_KEY": "sk_test_processes",
            "STRIPE_API_BASE": self.stripe,
            "STRIPE_PAGES": self.stripe,
            "CLOCK_URL": f"{self.stripe}/_sandbox/clock",
        }

    def start(self, name):
        """In a group of its own, so that all that it starts ends with it."""
        if name not in self.running:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", *self.commands[name]],
                    cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

    def send(self, name, number):
        os.killpg(self.running[name].pid, number)

    def kill(self, name):
        self._end_group(self.running.pop(name))

    def stop(self, name):
        """In order: what it has begun is finished first."""
        self.running[name].terminate()
        self.running[name].wait(PATIENCE)
        self.kill(name)

    def tend(self):
        """Start again what has exited, as everybody who runs a site has something that does."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self._end_group(self.running.pop(name))
                self.start(name)

    def end(self):
        for process in self.running.values():
            self._end_group(process)

    def _end_group(self, process):
        with suppress(ProcessLookupError):  # nobody is left of it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asks(self, question, *values):
        """The one value that the database answers."""
        with closing(sqlite3.connect(f"{self.folder}/site.sqlite3", timeout=20)) as database:
            return database.execute(question, values).fetchone()[0]

    def writes(self, statement):
        with closing(sqlite3.connect(f"{self.folder}/site.sqlite3", timeout=20)) as database:
            database.execute(statement)
            database.commit()

    def eventually(self, question):
        """Wait until `question()` is true; what the processes said, when it never is."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(requests.ConnectionError):  # it is not up yet
                if question():
                    return
            self.tend()
            time.sleep(0.1)
        logs = (f"{log.name}:\n{log.read_text()[-3000:]}" for log in self.folder.glob("*.log"))
        pytest.fail("It never came to be.\n" + "\n".join(logs))

    def answers(self, url):
        return lambda: requests.get(url, timeout=5).status_code == 200


def free_ports(count):
    """Ports that are free now, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def running(folder: Path, tables: Path):
    """Everything started, and a company with tiers to choose from."""
    town = Town(folder)
    try:
        town.start("sandbox")
        shutil.copy(tables, folder / "site.sqlite3")
        town.eventually(town.answers(f"{town.stripe}/_sandbox/clock"))
        said = town.manage("connect_stripe").splitlines()
        town.environment |= dict(line.split("=", 1) for line in said if line.startswith("STRIPE_"))
        town.start("web")
        town.start("worker")
        town.founded = json.loads(town.manage("shell", "--verbosity", "0", "-c", FOUNDING))
        town.eventually(town.answers(f"{town.url}/healthz"))
        yield town
    finally:
        town.end()


@dataclass
class Sponsor:
    """Somebody of the company, who is signed in and has no browser."""

    town: Town
    offer: dict
    payment_page: str = ""

    def chooses(self):
        """On to Stripe's payment page."""
        page = f"{self.town.url}/sponsor/{self.offer['tier']}/"
        token = "x" * 32
        cookies = {"session": self.town.founded["session"], "csrftoken": token}
        sent = {
            "csrfmiddlewaretoken": token, "interval": "month", "month_price": 40000,
            "sponsor": self.town.founded["company"], "visibility": "public",
        }  # fmt: skip
        answer = requests.post(page, sent, cookies=cookies, allow_redirects=False, timeout=30)
        assert answer.status_code == 302, answer.text
        self.payment_page = answer.headers["Location"]

    def pays(self):
        """And does not come back: it is for Stripe to tell us."""
        answer = requests.post(self.payment_page, CARD, allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.text

    def is_active(self):
        found = "SELECT status FROM sponsorships_sponsorship WHERE tier_id = ?"
        return self.town.asks(found, self.offer["tier"]) == "active"

    def is_on_the_wall(self):
        return "Kestrel" in requests.get(self.town.url + self.offer["page"], timeout=5).text


def choosing(town: Town) -> Sponsor:
    """Somebody who stands before Stripe's payment page, for a tier of their own."""
    sponsor = Sponsor(town, town.founded["offers"].pop())
    sponsor.chooses()
    return sponsor


def at_stripe(town, knob, given=None):
    method = "GET" if given is None else "POST"
    answer = requests.request(method, f"{town.stripe}/_sandbox/{knob}", json=given, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()
