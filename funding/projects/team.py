"""The team: who is asked to run a project, who answers, and how parts in it change hands. One deed at
a time for each project, and whoever does it is looked at again then, so that at every instant at
least one person is an owner."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts import asking
from funding.accounts.asking import LASTS, MOST_A_DAY
from funding.accounts.models import User
from funding.office import clock
from funding.projects import access, editing, mail
from funding.projects.models import Invitation, Maintainer, Project
from funding.projects.refusals import Refused

OWNER = Maintainer.Role.OWNER


# Invitations


def invite(*, project: Project, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Ask somebody by mail. Raises `Refused` when they are here, or asked already."""
    email = email.lower()
    with transaction.atomic():
        _one_at_a_time(by)
        _insist_owner(project, by)
        open_ones = Invitation.objects.filter(
            project=project, email=email, accepted_at=None, withdrawn_at=None
        )
        if _runs_it(project, email):
            raise Refused(f"Whoever has the address {email} runs {project} already.")
        if open_ones.waiting(now).exists():
            raise Refused(f"{email} is invited already. On the team’s page you can send it again.")
        open_ones.update(withdrawn_at=now)  # it had expired
        made = _write(project, email, role, by, now)
        editing.note(project, by, f"invited {made.masked} as {access.a(role)}", deed="run")
    return made


