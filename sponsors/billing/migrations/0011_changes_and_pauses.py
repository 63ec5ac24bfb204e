from django.db import migrations, models
from django.db.models import Exists, OuterRef


def note_them(apps, schema_editor):
    """Until now a change was told only by its time, the rest of a period that another invoice bills
    whole, and a pause by what was taken back untried after the first payment."""
    invoices = apps.get_model("billing", "Invoice").objects
    whole = invoices.filter(
        sponsorship=OuterRef("sponsorship"),
        period_ends_at=OuterRef("period_ends_at"),
        period_starts_at__lt=OuterRef("period_starts_at"),
    )
    changes = list(invoices.filter(Exists(whole)).values_list("pk", flat=True))
    invoices.filter(pk__in=changes).update(is_change=True)
    paid = invoices.filter(
        sponsorship=OuterRef("sponsorship"), paid_at__lt=OuterRef("created_at")
    )
    taken_back = invoices.filter(status="void", is_sent=False, attempts=0, is_change=False)
    pauses = list(taken_back.filter(Exists(paid)).values_list("pk", flat=True))
    invoices.filter(pk__in=pauses).update(is_left_out=True)


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_references_told")]

    operations = [
        migrations.AddField(
            "Invoice",
            "is_change",
            models.BooleanField(
                default=False, help_text="For a change within a period, which is billed by itself."
            ),
        ),
        migrations.AddField(
            "Invoice",
            "is_left_out",
            models.BooleanField(
                default=False, help_text="Taken back as it was made: its sponsorship was paused."
            ),
        ),
        migrations.RunPython(note_them, migrations.RunPython.noop),
    ]
