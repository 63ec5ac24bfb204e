"""Who does what for a programme: parts given, accepted and taken away. One deed at a time for each
programme, and whoever does it is looked at again then, so that at every instant at least one person
organises it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from funding.accounts import asking
from funding.accounts.models import User
from funding.office import clock
from funding.programmes import access, editing, hanging, log
from funding.programmes.mail import desk as mail
from funding.programmes.models import (
    Application,
    Part,
    PartInvitation,
    Place,
    Programme,
    Round,
)
from funding.programmes.refusals import Refused
from funding.projects.models import Maintainer

ORGANISER = Part.Role.ORGANISER
NOT_CHOSEN = Application.Outcome.NOT_CHOSEN
OVER = [one for one in Place.Status if one not in Place.ACTIVE]


def candidates(programme: Programme) -> QuerySet[User]:
    """Who can be given a part at once: the people of its projects."""
    joined = programme.hostings.exclude(joined_at=None).values("project")
    return User.objects.filter(
        pk__in=Maintainer.objects.filter(project__in=joined).values("user"), is_active=True
    ).order_by("name", "email")


# Parts


@transaction.atomic
def give(*, programme: Programme, user: User, role: str, by: User, now: datetime) -> None:
    """A part for one of the projects' people; they are told. Raises `Refused` when they have it."""
    editing.lock(programme, by, "run")
    if not candidates(programme).filter(pk=user.pk).exists():
        raise Refused(f"{user} runs none of its projects any more. Invite them by mail.")
    _insist_impartial(programme, user, role, said=f"{user} has")
    _add(programme, user, role, now)
    log.note_of_programme(programme, by, f"made somebody {a(role)}")
    mail.part_given(programme, user=user, role=role, by=by)


@transaction.atomic
def take_away(*, part: Part, by: User) -> None:
    editing.lock(part.programme, by, "run")
    row = _again(part)
    _remove(row)
    log.note_of_programme(row.programme, by, f"took somebody’s part as {row.role} away")
    mail.part_taken_away(row, by=by)


@transaction.atomic
def give_up(*, part: Part, by: User) -> None:
    """A person's own part, whichever it is."""
    Programme.objects.select_for_update(of=("self",)).get(pk=part.programme_id)
    row = _again(part)
    if row.user_id != by.pk:
        raise Refused("This part is somebody else’s, so nothing was changed.")
    _remove(row)
    log.note_of_programme(row.programme, by, f"gave up being {a(row.role)}")


# Invitations


def invite(
    *, programme: Programme, email: str, role: str, by: User, now: datetime
) -> PartInvitation:
    """Ask somebody by mail. Raises `Refused` when they do it, or are asked already."""
    email = email.lower()
    with transaction.atomic():
        _one_at_a_time(by)
        editing.lock(programme, by, "run")
        if programme.parts.filter(user__in=asking.people_at(email), role=role).exists():
            raise Refused(f"Whoever has the address {email} is {a(role)} already.")
        open_ones = programme.invitations.filter(
            email=email, role=role, accepted_at=None, withdrawn_at=None
        )
        if PartInvitation.objects.waiting(now).filter(pk__in=open_ones).exists():
            raise Refused(f"{email} is invited already. On this page you can send it again.")
        open_ones.update(withdrawn_at=now)  # it had expired
        made = _write(programme, email, role, by, now)
        log.note_of_programme(programme, by, f"invited somebody as {a(role)}")
    return made


def send_again(*, invitation: PartInvitation, by: User, now: datetime) -> None:
    """The same with a new link and a new week; the old link leads nowhere any more."""
    with transaction.atomic():
        _one_at_a_time(by)
        editing.lock(invitation.programme, by, "run")
        _close(invitation, now)
        _write(invitation.programme, invitation.email, invitation.role, by, now)


@transaction.atomic
def withdraw(*, invitation: PartInvitation, by: User, now: datetime) -> None:
    editing.lock(invitation.programme, by, "run")
    _close(invitation, now)


def withdraw_orphaned(programme: Programme, *, now: datetime) -> None:
    """An invitation is an organiser's word: it holds no longer than they are one."""
    organisers = programme.parts.filter(role=ORGANISER).values("user")
    rows = programme.invitations.filter(accepted_at=None, withdrawn_at=None)
    rows.exclude(invited_by__in=organisers).update(withdrawn_at=now)


def by_secret(secret: str) -> PartInvitation | None:
    """The invitation that a link leads to, whatever became of it."""
    rows = PartInvitation.objects.select_related("programme", "invited_by")
    return rows.filter(secret_digest=asking.digest(secret)).first()


def waiting_for(user: User, *, now: datetime) -> QuerySet[PartInvitation]:
    """Invitations to addresses that this person has shown to be theirs, and may still accept."""
    rows = PartInvitation.objects.waiting(now).filter(email__in=asking.shown_by(user))
    return rows.select_related("programme", "invited_by")