def send_again(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The same with a new link and a new week; the old link leads nowhere any more."""
    with transaction.atomic():
        _one_at_a_time(by)
        _insist_owner(invitation.project, by)
        if not _close(invitation, now):
            raise Refused("This invitation was answered or withdrawn just now.")
        _write(invitation.project, invitation.email, invitation.role, by, now)
        did = f"invited {invitation.masked} once more"
        editing.note(invitation.project, by, did, deed="run")


def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    with transaction.atomic():
        _insist_owner(invitation.project, by)
        if not _close(invitation, now):
            raise Refused("This invitation was answered or withdrawn just now.")
        did = f"withdrew the invitation of {invitation.masked}"
        editing.note(invitation.project, by, did, deed="run")


def withdraw_orphaned(project_id: int) -> None:
    """An invitation is an owner's word: it holds no longer than they are one."""
    owners = Maintainer.objects.filter(project=project_id, role=OWNER).values("user")
    rows = Invitation.objects.filter(project=project_id, accepted_at=None, withdrawn_at=None)
    rows.exclude(invited_by__in=owners).update(withdrawn_at=clock.now())


def by_secret(secret: str) -> Invitation | None:
    """The invitation that a link leads to, whatever became of it."""
    rows = Invitation.objects.select_related("project", "invited_by")
    return rows.filter(secret_digest=asking.digest(secret)).first()


def waiting_for(user: User, *, now: datetime) -> QuerySet[Invitation]:
    """Invitations to addresses that this person has shown to be theirs, and may still accept."""
    rows = Invitation.objects.waiting(now).filter(email__in=asking.shown_by(user))
    return rows.exclude(project__maintainers__user=user).select_related("project", "invited_by")


def is_theirs(invitation: Invitation, user: User) -> bool:
    """Whether this person has shown that the address is theirs."""
    return invitation.email.lower() in asking.shown_by(user)


def accept(*, invitation: Invitation, by: User, now: datetime) -> None:
    """From now on they run the project too. Raises `Refused` when it is not theirs, not open any
    more, or not needed."""
    with transaction.atomic():
        _one_at_a_time(by)
        asked = _locked(invitation, by, now)
        if Maintainer.objects.filter(project=asked.project_id, user=by).exists():
            raise Refused(f"You run {asked.project} already.")
        Maintainer.objects.create(project=asked.project, user=by, role=asked.role, since=now)
        Invitation.objects.filter(pk=asked.pk).update(accepted_at=now, accepted_by=by)
        editing.note(asked.project, by, f"joined as {access.a(asked.role)}")
        mail.answered(asked, by=by, accepted=True)


def decline(*, invitation: Invitation, by: User, now: datetime) -> None:
    with transaction.atomic():
        asked = _locked(invitation, by, now)
        Invitation.objects.filter(pk=asked.pk).update(withdrawn_at=now)
        editing.note(asked.project, by, "declined the invitation", deed="run")
        mail.answered(asked, by=by, accepted=False)


# Parts in it


def change_role(*, maintainer: Maintainer, role: str, by: User) -> None:
    with transaction.atomic():
        _insist_owner(maintainer.project, by)
        row = _again(maintainer)
        if row.role == role:
            return
        _insist_an_owner_stays(row)
        before = row.role
        _give(row, role)
        withdraw_orphaned(row.project_id)
        did = f"made {{about}} {access.a(role)}; before, {access.a(before)}"
        editing.note(row.project, by, did, about=row.user)
        mail.role_changed(row, by=by)


def remove(*, maintainer: Maintainer, by: User) -> None:
    with transaction.atomic():
        _insist_owner(maintainer.project, by)
        row = _again(maintainer)
        _insist_an_owner_stays(row)
        Maintainer.objects.filter(pk=row.pk).delete()
        withdraw_orphaned(row.project_id)
        did = f"removed {{about}}, who was {access.a(row.role)}"
        editing.note(row.project, by, did, about=row.user)
        mail.removed(row, by=by)


def leave(*, maintainer: Maintainer) -> None:
    with transaction.atomic():
        editing.lock(maintainer.project)
        row = _again(maintainer)
        _insist_an_owner_stays(row)
        Maintainer.objects.filter(pk=row.pk).delete()
        withdraw_orphaned(row.project_id)
        editing.note(row.project, row.user, f"left; before, {access.a(row.role)}")
        mail.left(row)


def hand_over(*, owner: Maintainer, to: Maintainer, then: str | None) -> None:
    """Somebody else is an owner, and who was one gets the role `then` or leaves: in one step, so
    that nothing is without an owner in between."""
    with transaction.atomic():
        _insist_owner(owner.project, owner.user)
        before, after = _again(owner), _again(to)
        _give(after, OWNER)
        if then is None:
            Maintainer.objects.filter(pk=before.pk).delete()
            mail.left(before)
        else:
            _give(before, then)
        withdraw_orphaned(before.project_id)
        became = f"became {access.a(then)}" if then else "left"
        did = f"handed the project over to {{about}} and {became}"
        editing.note(before.project, before.user, did, about=after.user)
        mail.handed_over(after, by=before.user)


def _one_at_a_time(by: User) -> None:
    """Of a person's invitations, sent and answered, in whichever projects; before any project is
    locked. Who has left meanwhile sends and answers none."""
    if not User.objects.hold(by):
        raise Refused("This account is closed, so nothing was changed.")


def _insist_owner(project: Project, by: User) -> None:
    """From here on nobody else changes the team; whoever asks may still do so."""
    editing.lock(project)
    if not Maintainer.objects.filter(project=project, user=by, role=OWNER).exists():
        raise Refused(f"You are no owner of {project} any more, so nothing was changed.")


def _insist_an_owner_stays(row: Maintainer) -> None:
    others = Maintainer.objects.filter(project=row.project_id, role=OWNER).exclude(pk=row.pk)
    if row.role == OWNER and not others.exists():
        raise Refused(
            f"{row.project} needs an owner, and there is no other. Make somebody else an owner "
            "first, or hand the project over."
        )


def _again(maintainer: Maintainer) -> Maintainer:
    """As it is now, under the lock."""
    rows = Maintainer.objects.select_related("project", "user")
    row = rows.filter(pk=maintainer.pk).first()
    if row is None:
        raise Refused(f"{maintainer.user} does not run {maintainer.project} any more.")
    return row


def _give(row: Maintainer, role: str) -> None:
    row.role = role
    row.save(update_fields=["role"])


def _locked(invitation: Invitation, by: User, now: datetime) -> Invitation:
    editing.lock(invitation.project)
    rows = Invitation.objects.select_related("project", "invited_by")
    asked = rows.get(pk=invitation.pk)
    if not is_theirs(asked, by):
        raise Refused("This invitation was sent to another address.")
    if not asked.is_waiting(now):
        raise Refused("This invitation cannot be answered any more.")
    return asked


def _write(project: Project, email: str, role: str, by: User, now: datetime) -> Invitation:
    lately = Invitation.objects.filter(invited_by=by, created_at__gt=now - timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        raise Refused(
            f"You have sent {MOST_A_DAY} invitations within a day, which is the most there can be."
            " Send the next one tomorrow."
        )
    secret = asking.new_secret()
    made = Invitation.objects.create(
        project=project, email=email, role=role, secret_digest=asking.digest(secret), invited_by=by,
        created_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    mail.invitation(made, secret=secret)
    return made


def _close(invitation: Invitation, now: datetime) -> bool:
    rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    return bool(rows.update(withdrawn_at=now))


def _runs_it(project: Project, email: str) -> bool:
    return project.maintainers.filter(user__in=asking.people_at(email)).exists()
