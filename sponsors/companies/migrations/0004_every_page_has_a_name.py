from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("companies", "0003_name_pages")]

    operations = [
        migrations.AlterField(
            model_name="company",
            name="slug",
            field=models.SlugField(editable=False, max_length=60, unique=True),
        ),
    ]
