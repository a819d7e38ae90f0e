"""Preferences: how one person wants the console shown. A person without a row wants it as it comes."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """One row a person. They change what pages show, never what is booked or exported."""

    class Theme(models.TextChoices):
        """Light or dark."""

        AUTO = "auto", "As the device says"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Numbers(models.TextChoices):
        """Marks of thousands and decimals, by a Babel locale that writes them so."""

        ENGLISH = "en_001", "1,234.50"
        CONTINENTAL = "de", "1.234,50"
        SPACED = "fr", "1 234,50"
        SWISS = "de_CH", "1’234.50"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences", primary_key=True
    )
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        help_text="Moments are shown in this zone; empty: in the account's. Days stay the account's.",
    )
    numbers = models.CharField(max_length=8, choices=Numbers.choices, default=Numbers.ENGLISH)
    shortcuts = models.BooleanField("keyboard shortcuts", default=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"

    @property
    def zone(self) -> ZoneInfo | None:
        """The person's own zone, or None for the account's."""
        return ZoneInfo(self.time_zone) if self.time_zone else None


@cache
def zones() -> tuple[str, ...]:
    """The zones of the world by name, `UTC` first."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "US/")))
    return ("UTC", *sorted(places))
