"""Looking payments up: those that staff search, and those that came in for a project."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from funding.office import clock
from funding.projects.models import Project
from sponsors.billing import giving_back
from sponsors.billing.models import (
    SUBJECTS,
    Dispute,
    Movement,
    Payment,
    Refund,
)

LATELY = timedelta(days=120)  # for so long staff are reminded

SHOWN = {
    "": "All",
    "disputed": "Disputed",
    "refunded": "Given back",
    "surplus": "Paid twice",
    "failed": "Refund failed",
    "refused": "Refund refused",
    "warned": "Warned of",
}


def payments(show: str = "", search: str = "") -> QuerySet[Payment]:
    """Newest first, with all that their lines say, in a constant number of questions."""
    rows = Payment.objects.exclude(balance_transaction=None)
    rows = rows.select_related(*(f"invoice__{name}" for name in SUBJECTS))
    rows = rows.prefetch_related("refunds", "disputes", "asked").order_by("-settled_at", "-id")
    return _narrowed(rows, show).filter(_found(search)) if search else _narrowed(rows, show)


def received(project: Project, *, since: datetime) -> QuerySet[Payment]:
    """What came in for a project since then."""
    return payments().filter(invoice__sponsorship__project=project, settled_at__gte=since)


def returned(project: Project) -> QuerySet[Payment]:
    """What went back or is disputed, however old."""
    back = Q(refunds__isnull=False) | Q(disputes__isnull=False) | Q(asked__status="asked")
    return payments().filter(back, invoice__sponsorship__project=project).distinct()


def _narrowed(rows: QuerySet[Payment], show: str) -> QuerySet[Payment]:
    match show:
        case "disputed":
            return rows.filter(disputes__isnull=False).distinct()
        case "refunded":
            return rows.filter(refunds__status="succeeded").distinct()
        case "failed":
            return rows.filter(Exists(_failed_for_good()))
        case "refused":
            return rows.filter(pk__in=giving_back.refused().values("payment"))
        case "surplus":
            return rows.filter(surplus__gt=Coalesce(_gone("surplus"), 0))
        case "warned":
            back = Coalesce(_gone("net"), 0) + Coalesce(_gone("tax"), 0)
            warned = rows.filter(warned_at__gte=clock.now() - LATELY, net__gt=back)
            return warned.exclude(disputes__status__in=Dispute.TAKEN)
    return rows


def _gone(part: str) -> Subquery:
    """What went back of a payment."""
    theirs = Movement.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Subquery(theirs.annotate(sum=Sum(part)).values("sum"))


def _failed_for_good() -> QuerySet[Refund]:
    """Refunds that a bank sent back lately, and that nobody has tried again."""
    later = Refund.objects.filter(
        payment=OuterRef("payment"), created_at__gt=OuterRef("created_at")
    ).exclude(status__in=["failed", "canceled"])
    failed = Refund.objects.filter(
        payment=OuterRef("pk"), status="failed", created_at__gte=clock.now() - LATELY
    )
    return failed.exclude(Exists(later))


def _found(search: str) -> Q:
    """Whose name, invoice or id at Stripe it is."""
    return (
        Q(invoice__company__display_name__icontains=search)
        | Q(invoice__sponsorship__project__name__icontains=search)
        | Q(invoice__commitment__call__round__programme__name__icontains=search)
        | Q(invoice__number__iexact=search)
        | Q(payment_intent=search)
        | Q(charge=search)
    )
