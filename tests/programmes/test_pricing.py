"""A call as organisers put it down: parts, seats, sums."""

import pytest

from funding.programmes import calls, pricing
from funding.programmes.models import FundingCall, Round
from tests.programmes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FIGURES = {
    "currency": "GBP", "stipend": "2400", "places_wanted": "2", "places_least": "2",
    "mode": "all_or_nothing", "remainder": "refund", "policy": "", "po_days": "14",
    "cut_by": "equal", "seats": "3",
    "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0", "seat-TOTAL_FORMS": "2",
    "seat-INITIAL_FORMS": "0", "line-0-name": "Mentor’s time", "line-0-amount": "600",
}  # fmt: skip


@pytest.fixture
def round_(user):
    return scenes.round_(scenes.programme(organiser=user), status="draft", opened_at=None)


@pytest.fixture
def page(round_, signed_in):
    path = f"/organise/{round_.programme.slug}/{round_.slug}/call/"

    def send(**values):
        seen = signed_in.get(path).context["sheet"].form["seen"].value()
        return signed_in.post(path, {"seen": seen, **FIGURES, **values})

    send.path = path
    return send


def test_a_call_is_cut_into_equal_seats(page, round_):
    assert page().status_code == 302

    call = FundingCall.objects.get()
    assert (str(call.cost), str(call.wanted), call.state) == ("£3,000", "£6,000", "draft")
    assert [(one.seats, one.amount) for one in call.shares.all()] == [(3, 200000)]
    assert call.closes_at == round_.phases.get(kind="funding").ends_at
    assert call.parts.get().name == "Mentor’s time"


def test_equal_seats_that_do_not_divide_sum_exactly_all_the_same(page):
    page(seats="7")

    call = FundingCall.objects.get()
    assert sum(one.amount * one.seats for one in call.shares.all()) == 600000


NAMED = {
    "cut_by": "named", "seats": "", "seat-0-name": "Patron", "seat-0-amount": "3000",
    "seat-0-seats": "1", "seat-1-name": "Friend", "seat-1-amount": "1000", "seat-1-seats": "3",
}  # fmt: skip


def test_a_call_is_cut_into_named_seats(page):
    assert page(**NAMED).status_code == 302

    shares = FundingCall.objects.get().shares.all()
    assert [(one.name, one.seats) for one in shares] == [("Patron", 1), ("Friend", 3)]


def test_named_seats_that_do_not_sum_are_refused_and_what_is_missing_is_said(page):
    response = page(**NAMED | {"seat-1-seats": "2"})

    assert response.status_code == 422
    assert "The seats sum to £1,000 less than all places cost." in response.text
    assert "The seats lack <strong>£1,000</strong>" in response.text
    assert not FundingCall.objects.exists()


def test_seats_that_are_too_many_are_refused(page):
    response = page(**NAMED | {"seat-1-seats": "4"})

    assert "The seats sum to £1,000 more than all places cost." in response.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"places_least": "3"}, "At most as many as are wanted: 2."),
        ({"seats": ""}, "Say how many."),
        ({"stipend": "1,200"}, "Write an amount in GBP"),
        ({"stipend": "0"}, "The least is"),
        ({"currency": ""}, "required"),
        ({"line-1-name": "Travel"}, "required"),
        ({"cut_by": "named"}, "at least one named seat"),
        ({"line-TOTAL_FORMS": "99999"}, "at most"),
        ({"line-TOTAL_FORMS": "x"}, "ManagementForm"),
        ({"places_wanted": "3", "stipend": "900000", "seats": "1"}, "A seat costs at most"),
        ({"policy": "x" * 5001}, "5000"),
        ({"seats": "501"}, "500"),
    ],
)
def test_nonsense_is_said_and_changes_nothing(page, values, words):
    response = page(**values)

    assert response.status_code == 422
    assert words in response.text
    assert not FundingCall.objects.exists()


def test_the_preview_says_what_it_comes_to_and_saves_nothing(page):
    response = page(preview="1")

    assert response.status_code == 200
    assert "What this comes to" in response.text
    assert "£6,000" in response.text
    assert not FundingCall.objects.exists()


def test_a_line_more_keeps_what_was_typed_and_says_nothing_is_wrong(page):
    response = page(more="line", stipend="2 thousand", **{"line-1-name": "Travel"})

    assert response.status_code == 200
    assert 'value="2 thousand"' in response.text
    assert 'value="Travel"' in response.text
    assert "Something has to be put right" not in response.text
    assert len(response.context["sheet"].lines.forms) == 5


def test_a_line_that_is_emptied_is_left_out(page):
    page()

    assert page(**{"line-0-name": "", "line-0-amount": ""}).status_code == 302

    call = FundingCall.objects.get()
    assert (call.parts.count(), str(call.cost)) == (0, "£2,400")


def test_without_dates_there_is_no_call(page, round_):
    round_.phases.all().delete()

    response = page()

    assert response.status_code == 422
    assert "set its dates" in response.text


def test_of_two_who_set_it_the_second_is_told(page):
    page()

    response = page(seen="another", stipend="3000")

    assert response.status_code == 422
    assert "Somebody else changed this" in response.text
    assert FundingCall.objects.get().stipend == 240000


def test_once_open_nothing_of_it_changes(page, round_):
    page()
    FundingCall.objects.update(state="open")
    Round.objects.update(status="open")
    call = FundingCall.objects.get()

    with pytest.raises(pricing.Announced):
        pricing.save(call, round_=round_, by=round_.programme.parts.get().user, lines=[], cuts=[])


def test_a_page_sent_after_it_was_opened_is_refused_in_words(page, signed_in):
    page()
    FundingCall.objects.update(state="open")

    response = signed_in.post(page.path, FIGURES)

    assert response.status_code == 409
    assert "what it says stays" in response.text


# A call to begin with


@pytest.fixture
def earlier(round_):
    """The call of another round, with named seats."""
    made = scenes.round_(round_.programme, name="Spring 2026")
    cuts = [calls.Cut("Patron", 300000, 1), calls.Cut("Friend", 100000, 3)]
    return scenes.call(made, cuts=cuts, policy="A name on the page.", takes_invoices=False)


def test_the_call_of_another_round_is_offered_and_only_typed_in(page, signed_in, earlier):
    assert "Take over from Spring 2026" in signed_in.get(page.path).text

    text = signed_in.get(f"{page.path}?earlier=1").text

    assert "Nothing is saved yet" in text and f'action="{page.path}"' in text
    for value in ("2400", "600", "Mentor’s time", "Patron", "3000", "Friend", "1000"):
        assert f'value="{value}"' in text or f'value="{value}.00"' in text, value
    assert "A name on the page." in text
    assert FundingCall.objects.get() == earlier


def test_what_was_taken_over_is_saved_like_anything_typed(page, signed_in, earlier, round_):
    form = signed_in.get(f"{page.path}?earlier=1").context["sheet"]
    assert form.form["cut_by"].value() == "named"

    assert page(**NAMED, seen=form.form["seen"].value()).status_code == 302

    assert FundingCall.objects.get(round=round_).shares.count() == 2
    assert earlier.shares.count() == 2


def test_a_call_that_stands_is_never_written_over(page, signed_in, earlier):
    page()

    assert "Take over from" not in signed_in.get(page.path).text
    assert "Nothing is saved yet" not in signed_in.get(f"{page.path}?earlier=1").text


def test_where_there_is_no_other_call_none_is_offered(page, signed_in):
    assert "Take over from" not in signed_in.get(page.path).text
    assert signed_in.get(f"{page.path}?earlier=1").status_code == 200
