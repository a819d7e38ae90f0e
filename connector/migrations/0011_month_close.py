import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connector", "0010_needs_you"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthClose",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day, in the account's time zone.")),
                ("who", models.CharField(max_length=150)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reason",
                    models.TextField(blank=True, help_text="Why it was ticked although something was open."),
                ),
                (
                    "facts",
                    models.JSONField(
                        default=dict, help_text="{items: [...], figures: [...]}, see engine.month_close."
                    ),
                ),
                (
                    "reopened_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was first noticed that the month has changed since.",
                        null=True,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                ("ended_why", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="month_closes",
                        to="connector.stripeaccount",
                    ),
                ),
            ],
            options={
                "ordering": ("-month", "-pk"),
            },
        ),
        migrations.AddIndex(
            model_name="monthclose",
            index=models.Index(fields=["account", "month"], name="connector_m_account_e9b863_idx"),
        ),
        migrations.AddConstraint(
            model_name="monthclose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("account", "month"),
                name="one_standing_month_close",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("code", ""), _negated=True),
                fields=["code", "-updated_at"],
                name="jobs_by_code",
            ),
        ),
        migrations.AddIndex(
            model_name="mappedrecord",
            index=models.Index(
                fields=["account", "tran_date"],
                include=("state", "record_type", "currency", "amount"),
                name="records_by_day",
            ),
        ),
    ]
