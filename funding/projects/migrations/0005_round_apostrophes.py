from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0004_remove_language'),
    ]

    operations = [
        migrations.AlterField(
            model_name='benefit',
            name='kind',
            field=models.CharField(choices=[('logo', 'Your logo on the project’s page'), ('docs', 'Named in the documentation'), ('support', 'Priority support: an answer within the next working day'), ('hours', 'Hours of the maintainers’ time each month'), ('call', 'A call with the maintainers each quarter'), ('releases', 'Named in the notes of every release'), ('own', 'In your own words')], default='own', max_length=8),
        ),
        migrations.AlterField(
            model_name='paymentout',
            name='reference',
            field=models.CharField(blank=True, help_text='The bank’s, or an invoice’s.', max_length=80),
        ),
    ]
