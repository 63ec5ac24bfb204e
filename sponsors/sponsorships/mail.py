"""Mail about sponsorships. Each function puts one message into the outbox, in the transaction that
makes it true; the key lets it go out once."""

from collections.abc import Mapping, Sequence

from funding.accounts.models import User
from funding.office import outbox
from funding.office.models import Message
from funding.programmes.models import FundingCall
from funding.projects.models import Update
from sponsors.companies import access
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Change, Commitment, Sponsorship, Status


def thanks(sponsorship: Sponsorship) -> None:
    """To the company: it is paid, this is what was bought, here is where to look after it."""
    outbox.write(
        key=f"thanks:{sponsorship.pk}",
        recipients=[sponsorship.company.billing_email, sponsorship.bought_by.email],
        template="sponsorships/mail/thanks.txt",
        context={"sponsorship": sponsorship},
    )


def new_sponsor(sponsorship: Sponsorship) -> None:
    """To the maintainers: who came, and what it adds to the week."""
    people = sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=f"new-sponsor:{sponsorship.pk}",
        recipients=[person.user.email for person in people],
        template="sponsorships/mail/new_sponsor.txt",
        context={"sponsorship": sponsorship},
    )


def change_of_mind(sponsorship: Sponsorship, *, before: str) -> None:
    """To the company and to the maintainers, each in words of their own: it ends, or goes on after
    all. Once for each time that somebody changes their mind."""
    time = f"{sponsorship.pk}:{sponsorship.moves.count()}"
    _to_both(
        sponsorship, ("change_of_mind", "sponsor_changed"), time,
        {"sponsorship": sponsorship, "payment_failed": before == Status.PAST_DUE},
    )  # fmt: skip


def paused(sponsorship: Sponsorship) -> None:
    """To both: nothing is charged for a while, and what that means for the name and the week."""
    time = f"{sponsorship.pk}:{sponsorship.moves.count()}"
    _to_both(sponsorship, ("paused", "sponsor_paused"), time, {"sponsorship": sponsorship})


def resumed(sponsorship: Sponsorship) -> None:
    """To both: it goes on."""
    time = f"{sponsorship.pk}:{sponsorship.moves.count()}"
    _to_both(sponsorship, ("resumed", "sponsor_resumed"), time, {"sponsorship": sponsorship})


def resumes_soon(sponsorship: Sponsorship) -> None:
    """To the company, some days before it is charged again by itself."""
    at = sponsorship.resumes_at
    outbox.write(
        key=f"resumes-soon:{sponsorship.pk}:{at.isoformat() if at else ''}",
        recipients=[sponsorship.company.billing_email, sponsorship.bought_by.email],
        template="sponsorships/mail/resumes_soon.txt",
        context={"sponsorship": sponsorship},
    )


def changed(change: Change, *, more: bool) -> None:
    """To both: it is on another tier, or paid by the other interval, from now on."""
    context = {"change": change, "sponsorship": change.sponsorship, "more": more}
    _to_both(change.sponsorship, ("changed", "sponsor_switched"), str(change.pk), context)


def change_planned(change: Change) -> None:
    """To both: what it becomes with the period to come. Before it is so, maintainers can still say
    a word."""
    context = {"change": change, "sponsorship": change.sponsorship}
    _to_both(
        change.sponsorship, ("change_planned", "sponsor_will_switch"), str(change.pk), context
    )


def change_dropped(change: Change) -> None:
    """To the company: what it asked for did not come about, and why."""
    sponsorship = change.sponsorship
    outbox.write(
        key=f"change-dropped:{change.pk}",
        recipients=[sponsorship.company.billing_email, change.asked_by.email],
        template="sponsorships/mail/change_dropped.txt",
        context={"change": change, "sponsorship": sponsorship},
    )


def change_taken_back(change: Change) -> None:
    """To the maintainers, who were told what was planned: it stays as it is."""
    people = change.sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=f"change-taken-back:{change.pk}",
        recipients=[person.user.email for person in people],
        template="sponsorships/mail/sponsor_stays.txt",
        context={"change": change, "sponsorship": change.sponsorship},
    )


def _to_both(
    sponsorship: Sponsorship, names: tuple[str, str], time: str, context: Mapping[str, object]
) -> None:
    """Two mails about one thing: the company's, then the maintainers', who read no more than they
    may."""
    company = [sponsorship.company.billing_email, sponsorship.bought_by.email]
    people = sponsorship.project.maintainers.select_related("user")
    maintainers = [person.user.email for person in people]
    for name, recipients in zip(names, (company, maintainers), strict=True):
        outbox.write(
            key=f"{name}:{time}",
            recipients=recipients,
            template=f"sponsorships/mail/{name}.txt",
            context=dict(context),
        )


