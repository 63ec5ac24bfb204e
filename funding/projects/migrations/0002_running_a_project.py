import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import funding.accounts.address
import funding.office.text
import funding.projects.models.project
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
        ('office', '0002_pictures'),
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('did', models.CharField(help_text='As a sentence goes on after a name.', max_length=300)),
            ],
            options={
                'verbose_name_plural': 'activities',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, validators=[funding.accounts.address.deliverable], verbose_name='e-mail address')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('treasurer', 'Treasurer')], default='editor', max_length=10)),
                ('secret_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Language',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, validators=[funding.office.text.visible_text])),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='maintainer',
            options={'ordering': ['id']},
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_recorded_once',
        ),
        migrations.RemoveConstraint(
            model_name='paymentout',
            name='payment_out_recorded_once',
        ),
        migrations.RemoveIndex(
            model_name='funding',
            name='funding_filled',
        ),
        migrations.RemoveIndex(
            model_name='project',
            name='project_status_name',
        ),
        migrations.AddField(
            model_name='benefit',
            name='hours',
            field=models.PositiveSmallIntegerField(blank=True, help_text='A month, of the kind that counts them.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(160)]),
        ),
        migrations.AddField(
            model_name='benefit',
            name='kind',
            field=models.CharField(choices=[('logo', "Logo on the project's page"), ('docs', 'Named in the documentation'), ('support', 'Priority support: an answer within the next working day'), ('hours', "Hours of the maintainers' time each month"), ('call', 'A call with the maintainers each quarter'), ('releases', 'Named in the notes of every release'), ('own', 'In your own words')], default='own', max_length=8),
        ),
        migrations.AddField(
            model_name='fundedperson',
            name='left_at',
            field=models.DateTimeField(editable=False, help_text='Shown no longer; what was paid stays in the books.', null=True),
        ),
        migrations.AddField(
            model_name='funding',
            name='funded_at',
            field=models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='When it last won a sponsor; 1970: never yet.'),
        ),
        migrations.AddField(
            model_name='grant',
            name='taken_back',
            field=models.OneToOneField(editable=False, help_text='The entry that corrects it, because it was recorded wrongly.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry'),
        ),
        migrations.AddField(
            model_name='grant',
            name='taken_back_because',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='maintainer',
            name='since',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='paymentout',
            name='taken_back',
            field=models.OneToOneField(editable=False, help_text='The entry that corrects it, because it was recorded wrongly.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry'),
        ),
        migrations.AddField(
            model_name='paymentout',
            name='taken_back_because',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='project',
            name='archived_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='logo',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.picture'),
        ),
        migrations.AddField(
            model_name='project',
            name='published_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='update',
            name='edited_at',
            field=models.DateTimeField(editable=False, help_text='After publication.', null=True),
        ),
        migrations.AddField(
            model_name='update',
            name='mail_sponsors',
            field=models.BooleanField(default=True, verbose_name='mail it to the sponsors who want updates'),
        ),
        migrations.AddField(
            model_name='update',
            name='mailed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='benefit',
            name='text',
            field=models.CharField(max_length=120, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='fundedperson',
            name='name',
            field=models.CharField(max_length=80, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='goal',
            name='title',
            field=models.CharField(max_length=80, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='grant',
            name='funder',
            field=models.CharField(max_length=120, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='paymentout',
            name='supplier',
            field=models.CharField(blank=True, help_text='When it is no person above.', max_length=120, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='project',
            name='licence',
            field=models.CharField(blank=True, help_text='Its SPDX name: BSD-3-Clause, MIT, Apache-2.0.', max_length=40, validators=[funding.projects.models.project.licence_name]),
        ),
        migrations.AlterField(
            model_name='project',
            name='name',
            field=models.CharField(max_length=80, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='project',
            name='repository',
            field=models.URLField(blank=True, validators=[funding.office.text.public_address], verbose_name='source code'),
        ),
        migrations.AlterField(
            model_name='project',
            name='summary',
            field=models.CharField(help_text='One sentence under the name.', max_length=240, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='project',
            name='website',
            field=models.URLField(blank=True, validators=[funding.office.text.public_address]),
        ),
        migrations.AlterField(
            model_name='tier',
            name='description',
            field=models.CharField(blank=True, max_length=240, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='tier',
            name='name',
            field=models.CharField(max_length=60, validators=[funding.office.text.visible_text]),
        ),
        migrations.AlterField(
            model_name='update',
            name='body',
            field=models.TextField(help_text='Markdown.', max_length=50000),
        ),
        migrations.AlterField(
            model_name='update',
            name='title',
            field=models.CharField(max_length=120, validators=[funding.office.text.visible_text]),
        ),
        migrations.AddIndex(
            model_name='funding',
            index=models.Index(fields=['filled', 'project'], name='funding_filled'),
        ),
        migrations.AddIndex(
            model_name='funding',
            index=models.Index(fields=['-funded_at', 'project'], name='funding_funded'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(models.F('status'), django.db.models.functions.text.Lower('name'), models.F('id'), name='project_by_name'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['status', 'licence'], name='project_by_licence'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['status', 'currency'], name='project_by_currency'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('mail_sponsors', True), ('mailed_at', None), ('published_at__isnull', False)), fields=['id'], name='update_to_be_mailed'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hours__gt', 0), ('kind', 'hours')), models.Q(models.Q(('kind', 'hours'), _negated=True), ('hours', None)), _connector='OR'), name='benefit_hours_counted'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back', None)), fields=('project', 'funder', 'amount', 'received_on'), name='grant_recorded_once', violation_error_message='This grant is recorded already.'),
        ),
        migrations.AddConstraint(
            model_name='paymentout',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('person', 0), models.F('project'), models.F('supplier'), models.F('paid_on'), models.F('amount'), models.F('reference'), condition=models.Q(('taken_back', None)), name='payment_out_recorded_once', violation_error_message='This payment is recorded already. If it was made twice, give each its own reference.'),
        ),
        migrations.AddField(
            model_name='activity',
            name='by',
            field=models.ForeignKey(help_text='Empty: the site itself.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='activity',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='projects.project'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='projects.project'),
        ),
        migrations.AddField(
            model_name='language',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to='projects.project'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['project', '-id'], name='activity_of_project'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('project', 'email'), name='invitation_one_open_an_address'),
        ),
        migrations.AddIndex(
            model_name='language',
            index=models.Index(fields=['name', 'project'], name='language_projects'),
        ),
        migrations.AddConstraint(
            model_name='language',
            constraint=models.UniqueConstraint(fields=('project', 'name'), name='language_once_a_project'),
        ),
    ]
