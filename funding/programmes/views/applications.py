"""An organiser's way through applications: the list, one of them, and who reads it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.accounts.models import User
from funding.office import clock
from funding.programmes import access, assigning, exporting, listing, reading, selecting
from funding.programmes.forms.reviewing import GiveForm
from funding.programmes.models import Application, Part, Review, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import do, round_desk, show

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@round_desk("choose")
def applications(request: HttpRequest, round_: Round) -> HttpResponse:
    asked = listing.Asked.read_from(request.GET.dict())
    found = listing.Listing(round_, asked, number=request.GET.get("page"))
    return show(
        request, "applications", round_, tab="applications", listing=found,
        paginated=found.paginated,
    )  # fmt: skip


@require_safe
@round_desk("choose")
def export(request: HttpRequest, round_: Round) -> HttpResponse:
    asked = listing.Asked.read_from(request.GET.dict())
    name = f"applications-{round_.programme.slug}-{round_.slug}.csv"
    answer = StreamingHttpResponse(
        exporting.lines(round_, asked), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


@require_safe
@round_desk("choose")
def application(request: HttpRequest, round_: Round, application_id: int) -> HttpResponse:
    return _show(request, round_, _found(round_, application_id), GiveForm(people=_people(round_)))


@require_POST
@round_desk("choose")
def give(request: HttpRequest, round_: Round, application_id: int) -> HttpResponse:
    found = _found(round_, application_id)
    form = GiveForm(request.POST, people=_people(round_))
    if form.is_valid():
        reviewer = form.cleaned_data["reviewer"]
        try:
            assigning.give(
                application=found, reviewer=reviewer, by=person(request), now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{reviewer} reads it now, and is told by mail.")
            return _to(round_, found)
    return _show(request, round_, found, form, status=422)


@require_POST
@round_desk("choose")
def take_back(request: HttpRequest, round_: Round, review_id: int) -> HttpResponse:
    rows = Review.objects.filter(application__in=reading.sent(round_).values("pk"))
    review = get_object_or_404(rows.select_related("application", "reviewer"), pk=review_id)
    do(
        request, f"{review.reviewer} does not read it any more.",
        lambda: assigning.take_back(review=review, by=person(request), now=clock.now()),
    )  # fmt: skip
    return _to(round_, review.application)


@either
@round_desk("choose")
def assignment(request: HttpRequest, round_: Round) -> HttpResponse:
    """Who reads how much, what is missing, and the button that gives it out."""
    if request.method == "POST":
        return _assign(request, round_)
    facts = assigning.look(round_)
    people = User.objects.in_bulk(list(facts.loads))
    loads = [(people[pk], number) for pk, number in sorted(facts.loads.items())]
    short = facts.short()
    return show(
        request, "assignment", round_, tab="applications", loads=loads,
        needed=sum(facts.needs.values()), applications=len(facts.needs),
        short=sorted(short.items()), most_short=max(short.values(), default=0),
        reviewers=len(assigning.reviewer_ids(round_)), why_not=_why_not(round_),
    )  # fmt: skip


def why_undecided(round_: Round) -> str:
    """Why nobody can be chosen just now; nothing if they can."""
    try:
        selecting.insist_time(round_, clock.now())
    except Refused as refused:
        return str(refused)
    return ""


def _assign(request: HttpRequest, round_: Round) -> HttpResponse:
    here = redirect("programmes:assignment", round_.programme.slug, round_.slug)
    try:
        made = assigning.assign(round_id=round_.pk, by=person(request), now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return here
    if made.given:
        many = "One review is" if made.given == 1 else f"{made.given} reviews are"
        messages.success(request, f"{many} given out. Reviewers are told by mail.")
    elif not made.short:
        messages.success(request, "Every application has its reviewers, so nothing was given out.")
    if made.short:
        lack = len(made.short)
        words = "One application lacks" if lack == 1 else f"{lack} applications lack"
        messages.warning(request, f"{words} a reviewer still: see below what is missing.")
    return here


def _why_not(round_: Round) -> str:
    try:
        assigning.insist_time(round_, clock.now())
    except Refused as refused:
        return str(refused)
    return ""


def _show(
    request: HttpRequest, round_: Round, found: Application, form: GiveForm, *, status: int = 200
) -> HttpResponse:
    reviews = list(found.reviews.select_related("reviewer"))
    return show(
        request, "application", round_, status=status, tab="applications", application=found,
        reviews=reviews, lines=reading.lines(found, blind=False), form=form,
        why_not=_why_not(round_), why_undecided=why_undecided(round_),
    )  # fmt: skip


def _people(round_: Round) -> QuerySet[User]:
    parts = Part.objects.filter(programme=round_.programme_id, role__in=access.MAY["review"])
    return User.objects.filter(pk__in=parts.values("user"), is_active=True).order_by("name", "pk")


def _found(round_: Round, application_id: int) -> Application:
    rows = selecting.with_elsewhere(reading.sent(round_))
    found: Application = get_object_or_404(rows, pk=application_id)
    return found


def _to(round_: Round, found: Application) -> HttpResponse:
    return redirect("programmes:desk-application", round_.programme.slug, round_.slug, found.pk)
