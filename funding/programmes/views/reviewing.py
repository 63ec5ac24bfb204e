"""A reviewer's desk: what is given to them, and one application at a time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import assigning, phases, reading, reviewing
from funding.programmes.forms.reviewing import SCORED, ConflictForm, ReviewForm
from funding.programmes.models import Phase, Review
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import typed

either = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    piles = reviewing.piles(person(request), now=now)
    known = {
        "piles": piles, "now": now, "done": sum(pile.done for pile in piles),
        "given": sum(len(pile.reviews) for pile in piles),
    }  # fmt: skip
    return render(request, "programmes/reviews/mine.html", known)


@never_cache
@either
@login_required
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    found = _found(request, review_id)
    form = ReviewForm(typed(request), review=found, scores=reviewing.SCORES, flags=reviewing.FLAGS)
    if request.method == "POST" and form.is_valid():
        said = reviewing.Written(**form.cleaned_data)
        try:
            row = reviewing.write(review=found, by=person(request), written=said, now=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _onward(request, row)
    return _show(request, found, form)


@never_cache
@either
@login_required
def conflict(request: HttpRequest, review_id: int) -> HttpResponse:
    found, form = _found(request, review_id), ConflictForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            reviewing.declare_conflict(
                review=found, by=person(request), reason=reason, now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "It is handed back. Somebody else reads it.")
            return redirect("programmes:my-reviews")
    status = 422 if request.method == "POST" else 200
    known = {"review": found, "form": form}
    return render(request, "programmes/reviews/conflict.html", known, status=status)


def _show(request: HttpRequest, found: Review, form: ReviewForm) -> HttpResponse:
    """The application stands beside the form while the phase lasts, and not a day longer."""
    round_, application = found.application.round, found.application
    on = reviewing.is_on(round_, now=clock.now()) and found.status != Review.Status.CONFLICT
    known = {
        "review": found, "form": form, "round": round_, "is_on": on,
        "phase": phases.find(round_, Phase.Kind.REVIEW), "now": clock.now(),
        "lines": reading.lines(application, blind=round_.is_blind) if on else [],
        "hidden": reading.hidden(application) if on and round_.is_blind else [],
        "barred": assigning.bar(application, person(request), to_them=True),
        "progress": reviewing.progress(found),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/reviews/review.html", known, status=status)


def _onward(request: HttpRequest, row: Review) -> HttpResponse:
    """A draft stays open; after a score comes what is to be read next."""
    if SCORED not in request.POST:
        kept = "Saved." if row.score else "Kept as a draft. It counts once you give a score."
        messages.success(request, kept)
        return redirect("programmes:review", row.pk)
    messages.success(request, f"Scored: {reading.number(row.application)} has your {row.score}.")
    after = reviewing.following(row)
    return redirect("programmes:review", after.pk) if after else redirect("programmes:my-reviews")


def _found(request: HttpRequest, review_id: int) -> Review:
    rows = reviewing.of(person(request)).filter(application__status="submitted")
    found = rows.filter(pk=review_id).first()
    if found is None:
        raise Http404
    return found
