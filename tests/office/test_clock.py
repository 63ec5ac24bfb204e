"""The clock: one `now()` for the whole site, tied to the world's clock where there is one."""

import json
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from funding.office import clock
from tests.racing import together

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.says)

    def log_message(self, *_):
        pass


@pytest.fixture
def clock_server(settings, monkeypatch):
    """Somebody else's clock, a year ahead."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.says = 0, json.dumps({"offset": YEAR.total_seconds()}).encode()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.CLOCK_URL = f"http://127.0.0.1:{server.server_port}/clock"
    forget(monkeypatch)
    yield server
    server.shutdown()
    server.server_close()


def forget(monkeypatch):
    """As in a process that has just begun."""
    monkeypatch.setattr(clock, "_offset", {"seconds": 0.0, "asked": float("-inf")})


def a_second_later(monkeypatch):
    monkeypatch.setitem(clock._offset, "asked", clock._offset["asked"] - 1)


def ahead():
    """How many whole days the world is ahead of this machine."""
    return round((clock.now() - clock.machine_now()) / timedelta(days=1))


def test_the_machines_time_is_in_utc():
    assert clock.machine_now().tzinfo == UTC


def test_without_a_clock_elsewhere_the_world_is_now():
    assert ahead() == 0


def test_a_stopped_clock_stands_still():
    with clock.stopped_at(NOON):
        assert clock.now() == clock.now() == NOON


def test_a_stopped_clock_goes_on_afterwards():
    with clock.stopped_at(NOON):
        pass

    assert ahead() == 0


def test_a_clock_goes_on_after_an_error():
    with pytest.raises(RuntimeError), clock.stopped_at(NOON):
        raise RuntimeError

    assert ahead() == 0


def test_a_tied_clock_is_asked_each_time():
    hours = iter([1, 2])

    with clock.tied_to(lambda: NOON + timedelta(hours=next(hours))):
        assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON + timedelta(hours=2)


def test_the_inner_of_two_clocks_holds():
    with clock.stopped_at(NOON), clock.stopped_at(NOON + YEAR):
        assert clock.now() == NOON + YEAR


def test_every_thread_has_the_same_time():
    with clock.stopped_at(NOON):
        assert set(together(clock.now, threads=5)) == {NOON}


def test_leases_and_heartbeats_keep_the_machines_time():
    with clock.stopped_at(NOON - 10 * YEAR):
        assert clock.machine_now() > NOON - YEAR


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 5, tzinfo=UTC), date(2026, 3, 5)),
    ],
)
def test_a_day_begins_at_midnight_utc(instant, day):
    with clock.stopped_at(instant):
        assert clock.today() == day


def test_the_worlds_clock_says_how_far_ahead_it_is(clock_server):
    assert ahead() == 365


def test_the_worlds_clock_is_not_asked_for_every_now(clock_server):
    for _ in range(5):
        clock.now()

    assert clock_server.asked == 1


def test_the_worlds_clock_is_asked_again_after_a_second(clock_server, monkeypatch):
    clock.now()
    clock_server.says = b'{"offset": 864000}'

    a_second_later(monkeypatch)

    assert ahead() == 10


def test_while_the_clocks_server_is_gone_what_it_said_last_holds(clock_server, monkeypatch):
    clock.now()
    clock_server.shutdown()
    clock_server.server_close()

    a_second_later(monkeypatch)

    assert ahead() == 365


@pytest.mark.parametrize("nonsense", [b"", b"<html>", b"[]", b"{}", b"null", b'{"offset": null}'])
def test_nonsense_changes_no_clock(clock_server, monkeypatch, nonsense):
    clock.now()
    clock_server.says = nonsense

    a_second_later(monkeypatch)

    assert ahead() == 365


def test_a_server_that_speaks_no_http_changes_no_clock(clock_server, settings, monkeypatch):
    clock.now()
    monkeypatch.setattr(Handler, "do_GET", lambda self: self.wfile.write(b"220 mail\r\n"))

    a_second_later(monkeypatch)

    assert ahead() == 365


def test_a_tied_clock_asks_nobody_else(clock_server):
    with clock.stopped_at(NOON):
        clock.now()

    assert clock_server.asked == 0
