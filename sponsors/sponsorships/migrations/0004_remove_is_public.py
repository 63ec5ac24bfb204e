from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("sponsorships", "0003_keep_what_was_agreed")]

    operations = [migrations.RemoveField(model_name="sponsorship", name="is_public")]
