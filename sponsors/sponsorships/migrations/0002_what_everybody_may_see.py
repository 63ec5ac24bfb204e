import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0002_pages'),
        ('projects', '0002_running_a_project'),
        ('sponsorships', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Fulfilment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('logo', "Logo on the project's page"), ('docs', 'Named in the documentation'), ('support', 'Priority support: an answer within the next working day'), ('hours', "Hours of the maintainers' time each month"), ('call', 'A call with the maintainers each quarter'), ('releases', 'Named in the notes of every release'), ('own', 'In your own words')], max_length=8)),
                ('text', models.CharField(help_text='As it was promised.', max_length=120)),
                ('period', models.CharField(blank=True, help_text='Day its month or quarter began; empty: once.', max_length=10)),
                ('due_on', models.DateField()),
                ('done_at', models.DateTimeField(null=True)),
                ('proof', models.CharField(blank=True, help_text='An address, or a few words.', max_length=300)),
            ],
            options={
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='sponsorship',
            name='first_paid_at',
            field=models.DateTimeField(help_text='First paid, this one itself.', null=True),
        ),
        migrations.AddField(
            model_name='sponsorship',
            name='visibility',
            field=models.CharField(choices=[('public', 'Name and amount'), ('named', 'Name without the amount'), ('anonymous', 'Neither name nor amount')], default='public', max_length=9),
        ),
        migrations.AddField(
            model_name='sponsorship',
            name='wants_updates',
            field=models.BooleanField(default=True, help_text="Its company's people get the project's updates by mail."),
        ),
        migrations.AlterField(
            model_name='sponsorship',
            name='benefits',
            field=models.JSONField(default=list, help_text='What was promised when it was bought: kind, text, hours of each.'),
        ),
        migrations.AddConstraint(
            model_name='sponsorship',
            constraint=models.CheckConstraint(condition=models.Q(('visibility__in', ['public', 'named', 'anonymous'])), name='sponsorship_visibility_known'),
        ),
        migrations.AddField(
            model_name='fulfilment',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='fulfilment',
            name='sponsorship',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fulfilments', to='sponsorships.sponsorship'),
        ),
        migrations.AddIndex(
            model_name='fulfilment',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['due_on'], name='fulfilment_owed'),
        ),
        migrations.AddConstraint(
            model_name='fulfilment',
            constraint=models.UniqueConstraint(fields=('sponsorship', 'kind', 'text', 'period'), name='fulfilment_once_a_period'),
        ),
    ]
