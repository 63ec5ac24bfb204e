"""Two hundred companies that press the same button at once, over HTTP, for three seats of a programme:
three get one, and the others a clear answer each with the way to the waiting list."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client

from bench import load
from bench.load import Server
from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company, Membership, Paperwork
from sponsors.sponsorships import signing
from sponsors.sponsorships.models import Commitment
from tests.programmes import scenes

SEATS, AT_ONCE, SECONDS = 3, 50, 5.0
SECRET = "b" * 32  # of the form: the same in cookie and header is what it asks for


def run(*, rounds: int, folder: str, size: int = 200) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    racers = list(_racers(size))
    with load.server(workers=4) as server:
        _warm(server, racers)
        for _ in range(rounds):
            _race(server, racers)


def _warm(server: Server, racers: list[tuple[int, str]]) -> None:
    """Every worker has its templates and its connection; nobody takes a seat."""
    call = scenes.call(seats=1)
    scenes.reserved(call)
    requests = [_request(call, *racer) for racer in racers[: AT_ONCE // 2]]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(server.ask, requests))


def _race(server: Server, racers: list[tuple[int, str]]) -> None:
    call = scenes.call(seats=SEATS)
    requests = [_request(call, *racer) for racer in racers]
    connections.close_all()
    worked, begun = server.processor_seconds(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(server.ask, requests))
    took = time.monotonic() - begun
    _say(call, answers, took, server.processor_seconds() - worked)


def _say(call: FundingCall, answers: list[bytes], took: float, worked: float) -> None:
    statuses = Counter(int(answer[9:12]) for answer in answers)
    clear = sum(answer[9:12] == b"409" and b"/wait/" in answer for answer in answers)
    kept = Commitment.objects.live().filter(call=call).count()
    taken = Share.objects.get(call=call).taken
    print(
        f"  {len(answers)} companies for {SEATS} seats: {kept} reserved, {clear} clear answers, "
        f"{took:.1f} seconds ({worked:.1f} of processor time)"
    )
    right = (kept, taken, statuses[302], clear) == (SEATS, SEATS, SEATS, len(answers) - SEATS)
    if not right:
        raise SystemExit(f"  taken: {taken}, answers: {dict(statuses)}")
    print(f"  → within {SECONDS:.0f} seconds: {'reached' if took <= SECONDS else 'MISSED'}")


def _racers(number: int) -> Iterator[tuple[int, str]]:
    """A company to which an invoice can be sent, and the session of the person who acts for it."""
    now = clock.now()
    for one in range(number):
        person = User.objects.create_user(f"racer{one}@example.org")
        company = Company.objects.create(
            kind="organisation", display_name=f"Racer {one}", legal_name=f"Racer {one} Ltd",
            country="GB", slug=f"racer-{one}", billing_email=f"pay{one}@example.org",
            created_at=now - timedelta(days=1),
        )  # fmt: skip
        Membership.objects.create(company=company, user=person, role="owner")
        Paperwork.objects.create(company=company, line1="1 Bell Lane", city="London")
        client = Client()
        client.force_login(person)
        yield company.pk, client.cookies[settings.SESSION_COOKIE_NAME].value


def _request(call: FundingCall, company: int, session: str) -> bytes:
    share, round_ = call.shares.get(), call.round
    body = urlencode(
        {
            "sponsor": company, "pays_by": "invoice", "net_days": 30, "signed_name": "Ada Racer",
            "read": signing.words(share, signing.call_of(share)).digest,
        }
    ).encode()  # fmt: skip
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={SECRET}"
    head = (
        f"POST /programmes/{round_.programme.slug}/{round_.slug}/sponsor/{share.pk}/ HTTP/1.1\r\n"
        f"Host: localhost\r\nConnection: close\r\nCookie: {cookies}\r\nX-CSRFToken: {SECRET}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
