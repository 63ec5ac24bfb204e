"""Every payment that is in the books so far took the whole of its invoice."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def note(apps, schema_editor):
    invoices = apps.get_model("billing", "Invoice").objects.filter(pk=OuterRef("invoice"))
    payments = apps.get_model("billing", "Payment").objects.exclude(balance_transaction=None)
    payments.update(
        amount=Subquery(invoices.annotate(whole=F("net") + F("tax")).values("whole")),
        settled_at=Subquery(invoices.values("paid_at")),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("billing", "0002_invoices_returns_comparisons"),
    ]

    operations = [
        migrations.RunPython(note, migrations.RunPython.noop),
    ]
