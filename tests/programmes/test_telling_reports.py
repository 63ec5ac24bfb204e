"""Who paid for a round is told of its final report, once."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import Round
from sponsors.sponsorships import tasks, telling_sponsors
from tests.programmes.money import DECLINED, GOOD, all_promised, run

pytestmark = pytest.mark.django_db


def published(call):
    Round.objects.filter(pk=call.round_id).update(report="Done.", reported_at=clock.now())


def told():
    return Message.objects.filter(key__startswith="report_published:")


def test_who_paid_is_told_once_and_who_did_not_is_not(engine):
    call, made = all_promised(engine, cards=(GOOD, GOOD, DECLINED))
    run(engine)
    published(call)

    for _ in range(2):
        tasks.mail_reports()

    assert sorted(one.key for one in told()) == [f"report_published:{one.pk}" for one in made[:2]]
    assert all(f"{call.round.get_absolute_url()}#report" in one.body for one in told())


def test_nobody_is_told_before_it_is_published(engine):
    call, _ = all_promised(engine)
    run(engine)
    Round.objects.filter(pk=call.round_id).update(report="A draft.")

    tasks.mail_reports()

    assert not told().exists()


def test_an_old_report_is_no_news(engine):
    call, _ = all_promised(engine)
    run(engine)
    published(call)

    late = clock.now() + telling_sponsors.NEWS_FOR + timedelta(days=1)

    assert telling_sponsors.mail_reports(now=late) == 0
    assert not told().exists()
