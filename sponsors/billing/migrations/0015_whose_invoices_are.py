from django.db import migrations
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat


def fill(apps, schema_editor):
    """What was read through the sponsorship until now stands on the invoice itself."""
    invoices = apps.get_model("billing", "Invoice").objects
    theirs = apps.get_model("sponsorships", "Sponsorship").objects.filter(
        pk=OuterRef("sponsorship")
    )
    project = Cast(Subquery(theirs.values("project")), CharField())
    invoices.filter(company=None).update(
        company=Subquery(theirs.values("company")), fund=Concat(Value("project:"), project)
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_seats_of_programmes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
