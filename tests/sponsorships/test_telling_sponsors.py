"""What maintainers tell is mailed once to the sponsors who want it, and one button stops it."""

from datetime import timedelta

import pytest
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Project, Update
from sponsors.companies.models import Membership
from sponsors.sponsorships import mail, tasks, telling_sponsors
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world
from tests.racing import together

pytestmark = pytest.mark.database


@pytest.fixture
def sponsorship(engine):
    return scenarios.paid(engine, factories.company(display_name="Kestrel"))


def tell(project, *, ago=timedelta(hours=1), **values):
    values = {"title": "Two releases", "body": "# Done\n\n- One\n- *Two* & three"} | values
    author = project.maintainers.get().user
    return Update.objects.create(
        project=project, author=author, published_at=clock.now() - ago, **values
    )


def sent():
    return Message.objects.filter(key__startswith="update:").order_by("key")


def test_each_of_a_companys_people_gets_one_mail(sponsorship):
    second = factories.user()
    Membership.objects.create(company=sponsorship.company, user=second)
    update = tell(sponsorship.project)

    tasks.mail_updates()

    people = [sponsorship.bought_by, second]
    assert [m.recipients for m in sent()] == [[p.email] for p in people]
    assert [m.key for m in sent()] == [f"update:{update.pk}:{p.pk}" for p in people]


def test_the_words_come_as_they_were_written(sponsorship):
    update = tell(sponsorship.project)

    tasks.mail_updates()

    message = sent().get()
    assert message.subject == f"{sponsorship.project.name}: Two releases"
    assert "# Done\n\n- One\n- *Two* & three" in message.body
    assert update.get_absolute_url() in message.body


def test_it_is_mailed_once_however_often_the_job_runs(sponsorship):
    tell(sponsorship.project)

    for _ in range(3):
        tasks.mail_updates()

    assert sent().count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_jobs_at_once_mail_it_once():
    with world.engine() as engine:
        sponsorship = scenarios.paid(engine)
        tell(sponsorship.project)

        together(lambda: telling_sponsors.mail_due(now=clock.now()), threads=10)

    assert sent().count() == 1


def test_a_crash_leaves_both_or_neither(sponsorship, monkeypatch):
    tell(sponsorship.project)

    def crash(*_, **__):
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(mail, "update", crash)
    with pytest.raises(RuntimeError):
        tasks.mail_updates()
    monkeypatch.undo()

    assert Update.objects.to_be_mailed().count() == 1
    tasks.mail_updates()
    assert sent().count() == 1


def test_who_does_not_want_it_gets_none(sponsorship):
    Sponsorship.objects.update(wants_updates=False)
    tell(sponsorship.project)

    tasks.mail_updates()

    assert not sent().exists()
    assert not Update.objects.to_be_mailed().exists()


def test_who_stands_no_longer_gets_none(sponsorship):
    Sponsorship.objects.update(stands_until=clock.now() - timedelta(days=1))
    tell(sponsorship.project)

    tasks.mail_updates()

    assert not sent().exists()


def test_a_closed_account_gets_none(sponsorship):
    sponsorship.bought_by.is_active = False
    sponsorship.bought_by.save()
    tell(sponsorship.project)

    tasks.mail_updates()

    assert not sent().exists()


def test_who_acts_for_two_companies_gets_one(engine, sponsorship):
    other = factories.company(sponsorship.bought_by)
    scenarios.paid(engine, other, factories.tier(sponsorship.project))
    tell(sponsorship.project)

    tasks.mail_updates()

    assert sent().count() == 1


@pytest.mark.parametrize(
    ("values", "mails", "waits"),
    [
        ({"ago": timedelta(days=8)}, 0, 0),  # no news any more: marked, not mailed
        ({"ago": timedelta(days=6)}, 1, 0),
        ({"ago": -timedelta(hours=1)}, 0, 1),  # to come
        ({"mail_sponsors": False}, 0, 0),
    ],
)
def test_only_news_is_mailed(sponsorship, values, mails, waits):
    tell(sponsorship.project, **values)

    tasks.mail_updates()

    assert (sent().count(), Update.objects.to_be_mailed().count()) == (mails, waits)


def test_a_draft_tells_nobody(sponsorship):
    tell(sponsorship.project)
    Project.objects.update(status=Project.Status.DRAFT)

    tasks.mail_updates()

    assert not sent().exists()


# No more of these


def link(sponsorship):
    tell(sponsorship.project)
    tasks.mail_updates()
    words = sent().get().body.split()
    return next(word for word in words if "/updates/off/" in word).partition("//")[2][
        len("localhost:8000") :
    ]


def test_opening_the_link_changes_nothing_and_the_button_stops_the_mail(sponsorship):
    path, anybody = link(sponsorship), Client()

    page = anybody.get(path)
    sponsorship.refresh_from_db()
    assert (page.status_code, sponsorship.wants_updates) == (200, True)

    assert "No more mail" in anybody.post(path).content.decode()
    sponsorship.refresh_from_db()
    assert not sponsorship.wants_updates


def test_other_companies_keep_their_mail(engine, sponsorship):
    other = scenarios.paid(engine, tier=factories.tier(sponsorship.project))
    telling_sponsors.turn_off(telling_sponsors.Stop(sponsorship.project, sponsorship.bought_by_id))

    other.refresh_from_db()
    assert other.wants_updates


def test_a_link_that_we_did_not_make_leads_nowhere(sponsorship):
    path = link(sponsorship)

    for wrong in (path[:-4] + "xyz/", "/updates/off/nonsense/", "/updates/off/a:b:c/"):
        assert Client().get(wrong).status_code == 404
        assert Client().post(wrong).status_code == 404
    sponsorship.refresh_from_db()
    assert sponsorship.wants_updates
