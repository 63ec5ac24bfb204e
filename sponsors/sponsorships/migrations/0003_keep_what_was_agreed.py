"""Who agreed to be named is named without the amount, which nobody was asked about; nobody was asked
about mail. Promises get their kind, and each sponsorship the day of its first payment."""

from django.db import migrations
from django.db.models import Min


def keep(apps, schema_editor):
    Sponsorship = apps.get_model("sponsorships", "Sponsorship")
    Move = apps.get_model("sponsorships", "Move")
    Sponsorship.objects.filter(is_public=True).update(visibility="named")
    Sponsorship.objects.filter(is_public=False).update(visibility="anonymous")
    Sponsorship.objects.update(wants_updates=False)
    paid = dict(
        Move.objects.filter(after="active").values_list("sponsorship").annotate(at=Min("at"))
    )
    for sponsorship in Sponsorship.objects.iterator():
        sponsorship.benefits = [
            {"kind": "own", "text": text, "hours": None} for text in sponsorship.benefits
        ]
        if sponsorship.since:
            sponsorship.first_paid_at = paid.get(sponsorship.pk, sponsorship.since)
        sponsorship.save(update_fields=["benefits", "first_paid_at"])


def total(apps, schema_editor):
    Sponsorship = apps.get_model("sponsorships", "Sponsorship")
    Funding = apps.get_model("projects", "Funding")
    newest = Sponsorship.objects.exclude(first_paid_at=None).order_by("first_paid_at")
    for project_id, at in newest.values_list("project", "first_paid_at"):
        Funding.objects.filter(pk=project_id).update(funded_at=at)


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0004_remove_language"),
        ("sponsorships", "0002_what_everybody_may_see"),
    ]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunPython(total, migrations.RunPython.noop),
    ]
