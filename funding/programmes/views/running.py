"""How organisers see places through: the list, a place with all that was said, and what is decided of
it by hand."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import (
    mentoring,
    place_list,
    place_page,
    posts,
    releasing,
    running_places,
    timing,
)
from funding.programmes.forms.running import (
    EndForm,
    ExtendForm,
    MentorsForm,
    PostForm,
    ReasonForm,
)
from funding.programmes.models import Instalment, Place, Post, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import round_desk, show, typed

A_PAGE = 50


@require_safe
@round_desk("choose")
def places(request: HttpRequest, round_: Round) -> HttpResponse:
    chosen = place_list.known(request.GET.get("state", ""))
    lines = place_list.of(round_, state=chosen, now=clock.now())
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    return show(
        request, "places", round_, tab="places", paginated=page, chosen=chosen,
        states=place_list.STATES,
    )  # fmt: skip


@require_safe
@round_desk("choose")
def place(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    found, now = _find(request, round_, place_id), clock.now()
    return _show(
        request, "place", found, seen=place_page.seen(found, now=now),
        posts=found.posts.select_related("author"), deeds_possible=place_list.deeds(found, now=now),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def mentors(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    found = _find(request, round_, place_id)
    people, now = mentoring.candidates(found), [one.user for one in found.mentorings.all()]
    initial = dict(zip(("first", "second"), now, strict=False))
    form = MentorsForm(typed(request), people=people, initial=initial)

    def give() -> str:
        mentoring.give(found.pk, to=form.people, by=person(request))
        return "Its mentors are as you chose."

    return _decide(request, "place_mentors", found, form, give, people=people)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def extend(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    found, form = _find(request, round_, place_id), ExtendForm(typed(request))

    def move() -> str:
        weeks, reason = form.cleaned_data["weeks"], form.cleaned_data["reason"]
        running_places.extend(
            found.pk, weeks=weeks, reason=reason, by=person(request), now=clock.now()
        )
        return "Its dates are moved, and both sides are told."

    return _decide(request, "place_extend", found, form, move)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def end(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    """What ending it early means; then the reason and the button."""
    found = _find(request, round_, place_id)
    form = EndForm(typed(request), place=found)

    def stop() -> str:
        day, reason = form.cleaned_data["last_day"], form.cleaned_data["reason"]
        running_places.end_early(found.pk, last_day=day, reason=reason, by=person(request))
        return "The place has ended, and both sides are told."

    return _decide(request, "place_end", found, form, stop, sums=place_list.sums(found))


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def complete(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    """What completing it by hand means; then the button."""
    found, status = _find(request, round_, place_id), 200
    if request.method == "POST":
        try:
            running_places.complete(found.pk, by=person(request), now=clock.now())
            messages.success(request, "The place is completed, and both sides are told.")
            return _to(found)
        except Refused as refused:
            messages.info(request, str(refused))
            status = 409
    return _show(request, "place_complete", found, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def release(request: HttpRequest, round_: Round, instalment_id: int) -> HttpResponse:
    return _instalment(request, round_, instalment_id, is_release=True)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def hold(request: HttpRequest, round_: Round, instalment_id: int) -> HttpResponse:
    return _instalment(request, round_, instalment_id, is_release=False)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def summarise(request: HttpRequest, round_: Round, place_id: int) -> HttpResponse:
    """An organiser writes about a place in words that sponsors may read."""
    found = _find(request, round_, place_id)
    form = PostForm(typed(request), instance=posts.begun(found))
    if form.is_bound and posts.write(form, by=person(request), now=clock.now()):
        messages.success(request, "It is kept. Sponsors read it once you release it.")
        return redirect(
            "programmes:release-post", round_.programme.slug, round_.slug, form.instance.pk
        )
    return _show(request, "place_summary", found, status=422 if form.is_bound else 200, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("choose")
def release_post(request: HttpRequest, round_: Round, post_id: int) -> HttpResponse:
    """What sponsors would read, or read now; then the button."""
    written = Post.objects.select_related("author").filter(place__round=round_)
    post = get_object_or_404(written, pk=post_id)
    found = _find(request, round_, post.place_id)
    if request.method != "POST":
        return _show(request, "release_post", found, post=post)
    if "withdraw" in request.POST:
        posts.withdraw(post, by=person(request))
        messages.success(request, "Sponsors do not see it any more.")
    else:
        posts.release(post, by=person(request), now=clock.now())
        messages.success(request, "Sponsors may read it now.")
    return _to(found)


def _instalment(
    request: HttpRequest, round_: Round, instalment_id: int, *, is_release: bool
) -> HttpResponse:
    rows = Instalment.objects.filter(place__round=round_).select_related("checkpoint")
    one = get_object_or_404(rows, pk=instalment_id)
    found, form = _find(request, round_, one.place_id), ReasonForm(typed(request))
    one.place = found

    def decide() -> str:
        by, reason = person(request), form.cleaned_data["reason"]
        if is_release:
            running_places.release(one.pk, by=by, reason=reason, now=clock.now())
            return "The instalment is to be paid."
        releasing.hold(one.pk, by=by, reason=reason)
        return "The instalment is held back."

    return _decide(request, "instalment", found, form, decide, one=one, is_release=is_release)


def _decide(
    request: HttpRequest,
    template: str,
    found: Place,
    form: "MentorsForm | ReasonForm",
    deed: Callable[[], str],
    **context: object,
) -> HttpResponse:
    """A form about a place: show it, or do the deed and say what became of it."""
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, deed())
            return _to(found)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 422 if form.is_bound else 200
    return _show(request, template, found, status=status, form=form, **context)


def _find(request: HttpRequest, round_: Round, place_id: int) -> Place:
    """A place of the round, for an organiser who is not its participant: they would read what their
    mentor says to organisers alone."""
    places = timing.with_steps(Place.objects.filter(round=round_))
    found: Place = get_object_or_404(places, pk=place_id)
    if found.user_id == person(request).pk:
        raise PermissionDenied("This is your own place. Another organiser looks after it.")
    return found


def _to(found: Place) -> HttpResponse:
    round_ = found.round
    return redirect("programmes:round-place", round_.programme.slug, round_.slug, found.pk)


def _show(
    request: HttpRequest, template: str, found: Place, *, status: int = 200, **context: object
) -> HttpResponse:
    return show(
        request, template, found.round, status=status, tab="places", place=found, **context
    )
