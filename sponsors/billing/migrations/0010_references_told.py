from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_what_the_bank_paid")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="told_reference",
            field=models.CharField(
                help_text="The company's own, as Stripe was told last; null: as its newest "
                "invoice says.",
                max_length=140,
                null=True,
            ),
        ),
    ]
