from django.db import migrations, models

from funding.ledger.money import split


def apportion(apps, schema_editor):
    """What is in the books already was split as its whole invoice."""
    payments = apps.get_model("billing", "BankPayment").objects
    booked = payments.filter(invoice__status="paid", invoice__paid_outside__gt=0)
    for one in booked.select_related("invoice").iterator():
        parts = [one.invoice.net, one.invoice.tax]
        one.net = split(one.amount, parts)[0] if sum(parts) else 0
        one.tax = one.amount - one.net
        one.save(update_fields=["net", "tax"])


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_cards_of_subscriptions")]

    operations = [
        migrations.AddField(
            model_name="bankpayment",
            name="net",
            field=models.BigIntegerField(
                default=0, help_text="What of it is the project's; 0 until it is in the books."
            ),
        ),
        migrations.AddField(
            model_name="bankpayment",
            name="tax",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunPython(apportion, migrations.RunPython.noop),
    ]
