"""A real browser, before the real pages of the site and of Stripe: two servers that know each other,
both in the tests' own process, so that a test can look behind the pages and move the clock."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from sandbox import deliveries
from sandbox.engine import Engine
from sandbox.server import Server
from tests import world
from tests.browser.watching import Watch

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 10_000  # milliseconds for anything to appear
WINDOW = {"width": 1280, "height": 900}
ACTS_BY_ITSELF = "document.querySelector('script, meta[http-equiv=refresh]') !== null"


@dataclass(frozen=True)
class Site:
    """Where the site answers, and Stripe behind it."""

    url: str
    engine: Engine

    def at(self, path: str) -> str:
        return self.url + path

    @property
    def stripe(self) -> str:
        return self.engine.address


def pytest_itemcollected(item: pytest.Item) -> None:
    """`-k recovery` finds the moment in which there is such a state."""
    if moment := getattr(item, "callspec", None) and item.callspec.params.get("moment"):
        item.extra_keyword_matches.update(moment.states)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests here, and gone after them: its loop would be in the way of others'."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        said = "NO CHROMIUM HERE: what people see in a browser is NOT tested."
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def hosted() -> Iterator[Server]:
    """Stripe's hosted pages, on a port of their own: one server for all, with nobody's account
    behind it until a test puts its own there."""
    server = Server(Engine(seed="nobody"), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.address:
        assert time.monotonic() < until, "The sandbox does not start."
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def site(transactional_db, live_server, settings, hosted) -> Iterator[Site]:
    cache.clear()  # the limits of who asks for too many codes
    settings.SITE_URL = live_server.url
    with world.engine() as engine, served(engine, hosted):
        settings.CONTENT_SECURITY_POLICY = forms_may_lead_to(engine.address)
        yield Site(live_server.url, engine)
        assert engine.rejections == []


@contextmanager
def served(engine: Engine, hosted: Server) -> Iterator[None]:
    """This account is behind Stripe's pages, and what it tells goes over the line."""
    behind, nobody = hosted.config.app, hosted.engine
    engine.address = hosted.address
    engine.post = deliveries.post
    behind.engine = engine
    try:
        yield
    finally:
        behind.engine = nobody
        engine.post = lambda *letter: 200  # what is still to be told reaches nobody
        engine.deliver()  # waits for what is just being told


def forms_may_lead_to(origin: str) -> dict:
    """The site's own policy, as it is when STRIPE_PAGES names that origin."""
    directives = dict(django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    directives["form-action"] = ["'self'", origin]
    return {"DIRECTIVES": directives}


class Profiles:
    """Browsers' profiles, kept from test to test with their caches and without their cookies: a new
    one takes longer than most tests. If asked to, one keeps its page too, and the page what it has
    compiled."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: list[tuple[dict, BrowserContext]] = []

    @contextmanager
    def lent(self, *, keep_page: bool, **options) -> Iterator[BrowserContext]:
        profile = self._free(options) or self._new(options)
        try:
            yield profile
        finally:
            for page in profile.pages[keep_page:]:
                page.close()
            for page in profile.pages:
                make_as_new(page)
            profile.clear_cookies()
            self.kept.append((options, profile))

    def _free(self, options: dict) -> BrowserContext | None:
        fitting = [entry for entry in self.kept if entry[0] == options]
        if not fitting:
            return None
        self.kept.remove(fitting[0])
        return fitting[0][1]

    def _new(self, options: dict) -> BrowserContext:
        profile = self.browser.new_context(viewport=WINDOW, reduced_motion="reduce", **options)
        profile.set_default_timeout(PATIENCE)
        return profile


def make_as_new(page: Page) -> None:
    """Looked at as at the beginning. What is on it stays, if it cannot ask the site for anything by
    itself: to leave it for an empty page would cost the page all that it has compiled."""
    if page.evaluate(ACTS_BY_ITSELF):
        page.on("dialog", leave)
        page.goto("about:blank")
        page.remove_listener("dialog", leave)
    page.unroute_all()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WINDOW)


def leave(dialog: Dialog) -> None:
    """The answer to a page that asks whether to leave it."""
    dialog.accept()


@pytest.fixture(scope="package")
def profiles(browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def visits(site, profiles) -> Callable:
    """`with visits() as come`: within it, `come(user)` is a page in a browser of their own, signed
    in if they are somebody. Whatever the browser complains of fails the test."""

    @contextmanager
    def visits(*, keep_page: bool = False) -> Iterator[Callable]:
        watch = Watch()
        with ExitStack() as lent:

            def come(user=None, **options) -> Page:
                profile = lent.enter_context(profiles.lent(keep_page=keep_page, **options))
                if user is not None:
                    profile.add_cookies([session_of(user, site)])
                page = profile.pages[0] if profile.pages else profile.new_page()
                watch.over(page)
                lent.callback(watch.leave, page)
                return page

            yield come
        assert watch.complaints == []

    return visits


@pytest.fixture
def keep_page() -> bool:
    """Whether who comes next gets the same page. A module may say no."""
    return True


@pytest.fixture
def visitor(visits, keep_page) -> Iterator[Callable]:
    """`visitor(user)`: a page in a browser of their own, until the test is over."""
    with visits(keep_page=keep_page) as come:
        yield come


def session_of(user, site: Site) -> dict:
    client = Client()
    client.force_login(user)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME]
    return {
        "name": session.key,
        "value": session.value,
        "domain": urlsplit(site.url).hostname,
        "path": "/",
    }
