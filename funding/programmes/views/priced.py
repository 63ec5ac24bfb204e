"""What a round costs and into which seats that is cut."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import access, calls, pricing, programme_page, quoting
from funding.programmes.models import FundingCall, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import round_desk, show, typed

DRAFT = FundingCall.State.DRAFT


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("see")
def call(request: HttpRequest, round_: Round) -> HttpResponse:
    """All of it on one page; whoever may not change it, or once it is open, only looks."""
    if request.method == "POST":
        access.insist(person(request), "edit", round_.programme)
    found = pricing.of(round_)
    may_edit = access.may(person(request), "edit", round_.programme)
    if not may_edit or (found is not None and found.state != DRAFT):
        return _look(request, round_, status=409 if request.method == "POST" else 200)
    data, own = typed(request), copy(found) if found else None
    earlier = pricing.latest_besides(round_) if data is None and own is None else None
    like = earlier if "earlier" in request.GET else None
    sheet = quoting.Sheet(data, round_=round_, call=own, like=like)
    if request.method == "POST" and not request.POST.keys() & {"more", "preview"}:
        return _save(request, round_, sheet)
    return show(
        request, "call", round_, sheet=sheet, tab="call", earlier=earlier, is_proposed=bool(like)
    )


def _save(request: HttpRequest, round_: Round, sheet: quoting.Sheet) -> HttpResponse:
    if sheet.is_valid() and sheet.plan is not None:
        try:
            pricing.save(
                sheet.form.instance, round_=round_, by=person(request), lines=sheet.cost_lines,
                cuts=sheet.plan.seats,
            )  # fmt: skip
        except (Refused, calls.NotExact) as refused:
            sheet.form.add_error(None, str(refused))
        else:
            messages.success(request, "Saved.")
            return redirect("programmes:call", round_.programme.slug, round_.slug)
    return show(request, "call", round_, sheet=sheet, status=422, tab="call")


def _look(request: HttpRequest, round_: Round, *, status: int) -> HttpResponse:
    page = programme_page.RoundPage(programme_page.round_by_id(round_.pk), now=clock.now())
    return show(request, "call_announced", round_, page=page, status=status, tab="call")
