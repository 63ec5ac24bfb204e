from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("programmes", "0004_running_drafts_and_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="fundingcall",
            name="secured_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When so much was paid that it can fail no more. Before that nothing is paid out.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "failed"), _negated=True) | models.Q(("secured_at", None)),
                name="call_secured_never_fails",
            ),
        ),
    ]
