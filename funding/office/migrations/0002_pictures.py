import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('digest', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('width', models.PositiveSmallIntegerField(help_text='Of the largest rendition, in pixels.')),
                ('height', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField(help_text="By this machine's clock.")),
            ],
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveSmallIntegerField(help_text='At most so many pixels on either side.')),
                ('form', models.CharField(help_text='webp or png.', max_length=4)),
                ('data', models.BinaryField()),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='office.picture')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('picture', 'size', 'form'), name='rendition_once')],
            },
        ),
    ]
