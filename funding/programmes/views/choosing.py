"""How organisers choose: the ranking, the waiting list, the announcement."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import announcing, phases, ranking, reading, selecting
from funding.programmes.forms.reviewing import AnnounceForm
from funding.programmes.mail import announcing as mail
from funding.programmes.models import Application, Phase, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.applications import why_undecided
from funding.programmes.views.doors import do, round_desk, show, typed

either = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 50
DONE = {
    Application.Outcome.SELECTED: "is chosen",
    Application.Outcome.WAITING: "is on the waiting list",
    Application.Outcome.NOT_CHOSEN: "is not chosen",
    Application.Outcome.NONE: "is open again",
}


@either
@round_desk("choose")
def ranked(request: HttpRequest, round_: Round) -> HttpResponse:
    """The ranking; what is sent is a decision on one application."""
    if request.method == "POST":
        return _decide(request, round_)
    rows = selecting.with_elsewhere(ranking.ranked(round_))
    paginated = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    is_reviewed = phases.find(round_, Phase.Kind.REVIEW) is not None
    few = selecting.with_elsewhere(ranking.too_few(round_))
    return show(
        request, "ranking", round_, tab="ranking", paginated=paginated,
        few=few[:A_PAGE], few_in_all=few.count(), waiting=selecting.waiting(round_)[:A_PAGE],
        chosen=selecting.chosen(round_).order_by("pk"), figures=announcing.figures(round_),
        why_not=why_undecided(round_), is_reviewed=is_reviewed,
    )  # fmt: skip


@require_POST
@round_desk("choose")
def choose_best(request: HttpRequest, round_: Round) -> HttpResponse:
    here = _to_ranking(request, round_)
    try:
        made = selecting.choose_best(round_id=round_.pk, by=person(request), now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return here
    if made:
        people = "One person is" if made == 1 else f"{made} people are"
        messages.success(request, f"{people} chosen by the ranking. Nobody is told yet.")
    else:
        messages.info(
            request,
            "Nobody was chosen: no place is left, nobody is open, or a tie stands where the places "
            "end. Choose by hand.",
        )
    return here


@require_POST
@round_desk("choose")
def move(request: HttpRequest, round_: Round, application_id: int) -> HttpResponse:
    found = get_object_or_404(reading.sent(round_), pk=application_id)
    up = request.POST.get("way") == "up"
    do(
        request, f"{reading.number(found)} was moved {'up' if up else 'down'}.",
        lambda: selecting.move(application=found, up=up, by=person(request), now=clock.now()),
    )  # fmt: skip
    return _to_ranking(request, round_)


@either
@round_desk("choose", certain=True)
def announce(request: HttpRequest, round_: Round) -> HttpResponse:
    now = clock.now()
    early = announcing.is_early(round_, now=now)
    form = AnnounceForm(typed(request), early=early)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            told = announcing.announce(
                round_id=round_.pk, by=person(request), reason=reason, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Announced. {told.all} mails are on their way.")
            return _to_ranking(request, round_)
    status = 422 if request.method == "POST" else 200
    return show(
        request, "announce", round_, status=status, tab="ranking", form=form, early=early,
        figures=announcing.figures(round_), samples=mail.samples(round_, now=now),
        why_not=announcing.in_the_way(round_, now=now),
    )  # fmt: skip


def _decide(request: HttpRequest, round_: Round) -> HttpResponse:
    number, outcome = request.POST.get("application", ""), request.POST.get("outcome", "?")
    if outcome not in DONE or not (number.isascii() and number.isdecimal()) or len(number) > 15:
        return HttpResponseBadRequest("Choose one of the buttons of the ranking.")
    found = get_object_or_404(reading.sent(round_), pk=int(number))
    do(
        request, f"{reading.number(found)} {DONE[Application.Outcome(outcome)]}. Nobody is told yet.",
        lambda: selecting.decide(
            application=found, outcome=outcome, by=person(request), now=clock.now()
        ),
    )  # fmt: skip
    return _to_ranking(request, round_)


def _to_ranking(request: HttpRequest, round_: Round) -> HttpResponse:
    """To the page of it on which the button was."""
    answer = redirect("programmes:ranking", round_.programme.slug, round_.slug)
    page = request.GET.get("page", "")
    if page.isascii() and page.isdecimal() and len(page) < 6:
        answer["Location"] += f"?page={page}"
    return answer
