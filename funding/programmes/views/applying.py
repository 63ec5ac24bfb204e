"""What applicants see and do. An application is its owner's: to everybody else there is none at its
address, and no browser keeps these pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
    ApplicationForm,
    ContactForm,
    EligibilityForm,
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
    return show_mine(
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
    return show_mine(request, "eligibility", application, form=form, refused=refused)


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
    return show_mine(request, "contacts", application, form=form, contacts=there, refused=refused)


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
    return show_mine(
        request, "choose_idea", application, ideas=there, refused=refused, status=status
    )


def _chosen(request: HttpRequest, round_: Round) -> Idea | None:
    number = request.POST.get("idea", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return round_.ideas.filter(pk=int(number)).first()


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
    return show_mine(
        request, "withdraw", application, refused=refused, window=window, may_withdraw=can
    )


def show_mine(
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
