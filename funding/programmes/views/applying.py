"""What applicants see and do. An application is its owner's: to everybody else there is none at its
address, and no browser keeps these pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import (
    applying,
    contacts,
    deadlines,
    drafts,
    eligibility,
    ideas,
    progress,
    questions,
)
from funding.programmes.forms.applying import (
    AnswersForm,
    ApplicationForm,
    ContactForm,
    EligibilityForm,
    SampleForm,
    eligibility_as_typed,
)
from funding.programmes.models import Application, Idea, Question, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import typed

FORM = ["GET", "HEAD", "POST"]
Stage = Question.Stage
View = Callable[Concatenate[HttpRequest, Application, ...], HttpResponse]


def mine(view: View) -> Callable[..., HttpResponse]:
    """A view of one's own application, which it gets in place of the number."""

    @wraps(view)
    def door(request: HttpRequest, application_id: int, **rest: Any) -> HttpResponse:
        rows = Application.objects.filter(user=person(request)).prefetch_related("round__phases")
        rows = rows.select_related("round__programme", "round__call", "idea")
        return view(request, get_object_or_404(rows, pk=application_id), **rest)

    return never_cache(login_required(door))


def public_round(slug: str, round_slug: str) -> Round:
    """What everybody may look at, or 404."""
    rows = Round.objects.public().with_page_parts()
    rows = rows.filter(programme__published_at__isnull=False)
    return get_object_or_404(rows, programme__slug=slug, slug=round_slug)


# Before one has begun


