"""Who was paid for stands 14 days longer, as before: it is written down now."""

from datetime import timedelta

from django.db import migrations
from django.db.models import DateTimeField, ExpressionWrapper, F


def note(apps, schema_editor):
    rows = apps.get_model("sponsorships", "Sponsorship").objects.exclude(paid_through=None)
    grace = ExpressionWrapper(F("paid_through") + timedelta(days=14), DateTimeField())
    rows.update(stands_until=grace)


class Migration(migrations.Migration):

    dependencies = [
        ("sponsorships", "0006_changes_and_invoices"),
    ]

    operations = [
        migrations.RunPython(note, migrations.RunPython.noop),
    ]
