"""A round at the desk: how it begins, what it says, its rules, its dates, its opening and its log."""

from copy import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import (
    access,
    editing,
    log,
    opening,
    phases,
    programme_page,
    round_needs,
    scheduling,
    usual_dates,
    waiting,
)
from funding.programmes.forms.rounds import (
    BeginRoundForm,
    DatesForm,
    ReasonForm,
    RoundTextsForm,
    RulesForm,
)
from funding.programmes.models import Programme, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import desk, do, round_desk, show, typed

either = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 50


@either
@desk("edit")
def create(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new round, empty or as an earlier one was."""
    form = BeginRoundForm(typed(request), programme=programme)
    if request.method == "POST" and form.is_valid():
        made = opening.begin(
            round_=form.instance, programme=programme, by=person(request), now=clock.now()
        )
        messages.success(
            request, "It is begun. Only the programme’s people see it until you open it."
        )
        return redirect("programmes:round-desk", programme.slug, made.slug)
    status = 422 if form.is_bound else 200
    return show(request, "new_round", programme, form=form, status=status, tab="desk")


@require_safe
@round_desk("see")
def home(request: HttpRequest, round_: Round) -> HttpResponse:
    """What is to be done before it is opened, or how it stands."""
    page = programme_page.RoundPage(programme_page.round_by_id(round_.pk), now=clock.now())
    todo = opening.checklist(page.round, now=clock.now())
    is_ready = all(item.is_done for item in todo if item.is_needed)
    needs = round_needs.of([page.round], now=page.now).get(round_.pk, [])
    may_choose = access.may_in(person(request), "choose", round_)
    waits = waiting.of([page.round] if may_choose else [], now=page.now)
    return show(
        request, "round", round_, page=page, todo=todo, is_ready=is_ready, needs=needs,
        tab="round-desk", tasks=waits.get(round_.pk, []),
    )  # fmt: skip


@require_safe
@round_desk("see")
def preview(request: HttpRequest, round_: Round) -> HttpResponse:
    """The page as everybody will see it."""
    if round_.status != Round.Status.DRAFT:
        return redirect(round_)
    page = programme_page.RoundPage(programme_page.round_by_id(round_.pk), now=clock.now())
    return render(request, "programmes/round.html", {"page": page, "round": page.round})


@either
@round_desk("edit")
def texts(request: HttpRequest, round_: Round) -> HttpResponse:
    """Its words. The preview shows what was typed and saves nothing."""
    form = RoundTextsForm(typed(request), instance=copy(round_))
    if "preview" in request.POST:
        shown = {name: form.data.get(name, "")[:50_000] for name in ("looks_for", "agreement")}
        return show(request, "round_texts", round_, form=form, preview=shown, tab="round-texts")
    return _edit(request, round_, form, "round-texts")


@either
@round_desk("edit")
def rules(request: HttpRequest, round_: Round) -> HttpResponse:
    """How people apply and are chosen."""
    return _edit(request, round_, RulesForm(typed(request), instance=copy(round_)), "rules")


def _edit(
    request: HttpRequest, round_: Round, form: RoundTextsForm | RulesForm, tab: str
) -> HttpResponse:
    template = tab.replace("-", "_")
    if request.method != "POST":
        return show(request, template, round_, form=form, tab=tab)
    if editing.save_round(form, round_=round_, by=person(request)):
        messages.success(request, "Saved.")
        return redirect(f"programmes:{tab}", round_.programme.slug, round_.slug)
    return show(request, template, round_, form=form, status=422, tab=tab)


@either
@round_desk("see")
def dates(request: HttpRequest, round_: Round) -> HttpResponse:
    """When each phase is, typed in the round's zone; a treasurer only looks."""
    if request.method == "POST":
        access.insist(person(request), "edit", round_.programme)
    has_none = round_.status == Round.Status.DRAFT and not round_.phases.exists()
    usual = (
        usual_dates.of(clock.now(), round_.zone) if has_none and "usual" in request.GET else None
    )
    form = DatesForm(typed(request), round_=round_, now=clock.now(), proposed=usual)
    if form.is_bound and form.is_valid():
        try:
            scheduling.save(round_=round_, times=form.times, by=person(request))
        except phases.OutOfOrder as wrong:
            form.point_at(wrong.kind, str(wrong))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Saved.")
            return redirect("programmes:dates", round_.programme.slug, round_.slug)
    status = 422 if form.is_bound else 200
    steps = phases.steps(round_, now=clock.now())
    return show(
        request, "dates", round_, form=form, steps=steps, status=status, tab="dates",
        has_none=has_none, is_proposed=usual is not None,
    )  # fmt: skip


@either
@round_desk("run")
def publish(request: HttpRequest, round_: Round) -> HttpResponse:
    """What opening means, said first; refused with what is missing."""
    page = programme_page.RoundPage(programme_page.round_by_id(round_.pk), now=clock.now())
    if round_.status != Round.Status.DRAFT:
        messages.info(request, f"{round_.name} is open already.")
        return _to_round(round_)
    missing, status = opening.missing(page.round, now=clock.now()), 200
    if request.method == "POST":
        try:
            opening.open_round(round_=round_, by=person(request), now=clock.now())
            messages.success(request, "Open. Everybody sees it, and companies can take seats.")
            return redirect(round_)
        except opening.NotReady as refused:
            missing, status = refused.missing, 422
    return show(
        request, "open_round", round_, page=page, missing=missing, status=status, tab="round-desk"
    )


@either
@round_desk("run")
def take_back(request: HttpRequest, round_: Round) -> HttpResponse:
    if request.method != "POST":
        return show(request, "take_back", round_, tab="round-desk")
    deed = "It is a draft again, which only the programme’s people see."
    do(request, deed, lambda: opening.take_back(round_=round_, by=person(request)))
    return _to_round(round_)


@either
@round_desk("run", certain=True)
def call_off(request: HttpRequest, round_: Round) -> HttpResponse:
    """The end of a call that is undecided, with the reason that everybody reads."""
    form = ReasonForm(typed(request))
    if form.is_bound and form.is_valid():
        reason, by, now = form.cleaned_data["reason"], person(request), clock.now()
        done = "Called off. Nobody is charged, and the sponsors are told."
        do(request, done, lambda: opening.call_off(round_=round_, reason=reason, by=by, now=now))
        return _to_round(round_)
    status = 422 if form.is_bound else 200
    return show(request, "call_off", round_, form=form, status=status, tab="round-desk")


@require_safe
@round_desk("see")
def deeds(request: HttpRequest, round_: Round) -> HttpResponse:
    """Who did what, as far as this person may read it, and the diary of the call."""
    lines = Paginator(log.read_by(person(request), round_), A_PAGE)
    call = getattr(round_, "call", None)
    diary = call.notes.order_by("-pk")[:A_PAGE] if call else []
    return show(
        request, "round_log", round_, paginated=lines.get_page(request.GET.get("page")),
        diary=diary, tab="round-log",
    )  # fmt: skip


def _to_round(round_: Round) -> HttpResponse:
    return redirect("programmes:round-desk", round_.programme.slug, round_.slug)
