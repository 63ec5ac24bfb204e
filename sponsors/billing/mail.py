"""Mail about money. Each function puts one message into the outbox, in the transaction that makes it
true; the key lets it go out once."""

from funding.accounts.models import User
from funding.office import outbox
from sponsors.billing.models import Dispute, Payment, Refund


def refunded(refund: Refund) -> None:
    """To the company: what goes back, for which invoice, when it arrives. And to the maintainers: that
    a payment was given back."""
    _to_company(f"refund:{refund.stripe_id}", "refunded", refund.payment, refund=refund)
    _to_maintainers(f"refund-told:{refund.stripe_id}", refund.payment, refund=refund)


def refund_failed(refund: Refund) -> None:
    """To the company and to the people who run the site: the bank sent it back."""
    _to_company(
        f"refund-failed:{refund.stripe_id}", "refund_failed", refund.payment, refund=refund
    )
    _to_staff(f"refund-failed-staff:{refund.stripe_id}", "refund_failed_staff", refund=refund)


def dispute_opened(dispute: Dispute) -> None:
    """To the people who run the site: what was taken, why, and until when to answer."""
    _to_staff(f"dispute:{dispute.stripe_id}", "dispute_opened", dispute=dispute)


def dispute_took(dispute: Dispute) -> None:
    """To the maintainers: a payment was taken back, whatever comes of it."""
    _to_maintainers(f"dispute-told:{dispute.stripe_id}", dispute.payment, dispute=dispute)


def dispute_closed(dispute: Dispute) -> None:
    """To the people who run the site, and to the maintainers where money had been taken: how it
    ended."""
    key = f"dispute-closed:{dispute.stripe_id}"
    _to_staff(key, "dispute_closed", dispute=dispute)
    if not dispute.is_inquiry:
        _to_maintainers(f"{key}:told", dispute.payment, dispute=dispute, is_over=True)


def _to_company(key: str, name: str, payment: Payment, **context: object) -> None:
    sponsorship = payment.invoice.sponsorship
    outbox.write(
        key=key,
        recipients=[sponsorship.company.billing_email, sponsorship.bought_by.email],
        template=f"billing/mail/{name}.txt",
        context={"payment": payment, "sponsorship": sponsorship, **context},
    )


def _to_maintainers(key: str, payment: Payment, **context: object) -> None:
    sponsorship = payment.invoice.sponsorship
    people = sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=key,
        recipients=[person.user.email for person in people],
        template="billing/mail/taken_back.txt",
        context={"payment": payment, "sponsorship": sponsorship, **context},
    )


def _to_staff(key: str, name: str, **context: object) -> None:
    staff = User.objects.filter(is_staff=True, is_active=True)
    outbox.write(
        key=key,
        recipients=list(staff.values_list("email", flat=True)),
        template=f"billing/mail/{name}.txt",
        context=context,
    )
