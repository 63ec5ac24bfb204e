"""The one language of each project becomes the first of its languages. What was published before is
not mailed now."""

from django.db import migrations
from django.db.models import F


def copy(apps, schema_editor):
    Project = apps.get_model("projects", "Project")
    Language = apps.get_model("projects", "Language")
    Update = apps.get_model("projects", "Update")
    Language.objects.bulk_create(
        Language(project_id=pk, name=name[:30])
        for pk, name in Project.objects.exclude(language="").values_list("pk", "language")
    )
    Project.objects.exclude(status="draft").update(published_at=F("created_at"))
    Update.objects.filter(published_at__isnull=False).update(mailed_at=F("published_at"))


class Migration(migrations.Migration):

    dependencies = [("projects", "0002_running_a_project")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
