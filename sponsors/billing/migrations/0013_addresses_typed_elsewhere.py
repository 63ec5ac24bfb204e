from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_disputes_decided")]

    operations = [
        migrations.AddField(
            "Customer",
            "elsewhere",
            models.JSONField(
                default=dict,
                help_text="An address that somebody typed at Stripe, where it is not the paperwork’s.",
            ),
        ),
    ]