def is_theirs(invitation: PartInvitation, user: User) -> bool:
    return invitation.email.lower() in asking.shown_by(user)


def is_waiting(invitation: PartInvitation, now: datetime) -> bool:
    closed = invitation.accepted_at or invitation.withdrawn_at
    return not closed and now < invitation.expires_at


def accept(*, invitation: PartInvitation, by: User, now: datetime) -> None:
    """From now on the part is theirs."""
    with transaction.atomic():
        _one_at_a_time(by)
        asked = _locked(invitation, by, now)
        _insist_impartial(asked.programme, by, asked.role, said="You have")
        _add(asked.programme, by, asked.role, now)
        PartInvitation.objects.filter(pk=asked.pk).update(accepted_at=now, accepted_by=by)
        log.note_of_programme(asked.programme, by, f"joined as {a(asked.role)}")
        mail.part_answered(asked, by=by, accepted=True)


def decline(*, invitation: PartInvitation, by: User, now: datetime) -> None:
    with transaction.atomic():
        asked = _locked(invitation, by, now)
        PartInvitation.objects.filter(pk=asked.pk).update(withdrawn_at=now)
        mail.part_answered(asked, by=by, accepted=False)


def a(role: str) -> str:
    """An organiser, a mentor."""
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _one_at_a_time(by: User) -> None:
    """Of a person's invitations, sent and answered; before any programme is locked."""
    if not User.objects.hold(by):
        raise Refused("This account is closed, so nothing was changed.")


def _add(programme: Programme, user: User, role: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            Part.objects.create(programme=programme, user=user, role=role, since=now)
    except IntegrityError:
        raise Refused(f"{user} is {a(role)} already.") from None


def _insist_impartial(programme: Programme, user: User, role: str, *, said: str) -> None:
    """Raises `Refused` while they may still be chosen by those whose part they would have. Drafts hold
    up nobody: they cannot be sent from then on."""
    if role not in access.MAY["choose"] | access.MAY["review"]:
        return
    theirs = Application.objects.submitted().filter(
        user=user, round__programme=programme, round__status=Round.Status.OPEN
    )
    told = theirs.exclude(round__announced_at__isnull=False, outcome=NOT_CHOSEN)
    found = told.exclude(place__status__in=OVER).select_related("round__programme").first()
    if found is not None:
        raise Refused(
            f"{said} applied to {found.round}, and nobody is {a(role)} of a programme that may choose "
            "them. It is possible once the application is withdrawn, not chosen, or its place is over."
        )


def _remove(row: Part) -> None:
    others = row.programme.parts.filter(role=ORGANISER).exclude(pk=row.pk)
    if row.role == ORGANISER and not others.exists():
        raise Refused(
            f"{row.programme} needs an organiser, and there is no other. Give somebody else that "
            "part first."
        )
    Part.objects.filter(pk=row.pk).delete()
    hanging.end(row.programme, row.user)
    withdraw_orphaned(row.programme, now=clock.now())


def _again(part: Part) -> Part:
    """As it is now, under the lock."""
    row = Part.objects.select_related("programme", "user").filter(pk=part.pk).first()
    if row is None:
        raise Refused(f"{part.user} has this part no longer.")
    return row


def _locked(invitation: PartInvitation, by: User, now: datetime) -> PartInvitation:
    Programme.objects.select_for_update(of=("self",)).get(pk=invitation.programme_id)
    asked = PartInvitation.objects.select_related("programme", "invited_by").get(pk=invitation.pk)
    if not is_theirs(asked, by):
        raise Refused("This invitation was sent to another address.")
    if not is_waiting(asked, now):
        raise Refused("This invitation cannot be answered any more.")
    return asked


def _write(programme: Programme, email: str, role: str, by: User, now: datetime) -> PartInvitation:
    lately = PartInvitation.objects.filter(invited_by=by, created_at__gt=now - timedelta(days=1))
    if lately.count() >= asking.MOST_A_DAY:
        raise Refused(
            f"You have sent {asking.MOST_A_DAY} invitations within a day, which is the most there "
            "can be. Send the next one tomorrow."
        )
    secret = asking.new_secret()
    made = PartInvitation.objects.create(
        programme=programme, email=email, role=role, secret_digest=asking.digest(secret),
        invited_by=by, created_at=now, expires_at=now + asking.LASTS,
    )  # fmt: skip
    mail.part_offered(made, secret=secret)
    return made


def _close(invitation: PartInvitation, now: datetime) -> None:
    rows = PartInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not rows.update(withdrawn_at=now):
        raise Refused("This invitation was answered or withdrawn just now.")
