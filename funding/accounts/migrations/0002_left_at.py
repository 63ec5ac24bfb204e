from django.db import migrations, models

import funding.office.text


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the account was deleted; the row names nobody.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="name",
            field=models.CharField(
                blank=True, max_length=80, validators=[funding.office.text.visible_text]
            ),
        ),
    ]
