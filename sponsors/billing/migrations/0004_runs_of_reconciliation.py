from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("billing", "0003_what_was_taken"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="created_at",
            field=models.DateTimeField(help_text="Stripe's.", null=True),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["created_at"], name="subscription_made"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["created_at"], name="invoice_made"),
        ),
        migrations.AlterField(
            model_name="reconciliation",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("running", "running"),
                    ("done", "done"),
                    ("broken_off", "broken off"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="reconciliation",
            name="started_at",
            field=models.DateTimeField(
                help_text="By the world's clock; while it waits, when it was asked for."
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="every_subscription",
            field=models.BooleanField(
                default=False, help_text="All of them, and not only those made since."
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="trouble",
            field=models.CharField(
                blank=True, help_text="Why it was broken off, if it said so.", max_length=300
            ),
        ),
    ]
