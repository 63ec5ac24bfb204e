"""Project pages for those who are not signed in, and feeds of updates for everybody, rendered once for
each version of the project.

Every write that a page shows moves `Funding.version`, so the one small query here makes a page that
is always fresh: there is no stale window. What changes by time alone (somebody's grace is over, a
new day begins) is noted while the page is rendered, as `request.fresh_until`.
An author's new name shows in a feed with the next version or day.
Pages lie in the memory of each process; nobody's own data is in them."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Lock

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import parse_http_date_safe

from funding.office import clock

MOST_PAGES = 500
_PATH = re.compile(r"/projects/([-\w]+)/(updates\.atom)?")
_VERSION = (
    "SELECT f.version FROM projects_funding f JOIN projects_project p ON p.id = f.project_id "
    "WHERE p.slug = %s AND p.status <> 'draft'"
)


@dataclass(frozen=True, slots=True)
class Kept:
    version: int
    fresh_until: datetime
    etag: str
    body: bytes
    headers: dict[str, str]


_pages: OrderedDict[str, Kept] = OrderedDict()
_lock = Lock()


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer what is kept, keep what is rendered. It stands before sessions: who has one is served
    a page of their own."""

    def answer(request: HttpRequest) -> HttpResponse:
        match = _PATH.fullmatch(request.path_info)
        if not match or not (_is_anybody(request) or (match[2] and _only_reads(request))):
            return get_response(request)
        version = _version(match[1])
        if version is None:
            return get_response(request)
        key = f"{request.get_host()}{request.path_info}"
        kept = _pages.get(key)
        if kept is None or kept.version != version or kept.fresh_until <= clock.now():
            response = get_response(request)
            kept = _keep(key, version, request, response)
            if kept is None:
                return response
        return _serve(request, kept)

    return answer


def clear() -> None:
    """Forget every page: for tests, and after templates have changed."""
    _pages.clear()


def end_of_day(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def _only_reads(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD")


def _is_anybody(request: HttpRequest) -> bool:
    return (
        _only_reads(request)
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _version(slug: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [slug])
        row = cursor.fetchone()
    return row[0] if row else None


def _keep(key: str, version: int, request: HttpRequest, response: HttpResponse) -> Kept | None:
    if response.status_code != 200 or response.streaming or response.cookies:
        return None
    now = clock.now()
    until = min(getattr(request, "fresh_until", None) or end_of_day(now), end_of_day(now))
    patch_cache_control(response, private=True, no_cache=True)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    kept = Kept(version, until, etag, response.content, headers)
    with _lock:
        _pages[key] = kept
        _pages.move_to_end(key)
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)
    return kept


def _serve(request: HttpRequest, kept: Kept) -> HttpResponse:
    whole = HttpResponse(kept.body)
    changed_at = parse_http_date_safe(kept.headers.get("Last-Modified", ""))
    response = get_conditional_response(request, kept.etag, changed_at, whole) or whole
    for name, value in kept.headers.items():
        response[name] = value
    response["ETag"] = kept.etag
    return response
