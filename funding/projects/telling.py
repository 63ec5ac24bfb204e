"""Telling: what maintainers write about their work, from a draft to everybody's page and feed. The
mail to sponsors is written above this layer: here it is only said whether there is to be one."""

import re
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from funding.accounts.models import User
from funding.office import clock, markdown
from funding.office.forms import TogetherForm
from funding.projects import editing
from funding.projects.models import Project, Update

IN_THE_FEED = 10
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def save(form: TogetherForm, *, project: Project, by: User) -> bool:
    """Check what was written and keep it: a draft stays a draft, and a published one says that it
    was edited. False when the form says what is to be mended; then nothing has changed."""
    with transaction.atomic():
        editing.lock(project, by)
        if not form.is_valid():
            return False
        is_new = form.instance._state.adding
        if not is_new and not form.has_changed():
            return True
        update = form.save()
        if _mark_edited(update):
            editing.touch(project.pk)
        editing.note(project, by, f"{'began' if is_new else 'edited'} the update “{update}”")
    return True


def publish(*, update: Update, mail_sponsors: bool, by: User, now: datetime) -> None:
    """Everybody sees it from now on. One that was mailed before is not mailed again."""
    with transaction.atomic():
        editing.lock(update.project, by)
        drafts = Update.objects.filter(pk=update.pk, published_at=None)
        if not drafts.update(published_at=now, edited_at=None, mail_sponsors=mail_sponsors):
            return  # published already, by the same button or somebody else's
        editing.touch(update.project_id)
        editing.note(update.project, by, f"published the update “{update}”")


def take_down(*, update: Update, by: User) -> None:
    """It is a draft again. What was mailed stays mailed."""
    with transaction.atomic():
        editing.lock(update.project, by)
        told = Update.objects.filter(pk=update.pk).published()
        if not told.update(published_at=None, edited_at=None):
            return
        editing.touch(update.project_id)
        editing.note(update.project, by, f"took down the update “{update}”")


def delete(*, update: Update, by: User) -> bool:
    """Forget a draft; False for one that everybody sees: it is taken down first."""
    with transaction.atomic():
        editing.lock(update.project, by)
        if not Update.objects.filter(pk=update.pk, published_at=None).delete()[0]:
            return False
        editing.note(update.project, by, f"deleted the draft “{update}”")
    return True


def _mark_edited(update: Update) -> bool:
    told = Update.objects.filter(pk=update.pk, published_at__isnull=False)
    return bool(told.update(edited_at=clock.now()))


# The feed


@dataclass(frozen=True, slots=True)
class Feed:
    """A project's updates for feed readers, as Atom, and since when they are so."""

    body: str
    changed_at: datetime | None


def feed(project: Project) -> Feed:
    """The newest updates in full, with addresses that hold outside this site."""
    told = list(project.updates.published().select_related("author")[:IN_THE_FEED])
    page = _absolute(reverse("projects:told", args=[project.slug]))
    atom = _Atom(
        title=_writable(f"{project.name}: updates"),
        link=page,
        description=_writable(project.summary),
        feed_url=_absolute(reverse("projects:feed", args=[project.slug])),
        language="en-GB",
    )
    for update in told:
        _add(atom, project, update)
    text = StringIO()
    atom.write(text, "utf-8")
    return Feed(text.getvalue(), _changed_at(project, told))


class _Atom(Atom1Feed):
    """With the whole text as an entry's content, which is more than its summary."""

    def latest_post_date(self) -> datetime:
        """Of a feed in which there is nothing, the beginning: it is the same whenever one asks."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime.fromtimestamp(0, tz=clock.now().tzinfo))

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, object]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", str(item["content"]), {"type": "html"})


def _add(atom: _Atom, project: Project, update: Update) -> None:
    update.project = project
    address = _absolute(update.get_absolute_url())
    atom.add_item(
        title=_writable(update.title),
        link=address,
        description="",
        unique_id=address,
        author_name=_writable(update.signed_by),
        pubdate=update.published_at,
        updateddate=update.edited_at or update.published_at,
        content=_writable(markdown.render(update.body, base=address)),
    )


def _changed_at(project: Project, told: list[Update]) -> datetime | None:
    """By the log, which knows of those that were taken down as well."""
    dates = [update.edited_at or update.published_at for update in told]
    dates.append(project.activities.values_list("at", flat=True).first())
    return max((at for at in dates if at), default=None)


def _absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path)


def _writable(text: str) -> str:
    """Without the characters that no XML may hold."""
    return _NOT_XML.sub("", text)
