"""The sums of a month know which books a record is in, so that its index alone answers them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connector", "0021_next_open_period"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="mappedrecord",
            name="records_by_day",
        ),
        migrations.AddIndex(
            model_name="mappedrecord",
            index=models.Index(
                fields=["account", "tran_date"],
                include=("netsuite_account", "state", "record_type", "currency", "amount"),
                name="records_by_day",
            ),
        ),
    ]
