"""What a sponsorship's state means, said to the people who pay."""

from datetime import datetime

from babel.dates import format_date

from funding.office import clock
from sponsors.sponsorships.models import PaysBy, Sponsorship, Status


def day(instant: datetime | None) -> str:
    return format_date(instant, "d MMMM yyyy", locale="en_GB") if instant else ""


def say(sponsorship: Sponsorship) -> str:
    """The state in a whole sentence, true at this instant."""
    ended = day(sponsorship.ended_at)
    if sponsorship.under_way:
        return "The bank debit is on its way and takes some days. The place is held until then."
    return {
        Status.DRAFT: "Nothing has been asked for yet.",
        Status.PENDING: "Not paid yet. The place is held while the payment page is open.",
        Status.AWAITING_INVOICE: _awaiting(sponsorship),
        Status.ACTIVE: _goes_on(sponsorship),
        Status.PAST_DUE: _past_due(sponsorship),
        Status.CANCELLING: _ends(sponsorship),
        Status.PAUSED: _paused(sponsorship),
        Status.CANCELLED: f"Ended on {ended}, as asked. {_stands(sponsorship)}",
        Status.LAPSED: f"Ended on {ended} because it was not paid in time. {_stands(sponsorship)}",
        Status.ABANDONED: "The payment was not completed. Nothing was charged.",
    }[Status(sponsorship.status)]


def _awaiting(sponsorship: Sponsorship) -> str:
    if sponsorship.due_at is None:
        return "No invoice is open: it is being made, or was taken back."
    if sponsorship.due_at < clock.now():
        return f"The invoice was due on {day(sponsorship.due_at)} and is not paid."
    return f"The invoice was sent and is due on {day(sponsorship.due_at)}."


def _past_due(sponsorship: Sponsorship) -> str:
    """Also in the time between the last day and the job that ends it."""
    behind, stands = _behind(sponsorship), _stands(sponsorship)
    if sponsorship.stands(clock.now()):
        return f"{behind} {stands} Until then it can be paid."
    return f"{behind} {stands} It ends within the hour, unless it is paid before."


def _ends(sponsorship: Sponsorship) -> str:
    until = day(sponsorship.paid_through)
    if sponsorship.paid_through and sponsorship.paid_through < clock.now():
        return f"What was paid for ended on {until}. It is not renewed, and ends within the hour."
    return f"It ends on {until} and is not renewed. What is paid for stays."


def _behind(sponsorship: Sponsorship) -> str:
    if sponsorship.pays_by == PaysBy.INVOICE and sponsorship.due_at:
        return f"The invoice was due on {day(sponsorship.due_at)} and is not paid."
    return "A payment failed."


def name(sponsorship: Sponsorship) -> str:
    """The state in two words, for its pill."""
    if sponsorship.status == Status.PAST_DUE and sponsorship.pays_by == PaysBy.INVOICE:
        return "Invoice overdue"
    return sponsorship.get_status_display()


def _goes_on(sponsorship: Sponsorship) -> str:
    """After a pause, and when a payment went back, it renews later than what is paid for ends."""
    paid = sponsorship.paid_through
    if paid and paid < clock.now() and sponsorship.pays_by == PaysBy.CARD:
        return "It goes on, and is charged when its next period begins."
    return f"Paid through {day(paid)}. It renews by itself then."


def _paused(sponsorship: Sponsorship) -> str:
    goes_on = sponsorship.resumes_at
    is_past = goes_on is not None and goes_on < clock.now()
    if is_past:
        return f"It was paused until {day(goes_on)}, and goes on within the hour."
    until = f"until it goes on by itself on {day(goes_on)}" if goes_on else "until it goes on"
    return f"Paused: nothing is charged {until}. {_stands(sponsorship)}".strip()


def _stands(sponsorship: Sponsorship) -> str:
    """For how long the name stands, or stood, after what is paid for."""
    until = sponsorship.stands_until
    if until is None:
        return ""
    return f"The name {'stands' if clock.now() <= until else 'stood'} until {day(until)}."


def tone(sponsorship: Sponsorship) -> str:
    """The colour of the pill: green holds, amber is open, red is a fault."""
    return {
        Status.ACTIVE: "",
        Status.PAST_DUE: "fault",
        Status.LAPSED: "fault",
    }.get(Status(sponsorship.status), "open")