def all_is_well(sponsorship: Sponsorship) -> None:
    """To the company: what had failed is paid, and it goes on. Once each time."""
    outbox.write(
        key=f"all-is-well:{sponsorship.pk}:{sponsorship.moves.count()}",
        recipients=_payers(sponsorship),
        template="sponsorships/mail/all_is_well.txt",
        context={"sponsorship": sponsorship},
    )


def lapsed(sponsorship: Sponsorship) -> None:
    """To the company: it ended because it was not paid, and how to come back."""
    outbox.write(
        key=f"lapsed:{sponsorship.pk}",
        recipients=_payers(sponsorship),
        template="sponsorships/mail/lapsed.txt",
        context={"sponsorship": sponsorship},
    )


def has_left(sponsorship: Sponsorship) -> None:
    """To the maintainers: who is a sponsor no longer. Not why: that is between the company and its
    bank."""
    people = sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=f"has-left:{sponsorship.pk}",
        recipients=[person.user.email for person in people],
        template="sponsorships/mail/has_left.txt",
        context={"sponsorship": sponsorship},
    )


def _payers(sponsorship: Sponsorship) -> list[str]:
    return [sponsorship.company.billing_email, sponsorship.bought_by.email]


def update(update: Update, *, to: User, company: Company, signed: str) -> None:
    """To somebody who acts for a sponsor: what the maintainers tell, and how to stop it."""
    outbox.write(
        key=f"update:{update.pk}:{to.pk}",
        recipients=[to.email],
        template="sponsorships/mail/update.txt",
        context={"update": update, "company": company, "signed": signed},
    )


def project_archived(sponsorships: Sequence[Sponsorship]) -> None:
    """To a company: the project takes no money any more, and what becomes of each of its
    sponsorships there, which all are."""
    one = sponsorships[0]
    buyers = [each.bought_by.email for each in sponsorships]
    outbox.write(
        key=_archived_key(one),
        recipients=[one.company.billing_email, *buyers],
        template="sponsorships/mail/project_archived.txt",
        context={"project": one.project, "sponsorships": sponsorships},
    )


def not_told_of_archive(sponsorships: Sequence[Sponsorship]) -> list[Sponsorship]:
    """Those whose company has not been written to since the project was archived."""
    keys = {_archived_key(one) for one in sponsorships}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [one for one in sponsorships if _archived_key(one) not in told]


def _archived_key(one: Sponsorship) -> str:
    """Once a company each time that the project is archived."""
    at = one.project.archived_at
    return f"archived:{one.project_id}:{at.isoformat() if at else ''}:{one.company_id}"


# Seats of programmes


def seat_kept(commitment: Commitment) -> None:
    """To who signed: the seat is theirs until a day; what has to come by then."""
    _of_seat("seat_kept", commitment)


def seat_promised(commitment: Commitment) -> None:
    """To the company: what was promised, in the words that were signed."""
    _of_seat("seat_promised", commitment)


def seat_withdrawn(commitment: Commitment) -> None:
    _of_seat("seat_withdrawn", commitment)


def seat_expired(commitment: Commitment) -> None:
    """To the company: the seat went back, and nothing was charged."""
    _of_seat("seat_expired", commitment)


def seat_released(commitment: Commitment) -> None:
    """To the company: the call closed without its promise, and nothing is charged."""
    _of_seat("seat_released", commitment)


def seat_offered(commitment: Commitment) -> None:
    """To who waited: a seat is free, and theirs if somebody signs in time."""
    _of_seat("seat_offered", commitment)


def asked_again(commitment: Commitment, *, call: FundingCall) -> None:
    """To who paid for the round before: the next one looks for sponsors."""
    _of_seat("asked_again", commitment, key=f"asked-again:{call.pk}:{commitment.pk}", call=call)


def report_published(commitment: Commitment) -> None:
    """To who paid for a round: its final report is there."""
    _of_seat("report_published", commitment)


def about_seats(company: Company, *, by: User) -> list[str]:
    """Where mail about its seats goes: to its billing address, and to who signed or waits for it; once
    they act for it no longer, to everybody who does."""
    people = access.who_may("see", company)
    return [company.billing_email, *(one.email for one in people if one == by or by not in people)]


def _of_seat(name: str, commitment: Commitment, *, key: str = "", **more: object) -> None:
    outbox.write(
        key=key or f"{name}:{commitment.pk}",
        recipients=about_seats(commitment.company, by=commitment.accepted_by),
        template=f"sponsorships/mail/{name}.txt",
        context={"commitment": commitment, **more},
    )
