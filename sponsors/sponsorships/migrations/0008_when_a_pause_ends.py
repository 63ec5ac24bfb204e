from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("sponsorships", "0007_until_when_they_stand"),
    ]

    operations = [
        migrations.AddField(
            model_name="sponsorship",
            name="resumes_at",
            field=models.DateTimeField(
                help_text="When it goes on by itself; of one that is paused.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="sponsorship",
            index=models.Index(
                condition=models.Q(("status", "paused")),
                fields=["resumes_at"],
                name="sponsorship_resumes",
            ),
        ),
    ]
