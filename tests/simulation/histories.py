"""Short histories that were written down, which lead together to every place at which something can go
wrong: each operation that Stripe is asked for, each event, each commit, each message to the worker.
What a town's weather happened to leave out is tried here, so that no cell of the table is empty by
chance (`cells`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.actors import Step
from tests.simulation.weather import Expected

COMPANIES = 2  # the second has its papers, so that it can be sent an invoice


@dataclass(frozen=True)
class History:
    """Steps, and days between them; with trouble where only trouble leads to what it is about."""

    name: str
    steps: Sequence[Step | float]
    trouble: Sequence[Expected] = ()
    reconciles: bool = False
    companies: int = COMPANIES


def _by(tier: int) -> int:
    """The company with papers, and that tier: three of each project, of pounds first, then euros. The
    first is paid by the month, the second as one likes, the third by the year."""
    return 1 + COMPANIES * tier


def _join(tier: int = 0, *, how: int = 0) -> Step:
    return Step("join", _by(tier), how)


# Numbers that `actors.join` draws a way of paying from; by the year with a good card.
COMES_BACK, DEBIT, LEAVES, ASKS_ALWAYS, DEBIT_FAILS, YEARLY = 1, 4, 5, 8, 9, 13
EUROS = 3  # the first tier in them, which a bank can be debited for
CARD_FAILS = Step("replace_card", how=1)  # at the renewal

OF_SUBSCRIPTIONS = (
    "checkout.session.completed", "customer.subscription.created", "customer.subscription.updated",
    "invoice.created", "invoice.finalized", "invoice.updated", "invoice.paid",
)  # fmt: skip
RELEASE = "POST /v1/subscription_schedules/{schedule}/release"

HISTORIES = [
    History("A month by card", [_join(how=COMES_BACK), 35.0, Step("look_at_pages")]),
    History("A page that was left", [_join(how=LEAVES), 4.0, _join(how=LEAVES), Step("let_go"), 1.0]),
    History("A debit", [_join(EUROS, how=DEBIT), 12.0]),
    History("A debit that fails", [_join(EUROS, how=DEBIT_FAILS), 12.0]),
    History(
        "A renewal that fails, and is mended",
        [_join(), 9.0, CARD_FAILS, 26.0, Step("mend"), 4.0],
    ),
    History(
        "A renewal that waits for a confirmation",
        [_join(how=ASKS_ALWAYS), 33.0, Step("pay_the_open_invoice", how=2), 4.0],
    ),
    History("A renewal that is never paid", [_join(), 9.0, CARD_FAILS, 60.0]),
    History("Another card", [_join(), 9.0, CARD_FAILS, 26.0, Step("replace_card"), 4.0]),
    History(
        "A mind that changes",
        [_join(), 1.0, Step("cancel"), Step("undo"), Step("cancel_in_the_portal"), 1.0,
         Step("cancel_in_the_portal", how=1), 1.0, Step("cancel_in_the_portal", how=2), 1.0],
    ),
    History("An end before it was paid", [_join(), 9.0, CARD_FAILS, 26.0, Step("end_with_a_reason")]),
    History("A year by card", [_join(1, how=YEARLY), 35.0]),
    History("More at once", [_join(), 9.0, Step("change_it", how=4), 4.0]),
    History("A year from the next month on", [_join(1), 9.0, Step("change_it", how=1), 10.0]),
    History(
        "More, if the bank asks",
        [_join(), 9.0, Step("a_card_turns", how=1), Step("change_it", how=4), 4.0,
         Step("stay_after_all"), 4.0],
    ),
    History(
        "Less, later",
        [_join(1), 9.0, Step("change_it", how=6), 1.0, Step("stay_after_all"), 1.0,
         Step("change_it", how=6), 33.0],
    ),
    History("A pause", [_join(), 9.0, Step("pause"), 1.0, Step("resume"), 4.0]),
    History("A pause to its end", [_join(), 9.0, Step("pause"), 60.0]),
    History(
        "An invoice that is paid by transfer",
        [Step("order_an_invoice", _by(0)), 1.0, Step("type_a_purchase_order"), 1.0,
         Step("a_transfer_arrives"), 33.0],
    ),
    History(
        "An invoice that is paid past Stripe",
        [Step("order_an_invoice", _by(0)), 1.0, Step("money_comes_past_stripe"), 4.0],
    ),
    History("An invoice that is given up", [Step("staff_write_it_off", _by(0)), 4.0]),
    History(
        "An invoice that is taken back",
        [Step("order_an_invoice", _by(0)), 1.0, Step("end_with_a_reason"), 4.0],
    ),
    History("An invoice that is never paid", [Step("order_an_invoice", _by(0)), 50.0]),
    History(
        "Refunds in the dashboard",
        [_join(), 4.0, Step("refund_in_the_dashboard", how=10), 1.0, Step("a_refund_comes_back"),
         1.0, Step("refund_in_the_dashboard", how=1), 4.0],
    ),
    History("A refund by staff", [_join(2), 4.0, Step("staff_give_it_back", how=2), 1.0,
                                  Step("staff_give_it_back", how=1), 4.0]),
    History("A dispute that is won", [_join(), 4.0, Step("a_bank_wants_it_back", how=1), 4.0,
                                      Step("a_dispute_is_decided"), 4.0]),
    History("A dispute that is lost", [_join(), 4.0, Step("a_bank_wants_it_back", how=1), 4.0,
                                       Step("a_dispute_is_decided", how=4), 4.0]),
    History(
        "An inquiry that becomes a dispute",
        [_join(), 4.0, Step("a_bank_wants_it_back"), 4.0, Step("a_dispute_is_decided"), 4.0,
         Step("a_dispute_is_decided"), 4.0],
    ),
    History(
        "An inquiry that comes to nothing",
        [_join(), 4.0, Step("a_bank_wants_it_back"), 4.0, Step("a_dispute_is_decided", how=4), 4.0],
    ),
    History("A warning", [_join(), 4.0, Step("a_network_warns"), 4.0]),
    History(
        "What goes to the bank",
        [_join(), 20.0, Step("pay_out", how=1), 1.0, _join(1), 20.0, Step("pay_out"), 4.0,
         Step("stripe_takes_and_gives"), Step("stripe_takes_and_gives", how=1), 12.0],
        reconciles=True,
    ),
    History(
        "A project that is archived",
        [_join(), _join(1), 4.0, Step("archive"), 12.0, Step("archive"), 4.0],
    ),
    History(
        "What operators do",
        [_join(), 4.0, Step("restore_yesterdays_rows"), Step("a_slow_worker"),
         Step("send_an_event_again"), Step("handle_all_again"), 4.0],
    ),
    History(
        "A card that is renewed",
        [_join(), 4.0, Step("a_card_turns", how=0), 4.0, Step("a_card_turns", how=3), 4.0],
    ),
    History("Coming back", [_join(), 9.0, CARD_FAILS, 26.0, Step("end_with_a_reason"), 1.0,
                            Step("come_back"), 4.0]),
    # Where only trouble leads
    History(
        "A payment page and its customer, of which Stripe knows no more",
        [_join(), Step("join", _by(1) - 1, COMES_BACK), 4.0],
        [Expected("answers", "error_after", "POST /v1/checkout/sessions"),
         Expected("answers", "error_after", "POST /v1/customers", after=1)],
    ),
    History(
        "An order that got lost",
        [Step("order_an_invoice", _by(0)), 4.0],
        [Expected("calls", "dies_before", "POST /v1/subscriptions")],
    ),
    History(
        "A payment that is heard of first",
        [_join(), 4.0],
        [Expected("events", "drop", kind, times=9) for kind in OF_SUBSCRIPTIONS],
    ),
    History(
        "A refund that got lost",
        [_join(2), 4.0, Step("staff_give_it_back", how=2), 4.0],
        [Expected("calls", "dies_before", "POST /v1/credit_notes")],
    ),
    History(
        "A refund that nobody saw the end of",
        [_join(2), 4.0, Step("staff_give_it_back", how=4), 4.0],
        [Expected("calls", "dies_before", "GET /v1/refunds")],
    ),
    History(
        "A plan that got lost",
        [_join(1), 9.0, Step("change_it", how=6), 4.0, Step("change_it", how=6), 4.0],
        [Expected("calls", "dies_after", "POST /v1/subscription_schedules")],
    ),
    History(
        "A plan of which nobody knows whether it was left",
        [_join(1), 9.0, Step("change_it", how=6), 1.0, Step("stay_after_all"),
         Step("stay_after_all"), 4.0],
        [Expected("answers", "error_before", RELEASE, times=3)],
    ),
    History(
        "A page of whose end nobody tells",
        [9.0, _join(how=LEAVES), 4.0],
        [Expected("events", "drop", "checkout.session.expired")],
    ),
    History(
        "An end of which nobody tells",
        [_join(), 1.0, Step("cancel"), 34.0],
        [Expected("events", "drop", "customer.subscription.deleted")],
    ),
    History(
        "A company of which Stripe was not told",
        [_join(EUROS, how=DEBIT), 12.0],
        [Expected("calls", "dies_after", "POST /v1/customers/{customer}", times=2)],
    ),
]  # fmt: skip


# Of programmes: each company is asked to take a seat in a way that its number says (`seats`).
BOTH_NEEDED = Step("open_a_call", 0, 3)  # one place in two seats, all or nothing, for eleven days
ONE_OF_TWO_PLACES = Step("open_a_call", 0, 142)  # in three seats; what is left over goes back
SAVED, FAILS_LATER, ASKS, ORDERED, NUMBER_LATER, LEFT, COMES_BACK_SAVED = 2, 1, 3, 4, 8, 38, 5


def _seat(company: int, how: int = SAVED) -> Step:
    return Step("take_a_seat", company, how)


def _of_seats(name: str, *steps: Step | float) -> History:
    return History(name, steps, companies=4)


HISTORIES += [
    _of_seats("Two seats, and what is left over", ONE_OF_TWO_PLACES, _seat(0),
              _seat(1, COMES_BACK_SAVED), Step("look_at_seats"), 45.0),
    _of_seats("A seat that is not paid, and money that goes back", BOTH_NEEDED, _seat(0), 4.0,
              _seat(1, FAILS_LATER), 45.0),
    _of_seats("A seat that is not paid, and is mended", BOTH_NEEDED, _seat(0),
              _seat(1, FAILS_LATER), 4.0, Step("pay_the_open_invoice"), 30.0),
    _of_seats("A bank that asks", BOTH_NEEDED, _seat(0, ASKS), _seat(1), 4.0,
              Step("pay_the_open_invoice"), 30.0),
    _of_seats("Two orders", BOTH_NEEDED, _seat(1, ORDERED), _seat(2, NUMBER_LATER), 1.0,
              Step("give_the_number"), 2.0, Step("a_transfer_arrives"), Step("a_transfer_arrives"),
              30.0),
    _of_seats("An order that is never paid", BOTH_NEEDED, _seat(1, ORDERED), _seat(0), 90.0),
    _of_seats("A seat that is given back, and taken again", BOTH_NEEDED, _seat(0),
              Step("withdraw"), 1.0, _seat(0), _seat(2), Step("wait_for_a_seat", 3, 1), 30.0),
    _of_seats("A seat that comes free for who waits", BOTH_NEEDED, _seat(0, LEFT), _seat(1, LEFT),
              Step("wait_for_a_seat", 3, 1), Step("withdraw"), 0.01,
              Step("sign_what_is_offered", 0, SAVED), 0.01, Step("go_on_to_the_card", 0, SAVED), 30.0),
    _of_seats("A card's page that was left", BOTH_NEEDED, _seat(0, LEFT), 4.0, _seat(0, LEFT),
              Step("withdraw"), 30.0),
    _of_seats("Money that came to the bank, and goes back from there", ONE_OF_TWO_PLACES,
              _seat(1, ORDERED), _seat(2), 4.0, Step("money_comes_past_stripe"), 30.0,
              Step("staff_send_it_by_bank"), Step("a_round_is_ended"), 4.0),
    _of_seats("A call for which nobody is enough", BOTH_NEEDED, _seat(0), 30.0),
]  # fmt: skip
