import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0017_new_events_in_order"),
    ]

    operations = [
        migrations.AlterField(
            model_name="asked",
            name="by",
            field=models.ForeignKey(
                help_text="Empty: the site itself, as it was announced.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