@require_http_methods(FORM)
@never_cache
def apply(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """What will be asked, by when, and who reads it; and the button that begins."""
    round_ = public_round(slug, round_slug)
    return _begin(request, round_) if request.method == "POST" else _apply(request, round_)


def _apply(request: HttpRequest, round_: Round, *, refused: str = "") -> HttpResponse:
    asked = drafts.asked(round_)
    own = Application.objects.filter(round=round_, user_id=request.user.pk or 0).first()
    form = ApplicationForm(questions=asked, round_=round_)
    known = {
        "round": round_, "programme": round_.programme, "form": form, "refused": refused,
        "window": deadlines.window(round_, now=clock.now()), "own": own,
        "criteria": eligibility.criteria(round_), "minutes": questions.minutes(asked),
        "sample": drafts.asked(round_, Stage.WORK_SAMPLE), "has_ideas": ideas.are_chosen(round_),
    }  # fmt: skip
    return render(request, "programmes/apply.html", known, status=409 if refused else 200)


@login_required
def _begin(request: HttpRequest, round_: Round) -> HttpResponse:
    try:
        application = applying.begin(round_=round_, user=person(request))
    except Refused as refused:
        return _apply(request, round_, refused=str(refused))
    return redirect(application)


# One's own


@require_safe
@never_cache
@login_required
def my_applications(request: HttpRequest) -> HttpResponse:
    rows = Application.objects.filter(user=person(request)).order_by("-begun_at", "-pk")
    rows = rows.select_related("round__programme", "round__call", "idea")
    now = clock.now()
    there = [
        (one, deadlines.window(one.round, now=now))
        for one in rows.prefetch_related("round__phases")
    ]
    return render(request, "programmes/my_applications.html", {"applications": there})


@require_safe
@mine
def application(request: HttpRequest, application: Application) -> HttpResponse:
    """Its steps, its state, and what comes next."""
    return _show(
        request, "application", application, progress=progress.of(application, now=clock.now())
    )


@require_http_methods(FORM)
@mine
def answer_eligibility(request: HttpRequest, application: Application) -> HttpResponse:
    asked = eligibility.criteria(application.round)
    said = eligibility_as_typed(application.criteria)
    form, refused = EligibilityForm(typed(request), criteria=asked, initial=said), ""
    if request.method == "POST":
        try:
            form = eligibility.answer(application=application, data=request.POST)
        except Refused as error:
            refused = str(error)
        if not refused and form.is_valid():
            return redirect(application)
    return _show(request, "eligibility", application, form=form, refused=refused)


@require_http_methods(FORM)
@mine
def show_contacts(request: HttpRequest, application: Application) -> HttpResponse:
    """Contacts and contributions, and one more."""
    form, refused = ContactForm(typed(request)), ""
    if request.method == "POST":
        try:
            if contacts.add(form, application=application):
                messages.success(request, "Added.")
                return redirect("programmes:contacts", application.pk)
        except Refused as error:
            refused = str(error)
    there = application.contacts.all()
    return _show(request, "contacts", application, form=form, contacts=there, refused=refused)


@require_POST
@mine
def remove_contact(
    request: HttpRequest, application: Application, contact_id: int
) -> HttpResponse:
    contact = get_object_or_404(application.contacts, pk=contact_id)
    try:
        contacts.remove(contact)
        messages.success(request, "Removed.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("programmes:contacts", application.pk)


@require_http_methods(FORM)
@mine
def choose_idea(request: HttpRequest, application: Application) -> HttpResponse:
    refused, status = "", 200
    if request.method == "POST":
        chosen, status = _chosen(request, application.round), 409
        try:
            if chosen is not None:
                ideas.choose(application=application, idea=chosen)
                messages.success(request, f"“{chosen}” is chosen.")
                return redirect(application)
            refused, status = "Choose one of the ideas.", 422
        except Refused as error:
            refused = str(error)
    there = [
        (one, ideas.is_full(one, application.round)) for one in ideas.on_offer(application.round)
    ]
    return _show(request, "choose_idea", application, ideas=there, refused=refused, status=status)


def _chosen(request: HttpRequest, round_: Round) -> Idea | None:
    number = request.POST.get("idea", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return round_.ideas.filter(pk=int(number)).first()


# The form, and the work sample


@require_http_methods(FORM)
@mine
def form(request: HttpRequest, application: Application) -> HttpResponse:
    """Fixed questions and the organiser's own: typed, kept, sent."""
    return _written(request, application, Stage.APPLICATION)


@require_http_methods(FORM)
@mine
def sample(request: HttpRequest, application: Application) -> HttpResponse:
    return _written(request, application, Stage.WORK_SAMPLE)


@require_POST
@mine
def save(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    """For the script that keeps what is typed: what was kept, and when."""
    try:
        at = drafts.keep(application=application, data=request.POST, stage=stage)
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=409)
    return JsonResponse({"saved_at": at.isoformat()})


def _written(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, application, stage)
    try:
        if "save" in request.POST or "discard" in request.POST:
            return _keep(request, application, stage)
        send = applying.send if stage == Stage.APPLICATION else applying.send_sample
        form = send(application=application, data=request.POST)
    except Refused as refused:
        return _form_page(request, application, stage, refused=str(refused))
    if not form.is_valid():
        return _form_page(request, application, stage, form=form)
    messages.success(request, "Sent. You get a mail that it has arrived.")
    return redirect(application)


def _keep(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    if "discard" in request.POST:
        drafts.discard(application=application)
        messages.success(request, "What was not sent is gone. What you sent stands.")
        return redirect(application)
    drafts.keep(application=application, data=request.POST, stage=stage)
    messages.success(request, "Kept as a draft. It is not sent.")
    return redirect(request.path)


def _form_page(
    request: HttpRequest,
    application: Application,
    stage: str,
    *,
    form: AnswersForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """With what was typed, be it too late."""
    asked = drafts.asked(application.round, stage)
    raw = drafts.shown(application, asked)
    if request.method == "POST":
        raw = drafts.typed_in(request.POST, asked, drafts.names_of(asked, stage))
    why_not = applying.why_not(application, stage, now=clock.now())
    is_sample = stage == Stage.WORK_SAMPLE
    sent_at = application.sample_submitted_at if is_sample else application.submitted_at
    known = {
        "form": form or _blank(application.round, stage, asked, raw), "refused": refused,
        "window": deadlines.window(application.round, drafts.PHASES[Stage(stage)], now=clock.now()),
        "is_typed": request.method == "POST", "stage": stage, "read": drafts.read(asked, raw, stage),
        "can_write": not why_not, "why_not": why_not,
        "is_sent": application.status == Application.Status.SUBMITTED and sent_at is not None,
        "save_address": reverse(
            f"programmes:save-{'sample' if is_sample else 'form'}", args=[application.pk]
        ),
    }  # fmt: skip
    status = 409 if refused else 422 if form is not None else 200
    return _show(request, "form", application, status=status, **known)


def _blank(
    round_: Round, stage: str, asked: list[Question], raw: dict[str, drafts.Raw]
) -> AnswersForm:
    if stage == Stage.APPLICATION:
        return ApplicationForm(questions=asked, round_=round_, initial=raw)
    return SampleForm(questions=asked, initial=raw)


@require_http_methods(FORM)
@mine
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """What it means, said first."""
    refused = ""
    if request.method == "POST":
        try:
            applying.withdraw(application=application)
            messages.success(request, "Withdrawn. Nobody reads it any more.")
            return redirect(application)
        except Refused as error:
            refused = str(error)
    window = deadlines.window(application.round, now=clock.now())
    can = applying.may_withdraw(application)
    return _show(
        request, "withdraw", application, refused=refused, window=window, may_withdraw=can
    )


def _show(
    request: HttpRequest, template: str, application: Application, **context: Any
) -> HttpResponse:
    """A page of one's own application. A form that is to be mended answers so, and what was refused
    does too."""
    form = context.get("form")
    found = 409 if context.get("refused") else 422 if form is not None and form.is_bound else 200
    known = {
        "application": application, "round": application.round,
        "programme": application.round.programme,
    }  # fmt: skip
    status = context.pop("status", found)
    return render(request, f"programmes/{template}.html", {**known, **context}, status=status)
