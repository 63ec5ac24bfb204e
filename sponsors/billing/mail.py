"""Mail about money. Each function puts one message into the outbox, in the transaction that makes it
true; the key lets it go out once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from funding.office import outbox
from funding.office.models import Message
from sponsors.billing.models import Invoice
from sponsors.sponsorships.models import Sponsorship


class _OfInvoice(Protocol):
    @property
    def invoice(self) -> Invoice: ...


Failure = TypeVar("Failure", bound=_OfInvoice)


def payment_failed(invoice: Invoice, failure: object) -> None:
    """To the company: it could not be taken, why, and the link that mends it. Once an invoice."""
    _of_failure("payment_failed", f"payment-failed:{invoice.stripe_id}", invoice, failure)


def last_word(invoice: Invoice, failure: object) -> None:
    """To the company: in some days it ends, unless it is paid."""
    _of_failure("last_word", _last_word_key(invoice), invoice, failure)


def without_last_word(failures: Sequence[Failure]) -> list[Failure]:
    """Those whose company has not had its last word yet."""
    told = sent({_last_word_key(one.invoice) for one in failures})
    return [one for one in failures if _last_word_key(one.invoice) not in told]


def _last_word_key(invoice: Invoice) -> str:
    return f"last-word:{invoice.stripe_id}"


def _of_failure(name: str, key: str, invoice: Invoice, failure: object) -> None:
    outbox.write(
        key=key,
        recipients=payers(invoice.sponsorship),
        template=f"billing/mail/{name}.txt",
        context={"sponsorship": invoice.sponsorship, "invoice": invoice, "failure": failure},
    )


def renewal_ahead(sponsorship: Sponsorship, *, key: str, renewal: object) -> None:
    """To the company: what will be charged, when and to which card, and how to change or end it."""
    outbox.write(
        key=key,
        recipients=payers(sponsorship),
        template="billing/mail/renewal_ahead.txt",
        context={"sponsorship": sponsorship, "renewal": renewal},
    )


def card_expires(
    sponsorships: Sequence[Sponsorship], *, key: str, card: str, renews_at: datetime
) -> None:
    """To the company: the card will have expired when it is to be charged next."""
    recipients = {address for one in sponsorships for address in payers(one)}
    outbox.write(
        key=key,
        recipients=sorted(recipients),
        template="billing/mail/card_expires.txt",
        context={
            "sponsorship": sponsorships[0], "sponsorships": sponsorships, "card": card,
            "renews_at": renews_at,
        },
    )  # fmt: skip


def sent(keys: set[str]) -> set[str]:
    """Those among the keys under which something was written."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def payers(sponsorship: Sponsorship) -> list[str]:
    return [sponsorship.company.billing_email, sponsorship.bought_by.email]
