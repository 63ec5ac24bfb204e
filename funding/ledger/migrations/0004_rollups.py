import django.db.models.deletion
from django.db import migrations, models

MONTH = {
    "postgresql": "date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date",
    "sqlite": "substr(occurred_at, 1, 7) || '-01'",
}


def build(apps, schema_editor):
    month = MONTH[schema_editor.connection.vendor]
    schema_editor.execute(
        f"""
        INSERT INTO ledger_rollup (account_id, month, writer, debits, credits)
        SELECT account, month, 0, sum(debits), sum(credits) FROM (
          SELECT debit_id AS account, {month} AS month, amount AS debits, 0 AS credits
          FROM ledger_transfer
          UNION ALL SELECT credit_id, {month}, 0, amount FROM ledger_transfer
        ) AS sides GROUP BY account, month
        """
    )


class Migration(migrations.Migration):

    dependencies = [
        ("ledger", "0003_more_kinds_of_entry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day, UTC.")),
                ("writer", models.IntegerField(default=0, help_text="Whose connection added it; 0: all together.")),
                ("debits", models.BigIntegerField(help_text="Minor units.")),
                ("credits", models.BigIntegerField(help_text="Minor units.")),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "month", "writer"), name="rollup_once"),
                    models.CheckConstraint(condition=models.Q(("credits__gte", 0), ("debits__gte", 0)), name="rollup_positive"),
                ],
            },
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
