"""Every company gets an address of its own for its page."""

from django.db import migrations
from django.utils.text import slugify


def name(apps, schema_editor):
    Company = apps.get_model("companies", "Company")
    taken = set()
    for company in Company.objects.filter(slug=None).order_by("pk"):
        stem = slugify(company.display_name)[:50].strip("-") or "company"
        company.slug = stem if stem not in taken else f"{stem}-{company.pk}"
        taken.add(company.slug)
        company.save(update_fields=["slug"])


class Migration(migrations.Migration):

    dependencies = [("companies", "0002_pages")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
