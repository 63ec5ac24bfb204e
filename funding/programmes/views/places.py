"""What participants and mentors do: their places, what they say at checkpoints, and what they tell."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import feedback, my_places, place_page, posts, timing
from funding.programmes.forms.running import FeedbackForm, NameForm, PostForm
from funding.programmes.models import Place
from funding.programmes.my_places import Visit
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import typed


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All places of this person, as participant and as mentor."""
    lines = my_places.mine(person(request), now=clock.now())
    return render(request, "programmes/places.html", {"lines": lines})


@never_cache
@login_required
@require_safe
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    visit, now = my_places.visit(person(request), place_id), clock.now()
    coming = timing.coming(visit.place)
    return _show(
        request, "place", visit, seen=place_page.seen(visit.place, side=visit.side, now=now),
        coming=coming, is_asked=coming is not None and coming.asks(visit.side, now),
        posts=visit.place.posts.select_related("author"),
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, place_id: int, number: int) -> HttpResponse:
    """What one side says at a checkpoint: a draft is kept, or it is sent."""
    visit, now = my_places.visit(person(request), place_id), clock.now()
    step = timing.step(visit.place, number)
    if step is None:
        raise Http404
    form = FeedbackForm(typed(request), instance=feedback.begun(step, visit.side))
    try:
        if not step.may_write(visit.side, now):
            raise feedback.NotNow(feedback.why_not(step, visit.side, now))
        if form.is_bound and feedback.keep(form, step=step, by=person(request), now=now):
            sent = form.instance.sent_at is not None
            messages.success(request, "It is sent." if sent else "The draft is kept.")
            return redirect("programmes:place", place_id)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("programmes:place", place_id)
    status = 422 if form.is_bound else 200
    late = step.due_at <= now
    return _show(request, "feedback", visit, status=status, form=form, step=step, is_late=late)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, place_id: int, post_id: int | None = None) -> HttpResponse:
    """A new post, or a change of one's own that sponsors do not read yet."""
    visit = my_places.visit(person(request), place_id)
    own = visit.place.posts.filter(author=person(request))
    post = get_object_or_404(own, pk=post_id) if post_id else posts.begun(visit.place)
    form = PostForm(typed(request), instance=post)
    try:
        if _is_over(visit.place) or post.released_at:
            raise posts.Released("Nothing more can be changed here.")
        if form.is_bound and posts.write(form, by=person(request), now=clock.now()):
            messages.success(request, f"“{form.instance}” is kept. The organisers can read it.")
            return redirect("programmes:place", place_id)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("programmes:place", place_id)
    return _show(request, "post", visit, status=422 if form.is_bound else 200, form=form)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, place_id: int) -> HttpResponse:
    """How the participant is named on pages and on the certificate."""
    visit = my_places.visit(person(request), place_id)
    if not visit.is_participant:
        raise Http404
    form = NameForm(typed(request), instance=visit.place)
    if form.is_bound and form.is_valid():
        my_places.rename(visit.place, public_name=form.cleaned_data["public_name"])
        messages.success(request, "Pages name you like this from now on.")
        return redirect("programmes:place", place_id)
    return _show(request, "name", visit, status=422 if form.is_bound else 200, form=form)


def _is_over(place: Place) -> bool:
    """A post tells of work that is being done, or was done in full."""
    return place.status not in (Place.Status.RUNNING, Place.Status.DONE)


def _show(
    request: HttpRequest, template: str, visit: Visit, *, status: int = 200, **context: object
) -> HttpResponse:
    place = visit.place
    known = {"visit": visit, "place": place, "round": place.round}
    page = f"programmes/{template}.html"
    return render(request, page, {**known, **context}, status=status)
