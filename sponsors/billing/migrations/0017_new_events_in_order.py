from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The sweep of every half minute reads what is new, oldest first, and not all that ever came."""

    dependencies = [("billing", "0016_invoices_are_for_one_thing")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["id"], name="event_new_in_order", condition=Q(status="new")),
        ),
    ]
