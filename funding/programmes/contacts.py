"""Contacts: what shows that an applicant has been in touch with a project, or has contributed to it.
Where a round asks for one, the whole form opens with the first."""

from django.db import transaction

from funding.programmes import deadlines
from funding.programmes.forms.applying import ContactForm
from funding.programmes.models import Application, Contact
from funding.programmes.refusals import Refused

MOST = 10


class Needed(Refused):
    """The last contact of an application that was sent stays."""


@transaction.atomic
def add(form: ContactForm, *, application: Application) -> bool:
    """False when the form says what is to be mended. Raises `Closed`."""
    row = deadlines.hold(application)
    now = deadlines.insist_open(row)
    _insist_changeable(row)
    if not form.is_valid():
        return False
    links = set(row.contacts.values_list("url", flat=True))
    if form.cleaned_data["url"] in links:
        form.add_error("url", "This link is there already.")
    elif len(links) >= MOST:
        form.add_error(None, f"There is room for {MOST}. Remove one first.")
    else:
        form.instance.application, form.instance.at = row, now
        form.save()
        return True
    return False


@transaction.atomic
def remove(contact: Contact) -> None:
    """Raises `Closed`, and `Needed` where the sent application would be without one."""
    row = deadlines.hold(contact.application)
    deadlines.insist_open(row)
    _insist_changeable(row)
    is_sent = row.status == Application.Status.SUBMITTED
    if is_sent and row.round.contact_needed and row.contacts.count() == 1:
        raise Needed("What you sent needs one. Add another before you remove this one.")
    row.contacts.filter(pk=contact.pk).delete()


def _insist_changeable(row: Application) -> None:
    if row.status not in (Application.Status.DRAFT, Application.Status.SUBMITTED):
        raise deadlines.Closed("This application cannot be changed just now.")
