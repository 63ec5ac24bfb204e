"""That the books say what Stripe says."""

from django.core.management import call_command

from funding.ledger import balances, posting
from funding.ledger.models import Account


def insist_books_agree(engine):
    for currency, amount in engine.truth()["currencies"].items():
        stripe = posting.Place(Account.Kind.STRIPE)
        assert balances.of(stripe, currency.upper()).amount == amount, currency
    call_command("check_books")
