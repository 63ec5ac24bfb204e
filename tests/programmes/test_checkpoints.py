"""Planning checkpoints: instalments that sum exactly, dates in order, and what stands still."""

from dataclasses import replace
from datetime import timedelta

import pytest

from funding.ledger.money import Money
from funding.programmes import checkpoints
from funding.programmes.models import Phase
from tests.programmes import running_scenes as running

pytestmark = pytest.mark.database


@pytest.fixture
def round_(db):
    return running.round_(checkpoints=0)


def asked(round_, *parts):
    """One a part, each a week after the one before."""
    starts = round_.phases.get(kind=Phase.Kind.RUNNING).starts_at
    return [
        checkpoints.Asked(
            f"Checkpoint {n}", starts + timedelta(days=7 * n), starts + timedelta(days=7 * n + 3),
            part, "What was done?", "How does it go?",
        )
        for n, part in enumerate(parts, start=1)
    ]  # fmt: skip


def plan(round_, rows):
    checkpoints.plan(round_, rows, by=running.organiser(round_))


def test_instalments_that_sum_to_the_stipend_are_kept(round_):
    plan(round_, asked(round_, 80000, 80000, 80000))

    assert [one.instalment for one in round_.checkpoints.all()] == [80000] * 3


@pytest.mark.parametrize(
    ("parts", "words"), [((80000, 80000), "less than"), ((240000, 1), "more than")]
)
def test_instalments_that_do_not_sum_are_refused_with_what_is_missing(round_, parts, words):
    with pytest.raises(checkpoints.NotSo, match=words):
        plan(round_, asked(round_, *parts))
    assert not round_.checkpoints.exists()


def test_dates_out_of_order_are_refused(round_):
    with pytest.raises(checkpoints.NotSo, match="in order"):
        plan(round_, list(reversed(asked(round_, 120000, 120000))))


def test_a_checkpoint_outside_the_running_phase_is_refused(round_):
    [one] = asked(round_, 240000)

    with pytest.raises(checkpoints.NotSo, match="running phase"):
        plan(round_, [replace(one, due_at=one.due_at + timedelta(days=365))])


def test_a_checkpoint_that_is_due_before_it_opens_is_refused(round_):
    [one] = asked(round_, 240000)

    with pytest.raises(checkpoints.NotSo, match="before it opens"):
        plan(round_, [replace(one, due_at=one.opens_at)])


def test_equal_parts_differ_by_one_minor_unit_at_most():
    assert checkpoints.equal_parts(Money(100, "GBP"), 3) == [34, 33, 33]


def test_an_earlier_rounds_checkpoints_come_over_with_its_proportions(round_):
    plan(round_, asked(round_, 60000, 180000))
    later = running.round_(round_.programme, checkpoints=0)
    later.call.stipend = 1000
    later.call.save()

    copied = checkpoints.like(round_, later)

    assert [one.instalment for one in copied] == [250, 750]
    begin = later.phases.get(kind="running").starts_at
    assert copied[0].opens_at - begin == timedelta(days=7)


def test_checkpoints_stand_still_once_somebody_has_accepted(round_):
    plan(round_, asked(round_, 240000))
    running.place(round_)

    with pytest.raises(checkpoints.Fixed):
        plan(round_, asked(round_, 120000, 120000))
    assert round_.checkpoints.count() == 1


def typed(round_, *parts):
    rows = asked(round_, *range(1, len(parts) + 1))
    data = {"row-TOTAL_FORMS": str(len(parts)), "row-INITIAL_FORMS": str(len(parts))}
    for n, (row, part) in enumerate(zip(rows, parts, strict=True)):
        data |= {
            f"row-{n}-title": row.title, f"row-{n}-instalment": part,
            f"row-{n}-opens_at": f"{row.opens_at:%Y-%m-%dT%H:%M}",
            f"row-{n}-due_at": f"{row.due_at:%Y-%m-%dT%H:%M}",
            f"row-{n}-asks_participant": "A", f"row-{n}-asks_mentor": "B",
        }  # fmt: skip
    return data


def address(round_):
    return f"/organise/{round_.programme.slug}/{round_.slug}/checkpoints/"


def test_the_page_keeps_what_was_typed_and_says_what_is_missing(round_):
    client = running.client_of(running.organiser(round_))

    page = client.post(address(round_), typed(round_, "800", "800"))

    assert page.status_code == 422
    assert "£800.00 less than the stipend of £2,400.00" in page.content.decode()
    assert 'value="800"' in page.content.decode()


def test_a_button_fills_in_equal_parts_and_saves_nothing(round_):
    client = running.client_of(running.organiser(round_))

    page = client.post(address(round_), typed(round_, "1", "", "") | {"equal": "1"})

    assert page.content.decode().count('value="800"') == 3
    assert not round_.checkpoints.exists()


def test_instants_are_typed_in_the_rounds_zone(round_):
    round_.zone = "Europe/Berlin"
    round_.save()
    client = running.client_of(running.organiser(round_))

    client.post(address(round_), typed(round_, "2400"))

    said = asked(round_, 1)[0].opens_at.replace(second=0, microsecond=0)
    kept = round_.checkpoints.get().opens_at
    assert said - kept in (timedelta(hours=1), timedelta(hours=2))


@pytest.mark.parametrize("when", ["nonsense", "0001-01-01T00:00", "9999-12-31T23:59", "\x00"])
def test_nonsense_in_a_date_is_said_at_its_field(round_, when):
    client = running.client_of(running.organiser(round_))

    page = client.post(address(round_), typed(round_, "2400") | {"row-0-opens_at": when})

    assert page.status_code in (400, 422)
    assert not round_.checkpoints.exists()
