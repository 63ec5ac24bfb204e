from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('stripe', 'Stripe balance'), ('bank', 'Bank'), ('fees', 'Card fees on their way to who bears them'), ('receivable', 'Billed and not yet paid'), ('tax', 'Tax payable'), ('billed', 'Billed for a project, not yet paid'), ('held', 'Held for a project, free to spend'), ('deferred', 'Paid ahead for months to come'), ('conversion', 'Currency conversion'), ('general', 'The operator’s general fund')], max_length=12),
        ),
    ]
