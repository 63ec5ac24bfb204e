"""Posts: what participants and mentors tell of the work, and what sponsors may read of it. An organiser
releases a post as it stands, or writes a summary and releases that; a release can be taken back. What
is released stands still."""

from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.office.forms import TogetherForm
from funding.programmes import log
from funding.programmes.models import Place, Post
from funding.programmes.refusals import Refused


class Released(Refused):
    """Sponsors read it as it is."""


@transaction.atomic
def write(form: TogetherForm, *, by: User, now: datetime) -> bool:
    """A new post, or a change of one that sponsors do not read. False when the form says what is to
    be mended; raises `Released`."""
    post: Post = form.instance
    if not post._state.adding and _lock(post).released_at:
        raise Released("Sponsors read this post, so it stays as it is. Write a new one.")
    if not form.is_valid():
        return False
    if post._state.adding:
        post.author, post.at = by, now
    form.save()
    return True


@transaction.atomic
def release(post: Post, *, by: User, now: datetime) -> None:
    """Sponsors may read it from now on."""
    post = _lock(post)
    if post.released_at:
        return
    post.released_at, post.released_by = now, by
    post.save(update_fields=["released_at", "released_by"])
    log.note(post.place.round, by, f"released a post of {post.place} to sponsors")


@transaction.atomic
def withdraw(post: Post, *, by: User) -> None:
    """Sponsors do not see it any more. What they have read they have read."""
    post = _lock(post)
    if not post.released_at:
        return
    post.released_at = post.released_by = None
    post.save(update_fields=["released_at", "released_by"])
    log.note(post.place.round, by, f"took back the release of a post of {post.place}")


def begun(place: Place) -> Post:
    """A row to write into."""
    return Post(place=place)


def _lock(post: Post) -> Post:
    posts = Post.objects.select_for_update(of=("self",))
    return posts.select_related("place__round__programme").get(pk=post.pk)
