import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0011_changes_and_pauses"),
    ]

    operations = [
        migrations.AddField(
            "Dispute",
            "goes_on_because",
            models.CharField(
                blank=True,
                default="",
                help_text="Why the sponsorship goes on all the same.",
                max_length=300,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "Dispute",
            "decided_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "Dispute",
            "decided_at",
            models.DateTimeField(help_text="That it goes on.", null=True),
        ),
    ]
