"""Going wherever a visitor can: to every address of the tables, and wherever a link leads from there."""

import re
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

from django.contrib import admin
from django.urls import reverse

from funding.programmes.models import Application, Round
from tests import desk_access
from tests.programmes.test_access import TABLE

CANARY = "The kingfisher nests below the seventh lock."
HIDDEN = "The heron waits above the ninth weir."  # in what is hidden where reviews are blind
TYPED = "The bittern booms before dawn."  # typed and never sent
REVIEW = "The grebe dances on the mere."  # what a reviewer wrote
ADDRESS = "kingfisher@bird.example"  # of who wrote them
OTHERS = (
    "anybody", "stranger", "treasurer", "mentor", "participant", "sponsor", "staff",
)  # fmt: skip
NEVER = re.compile(r"/(static|media)/|/accounts/logout|/admin/|\.pdf$|^/programmes/\?|next=")
AS_FOUND = re.compile(r'(?:href|src)="([^"#]+)')


def crawled(town, others=OTHERS):
    """Where each of the others found a bird, and how many pages they looked at."""
    clients, seeds = town.clients(), addresses(town)
    return {
        one: walk(clients[one], seeds, BIRDS if one in NAMED_TO else (*BIRDS, ADDRESS))
        for one in others
    } | {"reviewer": walk(clients["reviewer"], seeds, (HIDDEN, TYPED))}


NAMED_TO = ("staff", "mentor")  # staff see accounts; a mentor writes to who is in their place
BIRDS = (CANARY, HIDDEN, TYPED, REVIEW)


def addresses(town):
    """All of the tables that the town has something for, with the canary's round and application in
    them, and the admin's lists."""
    round_, application = Round.objects.get(slug="canaries"), Application.objects.get(name=HIDDEN)
    mine = town.names | {
        "slug": town.programme.hostings.first().project.slug, "company": town.company.slug,
        "programme": town.programme.slug, "round": round_.slug, "asked": f"{town.programme.slug}/canaries",
        "reviewed_slug": town.programme.slug, "reviewed_round": "canaries", "seat_slug": town.programme.slug,
        "seat_round": "canaries", "ran_programme": town.programme.slug, "ran_round": "canaries",
        "application_id": application.pk, "begun_id": application.pk, "draft_id": application.pk,
        "review_id": application.reviews.first().pk, "contact_id": application.contacts.get().pk,
    }  # fmt: skip
    if hasattr(application, "place"):
        mine |= dict.fromkeys(("ran_place", "offered_id"), application.place.pk)
    looked_at = [url for url, line in (desk_access.ALL | TABLE).items() if "GET" in line]
    found = {url.format(**mine) for url in looked_at if named(url) <= set(mine)}
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }
    return found | lists | {"/", "/healthz", "/programmes/", "/accounts/", "/accounts/export/"}


def named(url):
    return set(re.findall(r"{(\w+)}", url))


def walk(client, seeds, birds):
    """To these addresses, and on to wherever their links lead."""
    waiting, been, found = sorted(seeds), set(seeds), []
    pages = 0
    while waiting:
        url = waiting.pop()
        answer = client.get(url)
        if answer.status_code in (301, 302):
            follow(url, [answer.url], been, waiting)
        if answer.status_code != 200:
            continue
        pages += 1
        text = b"".join(answer).decode(errors="replace")
        found += [f"{url}: {bird}" for bird in birds if bird in text]
        if not url.startswith("/admin/"):
            follow(url, AS_FOUND.findall(text), been, waiting)
    return SimpleNamespace(found=found, pages=pages, been=been)


def follow(url, links, been, waiting):
    for link in links:
        to = urljoin(url, link.replace("&amp;", "&"))
        parts = urlsplit(to)
        if parts.netloc in ("", "testserver") and parts.path.startswith("/"):
            to = parts._replace(scheme="", netloc="", fragment="").geturl()
            if to not in been and not NEVER.search(to):
                been.add(to)
                waiting.append(to)
