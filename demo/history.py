"""A year of the site in a minute. Nothing is drawn: projects are written down and money is
paid through the site's own processes and Stripe's pages, day by day, as the cast says."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random

from django.db.models import Q

from demo import founding, keeping, spending, sponsoring, timetable
from demo.bridge import Bridge
from demo.cast import Pledge, Sponsor
from demo.projects import Funded, Gift
from funding.office import clock
from funding.office.models import Message
from funding.projects import archiving, offering, recording, telling
from funding.projects.models import Grant, Project, Tier, Update
from sponsors.billing.models import Invoice
from sponsors.sponsorships.models import Status

DAYS = 365
MAILS_LEFT = 3
KEPT_UNTIL = 350  # promises that fall due later wait for whoever looks at the demo
FULLEST = "harbour-rest"
PAID_OUT = 3  # the day of a week, counted as the history counts them

Deed = Callable[[], None]


def first_day(now: datetime) -> datetime:
    return datetime.combine(now.date() - timedelta(days=DAYS), time(), UTC)


class Year:
    """The deeds of everybody in the order of their moments, and the walk through them."""

    def __init__(self, bridge: Bridge, sponsors: Sequence[Sponsor], *, seed: str) -> None:
        self.bridge = bridge
        self.beginning = clock.now()
        self.sponsors = {sponsor.key: sponsor for sponsor in sponsors}
        self.random = Random(seed)
        self.deeds: list[tuple[datetime, int, Deed]] = []

    def plan(self, at: datetime, deed: Deed) -> None:
        self.deeds.append((at, len(self.deeds), deed))

    def walk(self, until: datetime, tell: Callable[[datetime], None]) -> None:
        """Everything that is planned, and what falls due on each day, up to `until`."""
        for day in range((until - self.beginning).days + 1):
            self.plan(self._at(day, hour=23), timetable.run)
            if day % 7 == PAID_OUT:
                self.plan(self._at(day, hour=6), self._pay_out)
        told = self.beginning
        for at, _, deed in sorted(self.deeds, key=lambda planned: planned[:2]):
            if at > until:
                break
            self.bridge.walk(at)
            deed()
            self.bridge.learn()
            if at - told > timedelta(days=90):
                told = at
                tell(at)

    def finish(self, now: datetime) -> None:
        self.bridge.walk(now)
        timetable.run()

    def project(self, funded: Funded) -> None:
        """One project with all that its maintainers do in the year."""
        project = founding.found(funded, on=self.beginning)
        for at, update in founding.updates(project, since=self.beginning):
            self.plan(at, partial(_publish, update))
        for gift in funded.gifts:
            self.plan(self._at(gift.came), partial(self._receive, project, gift))
        for offer in funded.offers:
            if offer.closes is not None:
                tier = project.tiers.get(name=offer.name)
                self.plan(self._at(offer.closes), partial(_close, tier))
        for at in self._ends_of_months():
            self.plan(at, partial(spending.pay, project, funded, on=at.date()))
        for day in range(30, KEPT_UNTIL, 30):
            self.plan(self._at(day), partial(self._keep, project))
        if funded.slug == FULLEST:
            self.plan(self._at(340), partial(keeping.put_right, project))
            self.plan(self._at(361), partial(keeping.begin_update, project))
            self.plan(self._at(362), lambda: keeping.invite(project, now=clock.now()))
        if funded.archived is not None:
            self.plan(self._at(funded.archived), partial(_archive, project, funded))

    def pledge(self, pledge: Pledge) -> None:
        sponsor = self.sponsors[pledge.sponsor]
        join = partial(sponsoring.join, self.bridge, sponsor, pledge)
        self.plan(self._at(pledge.day), join)
        for day, *what in pledge.then:
            go_on = partial(sponsoring.go_on, self.bridge, sponsor, pledge, *what)
            self.plan(self._at(day), go_on)

    def _at(self, day: int, *, hour: int | None = None) -> datetime:
        """A moment of working hours on that day."""
        if hour is None:
            minutes = self.random.randrange(8 * 60, 18 * 60)
        else:
            minutes = hour * 60
        return self.beginning + timedelta(days=day, minutes=minutes)

    def _ends_of_months(self) -> list[datetime]:
        firsts = [
            datetime(self.beginning.year + (month // 12), month % 12 + 1, 1, 14, tzinfo=UTC)
            for month in range(self.beginning.month, self.beginning.month + 12)
        ]
        return [first - timedelta(days=1) for first in firsts]

    def _pay_out(self) -> None:
        """Once a week, all that is available goes to the bank."""
        sums = self.bridge.engine.account.sums
        for currency in sorted(name for state, name in sums if state == "available"):
            if sums["available", currency] > 0:
                self.bridge.engine.pay_out(currency)

    def _keep(self, project: Project) -> None:
        keeping.keep_promises(project, now=clock.now())

    def _receive(self, project: Project, gift: Gift) -> None:
        first = self.beginning.date()
        recording.record_grant(
            Grant(
                project=project, funder=gift.funder, amount=gift.amount,
                received_on=clock.today(), starts_on=first + timedelta(days=gift.first),
                ends_on=first + timedelta(days=gift.last),
            )
        )  # fmt: skip


def _publish(update: Update) -> None:
    update.save()
    telling.publish(update=update, mail_sponsors=True, by=update.author, now=clock.now())


def _close(tier: Tier) -> None:
    offering.close(tier, project=tier.project, by=keeping.owner_of(tier.project))


def _archive(project: Project, funded: Funded) -> None:
    spending.pay_the_rest(project, on=clock.today())
    archiving.archive(project=project, by=keeping.owner_of(project), now=clock.now())


def leave_newest_mails() -> None:
    """History's mails count as sent, but for the last few and those of cards that fail now: they
    go out when the demo starts."""
    newest = Message.objects.order_by("-id").values_list("id", flat=True)[:MAILS_LEFT]
    open_now = Invoice.objects.filter(status="open", sponsorship__status=Status.PAST_DUE)
    failed = [f"payment-failed:{one.stripe_id}" for one in open_now]
    left = Q(id__in=list(newest)) | Q(key__in=failed)
    old = Message.objects.waiting().exclude(left)
    for message in old:
        message.status, message.sent_at = Message.Status.SENT, message.written_at
    Message.objects.bulk_update(old, ["status", "sent_at"])
