from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sponsorships', '0004_remove_is_public'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fulfilment',
            name='kind',
            field=models.CharField(choices=[('logo', 'Your logo on the project’s page'), ('docs', 'Named in the documentation'), ('support', 'Priority support: an answer within the next working day'), ('hours', 'Hours of the maintainers’ time each month'), ('call', 'A call with the maintainers each quarter'), ('releases', 'Named in the notes of every release'), ('own', 'In your own words')], max_length=8),
        ),
    ]
