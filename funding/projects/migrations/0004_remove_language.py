from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("projects", "0003_copy_languages")]

    operations = [migrations.RemoveField(model_name="project", name="language")]
