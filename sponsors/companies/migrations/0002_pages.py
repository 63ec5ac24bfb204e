import django.db.models.deletion
import funding.office.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0001_initial'),
        ('office', '0002_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='about',
            field=models.CharField(blank=True, help_text='A sentence or two, on its public page.', max_length=240, validators=[funding.office.text.visible_text]),
        ),
        migrations.AddField(
            model_name='company',
            name='logo',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.picture'),
        ),
        migrations.AddField(
            model_name='company',
            name='slug',
            field=models.SlugField(editable=False, max_length=60, null=True, unique=True),
        ),
    ]
