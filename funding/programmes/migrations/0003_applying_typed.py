from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("programmes", "0002_desk_interest")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="typed",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="What was typed and is not sent, as it was typed, by field; see `drafts`.",
            ),
        ),
    ]
