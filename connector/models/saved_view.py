"""SavedView: the filters of a list under a name. Everybody signed in can open it by its address."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """One person's view of one page; `query` is the part of the address after the question mark."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40, help_text="The name of the page's address.")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "page", "name"], name="one_view_of_a_name"),)
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
