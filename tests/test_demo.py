"""The demo: its year, its mailbox, and its processes, each on a small scale."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command

from demo import (
    applying,
    bridge,
    cast,
    founding,
    history,
    insisting,
    months,
    overview,
    rounds,
    timetable,
    written,
)
from demo.__main__ import arguments
from demo.cast import Pledge
from demo.folder import Folder
from demo.processes import Child, Supervisor
from demo.programmes import ROUNDS, RUNS
from demo.projects import HARBOUR, HEDGEROW, PROJECTS
from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from funding.office.models import Message
from funding.programmes import phases
from funding.programmes.models import Round
from funding.projects.models import PaymentOut, Project
from sandbox.engine import Engine
from sponsors.sponsorships.models import Commitment, Sponsorship, Status
from tests.programmes import scenes

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
FEW = [
    Pledge(4, "kestrel", "harbour-rest", "Premium", "year"),
    Pledge(5, "terrapin", "hedgerow", "Basic", then=((188, "cancel"),)),
    Pledge(44, "tern", "harbour-rest", "Professional", pays="asked"),
    Pledge(52, "larkspur", "harbour-rest", "Basic", then=((230, "fail"),)),
]


@pytest.fixture
def live(db, settings):
    """So many days of so few, and Stripe as it is then."""
    settings.STRIPE_HTTP_CLIENT = "demo.bridge.client"
    engine = Engine(seed="few", now=int(history.first_day(NOW).timestamp()))

    def through(days, *projects):
        year = history.Year(opened, cast.SPONSORS, seed="few")
        for funded in projects:
            year.project(funded)
        for pledge in FEW:
            if pledge.day < days and pledge.project in {funded.slug for funded in projects}:
                year.pledge(pledge)
        if len(projects) > 2:
            founding.staff(year.beginning)
            rounds.plan(year)
        until = year.beginning + timedelta(days=days)
        year.walk(until, lambda at: None)
        year.finish(until)
        return opened

    with bridge.opened(engine) as opened:
        bridge.connect()
        yield through


def test_most_of_a_year_of_few_leaves_books_that_are_right(live):
    insisting.right(live(275, HARBOUR, HEDGEROW))
    call_command("check_books")

    assert list(Sponsorship.objects.order_by("id").values_list("status", flat=True)) == [
        Status.ACTIVE,
        Status.CANCELLED,
        Status.ACTIVE,
        Status.LAPSED,
    ]
    assert PaymentOut.objects.exists()
    hedgerow = Project.objects.get(slug="hedgerow")
    held = balances.of(posting.project(hedgerow.pk, Account.Kind.HELD), "USD")
    assert hedgerow.status == Project.Status.ARCHIVED
    assert not held
    history.leave_newest_mails()
    assert Message.objects.waiting().count() == history.MAILS_LEFT


def test_months_later_stripe_and_the_books_still_agree(live, capsys):
    months.walk(live(6, HARBOUR), 2, lambda at: None)

    call_command("check_books")
    call_command("reconcile")
    assert "Stripe and the books agree to the cent." in capsys.readouterr().out


def test_the_demos_programmes_come_through_their_year_and_show_every_state(
    live, capsys, monkeypatch
):
    monkeypatch.setattr(applying, "CROWD", 30)
    hosts = {one for run in RUNS for one in (run.project, *run.with_projects)}

    opened = live(365, *[replace(one, gifts=()) for one in PROJECTS if one.slug in hosts])

    insisting.right(opened)
    insisting.complete_programmes()
    call_command("check_books")
    call_command("reconcile")
    assert "Stripe and the books agree to the cent." in capsys.readouterr().out
    assert seats("Two newcomers, two mentors, fourteen weeks") == ["paid", "paid", "paid"]
    assert seats("Two fellows on the odd servers of this world") == ["released", "expired"]
    assert seats("Four fellows, five months, HTTP/3 without a flag") == [
        "paid", "paid", "failed", "paid", "paid", "paid",
    ]  # fmt: skip


def seats(title):
    rows = Commitment.objects.filter(call__round__title=title).order_by("id")
    return list(rows.values_list("status", flat=True))


def test_the_plan_has_a_round_in_each_phase_when_the_year_is_over():
    days = [one.phases for one in ROUNDS]
    on = {kind for of_it in days for kind, (first, last) in of_it.items() if first <= 364 < last}

    assert on == {kind.value for kind in phases.ORDER}
    assert any(one.draft for one in ROUNDS)
    assert all(set(one.phases) <= on for one in ROUNDS)
    assert {one.run for one in ROUNDS} == {one.key for one in RUNS}
    assert {one.project for one in RUNS} <= {one.slug for one in PROJECTS}
    assert {seat.sponsor for one in ROUNDS for seat in one.taken} <= {
        one.key for one in cast.SPONSORS
    }


def test_somebody_who_applies_is_called_and_writes_the_same_each_time():
    people = [written.Somebody(number) for number in range(1000, 2000)]

    assert len({one.name for one in people}) == 1000
    assert people[5].fixed() == written.Somebody(1005).fixed()
    assert len(people[5].answers(written.QUESTIONS)) == 20


@pytest.mark.django_db
def test_after_its_last_phase_a_round_is_said_to_be_after_it():
    made = scenes.round_(during="closing")
    ended = made.phases.get(kind="closing").ends_at
    again = Round.objects.prefetch_related("phases").get(pk=made.pk)

    assert overview.state(again, clock.now())[1] == "Closing"
    assert overview.state(again, ended)[1] == "After closing"
    assert overview.state(again, again.phases.all()[0].starts_at - timedelta(1))[1] == (
        "Before funding"
    )


@pytest.mark.django_db
def test_the_overview_says_whom_to_be_and_where_each_round_is(client, settings):
    settings.ROOT_URLCONF = "demo.urls"
    open_ = scenes.round_(scenes.programme(name="Seen"), during="review")
    draft = scenes.round_(scenes.programme(name="Kept"), status="draft")

    page = client.get("/demo/").content.decode()

    assert all(one.email in page for one in cast.PEOPLE)
    assert f'href="{open_.get_absolute_url()}"' in page
    assert draft.get_absolute_url() not in page
    assert [one.phase for one in overview.shown(clock.now())] == ["Draft", "Review"]


def test_a_year_that_differs_from_stripe_is_refused(db, settings, monkeypatch):
    settings.STRIPE_HTTP_CLIENT = "demo.bridge.client"
    with bridge.opened(Engine(seed="few")) as opened:
        monkeypatch.setattr(opened.engine, "truth", lambda: {"currencies": {"gbp": 1}})

        with pytest.raises(insisting.HistoryIsWrong, match="which has 1"):
            insisting.right(opened)


def test_a_day_of_the_year_runs_all_jobs_but_those_that_are_named(settings):
    schedule = settings.CELERY_BEAT_SCHEDULE

    assert schedule.keys() >= timetable.LEFT_OUT
    assert len(timetable.jobs()) == len(schedule) - len(timetable.LEFT_OUT)


def test_another_address_keeps_the_endpoint_and_its_secret(db, settings):
    settings.STRIPE_HTTP_CLIENT = "demo.bridge.client"
    with bridge.opened(Engine(seed="few")) as opened:
        settings.SITE_URL = "http://localhost:8000"
        first = bridge.connect()
        settings.SITE_URL = "http://localhost:9000"
        second = bridge.connect()

    endpoints = opened.engine.account.store.kinds["webhook_endpoint"].values()
    assert [one["url"] for one in endpoints] == ["http://localhost:9000/stripe/webhook/"]
    assert second["STRIPE_WEBHOOK_SECRETS"] == first["STRIPE_WEBHOOK_SECRETS"]
    assert second["STRIPE_PORTAL_CONFIGURATION"] != first["STRIPE_PORTAL_CONFIGURATION"]


def test_every_pledge_names_people_projects_and_tiers_that_are_there():
    tiers = {(one.slug, offer.name) for one in PROJECTS for offer in one.offers}

    assert {pledge.sponsor for pledge in cast.PLEDGES} <= {one.key for one in cast.SPONSORS}
    assert {(pledge.project, pledge.tier) for pledge in cast.PLEDGES} <= tiers
    assert {path.stem for path in founding.UPDATES.glob("*.md")} <= {one.slug for one in PROJECTS}


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.ROOT_URLCONF = "demo.urls"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return get_connection("demo.mailbox.Backend", file_path=str(tmp_path))


@pytest.mark.django_db
def test_the_mailbox_shows_a_mail_with_its_links(client, mailbox):
    text = "Your code is QX4-TNB <b>.\n\nhttp://localhost:8000/accounts/login/\n"
    with clock.stopped_at(datetime(2031, 5, 6, 7, 8, tzinfo=UTC)):
        EmailMessage("Sign-in code: QX4", text, None, ["a@b.example"], connection=mailbox).send()

    listed = client.get("/mailbox/")
    link = listed.content.decode().split('href="/mailbox/')[1].split('"')[0]
    shown = client.get(f"/mailbox/{link}").content.decode()

    assert "Sign-in code: QX4" in listed.content.decode()
    assert "6 May 2031, 07:08 UTC" in listed.content.decode()
    assert "QX4-TNB &lt;b&gt;." in shown
    assert 'href="http://localhost:8000/accounts/login/"' in shown


@pytest.mark.django_db
def test_an_empty_mailbox_says_so_and_an_unknown_mail_is_not_there(client, mailbox):
    assert "No mail yet" in client.get("/mailbox/").content.decode()
    assert client.get("/mailbox/nothing-0/").status_code == 404


def test_arguments_have_defaults_and_a_port_is_a_port(capsys):
    assert (arguments([]).port, arguments([]).fresh) == (8000, False)
    assert arguments(["--port", "8300", "--fresh"]).port == 8300
    for wrong in ("0", "65535", "x"):
        with pytest.raises(SystemExit):
            arguments(["--port", wrong])


def test_forgetting_touches_only_what_is_the_demos(tmp_path):
    folder = Folder(tmp_path)
    folder.make()
    folder.write_settings({"SITE_URL": "http://localhost:8000"})
    folder.database.touch()
    (tmp_path / "thesis.txt").touch()

    folder.forget()

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_port_that_is_asked_for_wins_over_the_one_that_is_kept(tmp_path):
    folder = Folder(tmp_path)
    folder.write_settings({"SITE_URL": "http://localhost:8000", "STRIPE_WEBHOOK_SECRETS": "whsec"})

    environment = folder.environment(9000)

    assert environment["SITE_URL"] == "http://localhost:9000"
    assert environment["STRIPE_API_BASE"] == "http://127.0.0.1:9001"
    assert environment["STRIPE_WEBHOOK_SECRETS"] == "whsec"


def test_a_child_that_exits_is_started_again_and_all_are_stopped(tmp_path):
    child = Child("server", ("http.server", "0", "--bind", "127.0.0.1"), tmp_path / "log")
    told: list[str] = []
    supervisor = Supervisor(os.environ, tell=told.append)
    supervisor.start(child)
    first = child.process.pid

    os.kill(first, signal.SIGKILL)
    assert within(5, lambda: supervisor.look() or (child.runs and child.process.pid != first))
    second = child.process.pid
    supervisor.stop()

    assert "server has exited" in told[0]
    assert not alive(first)
    assert not alive(second)


def test_children_end_when_the_demo_is_killed(tmp_path):
    code = (
        "import os, time; from pathlib import Path\n"
        "from demo.processes import Child, Supervisor\n"
        f"child = Child('server', ('http.server', '0'), Path({str(tmp_path / 'log')!r}))\n"
        "Supervisor(os.environ).start(child); print(child.process.pid, flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as demo:
        pid = int(demo.stdout.readline())
        time.sleep(0.3)
        demo.kill()

    assert within(5, lambda: not alive(pid))


def within(seconds, holds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def alive(pid):
    stat = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False
