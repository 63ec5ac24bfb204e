"""What a sponsorship's state means, said to the people who pay."""

from datetime import datetime

from babel.dates import format_date

from sponsors.sponsorships.models import Sponsorship, Status


def day(instant: datetime | None) -> str:
    return format_date(instant, "d MMMM yyyy", locale="en_GB") if instant else ""


def say(sponsorship: Sponsorship) -> str:
    """The state in a whole sentence."""
    until, stands = day(sponsorship.paid_through), day(sponsorship.stands_until)
    ended = day(sponsorship.ended_at)
    return {
        Status.DRAFT: "Nothing has been asked for yet.",
        Status.PENDING: "Not paid yet. The place is held while the payment page is open.",
        Status.AWAITING_INVOICE: "The invoice was sent and is not yet due.",
        Status.ACTIVE: f"Paid through {until}. It renews by itself then.",
        Status.PAST_DUE: f"A payment failed. The name stands until {stands}; pay before then.",
        Status.CANCELLING: f"It ends on {until} and is not renewed. What is paid for stays.",
        Status.PAUSED: "Paused: nothing is charged until it goes on.",
        Status.CANCELLED: f"Ended on {ended}, as asked. The name stood until {stands}.",
        Status.LAPSED: f"Ended on {ended} because it was not paid.",
        Status.ABANDONED: "The payment was not completed. Nothing was charged.",
    }[Status(sponsorship.status)]


def tone(sponsorship: Sponsorship) -> str:
    """The colour of the pill: green holds, amber is open, red is a fault."""
    return {
        Status.ACTIVE: "",
        Status.PAST_DUE: "fault",
        Status.LAPSED: "fault",
    }.get(Status(sponsorship.status), "open")
