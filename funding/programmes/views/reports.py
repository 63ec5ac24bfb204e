"""How a round is planned in checkpoints, told of at its end, and ended."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from funding.accounts.access import person
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import checkpoints, ending_rounds, outlays, reporting, statistics
from funding.programmes.checkpoints import Asked
from funding.programmes.forms.running import CheckpointForm, CheckpointFormSet, ReportForm
from funding.programmes.models import Checkpoint, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import round_desk, show, typed

Rows: TypeAlias = "BaseFormSet[CheckpointForm]"
NAMES = list(CheckpointForm.base_fields)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("edit")
def plan(request: HttpRequest, round_: Round) -> HttpResponse:
    """Rows of checkpoints: one more, in equal parts, like an earlier round's, and saved."""
    whole = checkpoints.stipend(round_)
    if whole is None or checkpoints.is_fixed(round_):
        status = 409 if request.method == "POST" else 200
        known = {
            "fixed": round_.checkpoints.select_related("round__call"),
            "whole": whole,
            "words": checkpoints.FIXED,
        }
        return show(
            request, "checkpoints_fixed", round_, status=status, tab="checkpoints", **known
        )
    if request.method != "POST":
        return _rows(request, round_, whole, _form(round_, whole, _begin(request, round_)))
    if "more" in request.POST or "equal" in request.POST:
        return _rows(request, round_, whole, _form(round_, whole, _again(request.POST, whole)))
    rows = CheckpointFormSet(request.POST, prefix="row", form_kwargs=_how(round_, whole))
    try:
        if rows.is_valid():
            checkpoints.plan(round_, _asked(rows), by=person(request))
            messages.success(request, "The checkpoints are planned.")
            return redirect("programmes:checkpoints", round_.programme.slug, round_.slug)
    except Refused as refused:
        return _rows(request, round_, whole, rows, status=422, problem=str(refused))
    return _rows(request, round_, whole, rows, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("edit")
def report(request: HttpRequest, round_: Round) -> HttpResponse:
    """Written as a draft, looked at, and published from a page that says what that means."""
    form = ReportForm(typed(request), instance=round_)
    preview = request.POST.get("report", "")[:50_000] if "preview" in request.POST else None
    try:
        is_sent = form.is_bound and preview is None
        if is_sent and reporting.save(form, round_=round_, by=person(request)):
            messages.success(request, "The draft is kept.")
            name = "publish-report" if "publish" in request.POST else "round-report"
            return redirect(f"programmes:{name}", round_.programme.slug, round_.slug)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("programmes:round-report", round_.programme.slug, round_.slug)
    status = 422 if form.is_bound and preview is None else 200
    return show(
        request, "report", round_, status=status, tab="round-report", form=form, preview=preview,
        lines=statistics.of(round_),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("run")
def publish(request: HttpRequest, round_: Round) -> HttpResponse:
    """Who will read it; then the button."""
    if request.method == "POST":
        try:
            reporting.publish(round_, by=person(request), now=clock.now())
            messages.success(request, "The report is published.")
        except Refused as refused:
            messages.info(request, str(refused))
        return redirect("programmes:round-report", round_.programme.slug, round_.slug)
    if round_.reported_at or not round_.report.strip():
        return redirect("programmes:round-report", round_.programme.slug, round_.slug)
    return show(request, "publish_report", round_, tab="round-report")


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("run")
def end(request: HttpRequest, round_: Round) -> HttpResponse:
    """What still waits, or what ending means; then the button."""
    status = 200
    if request.method == "POST":
        try:
            ending_rounds.end(round_, by=person(request), now=clock.now())
            messages.success(request, f"{round_} is done.")
            return redirect("programmes:round-report", round_.programme.slug, round_.slug)
        except Refused:
            status = 409
    missing = ending_rounds.missing(round_)
    return show(
        request,
        "end_round",
        round_,
        status=status,
        tab="round-report",
        missing=missing,
        left=outlays.held(round_),
    )


def _rows(
    request: HttpRequest,
    round_: Round,
    whole: Money,
    rows: Rows,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    return show(
        request, "checkpoints", round_, status=status, tab="checkpoints", rows=rows, whole=whole,
        problem=problem, earlier=checkpoints.earlier_rounds(round_),
    )  # fmt: skip


def _form(round_: Round, whole: Money, initial: Sequence[Mapping[str, Any]]) -> Rows:
    return CheckpointFormSet(initial=list(initial), prefix="row", form_kwargs=_how(round_, whole))


def _how(round_: Round, whole: Money) -> dict[str, str]:
    return {"currency": whole.currency, "zone": round_.zone}


def _begin(request: HttpRequest, round_: Round) -> list[dict[str, Any]]:
    """What stands, an earlier round's, or three empty rows."""
    asked = request.GET.get("like", "")
    earlier = next(
        (one for one in checkpoints.earlier_rounds(round_) if str(one.pk) == asked), None
    )
    rows: Sequence[Asked | Checkpoint] = (
        checkpoints.like(earlier, round_) if earlier else list(round_.checkpoints.all())
    )
    return [{name: getattr(row, name) for name in NAMES} for row in rows] or [{}, {}, {}]


def _again(typed: Any, whole: Money) -> list[dict[str, Any]]:
    """What was typed, with a row more, or with equal instalments."""
    total = min(sum(name.endswith("-title") for name in typed), checkpoints.MOST)
    rows = [{name: typed.get(f"row-{n}-{name}", "") for name in NAMES} for n in range(total)]
    if "more" in typed:
        return [*rows, {}][: checkpoints.MOST]
    named = [row for row in rows if row["title"].strip()] or rows
    for row, part in zip(named, checkpoints.equal_parts(whole, len(named) or 1), strict=False):
        row["instalment"] = part
    return rows


def _asked(rows: Rows) -> list[Asked]:
    return [
        Asked(**{name: form.cleaned_data[name] for name in NAMES})
        for form in rows
        if not form.is_blank
    ]
