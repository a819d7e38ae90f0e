"""Permissions: what a signed-in person may do, read in one look-up; Django's own backend takes two."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class OneLookUp(ModelBackend):
    """Signs in as Django does. A person's own permissions and those of their groups come together."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """By name, as `connector.resolve_job`; none for somebody inactive or not signed in."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            held = Permission.objects.all()
            if not user_obj.is_superuser:
                held = held.filter(Q(user=user_obj) | Q(group__user=user_obj)).distinct()
            names = held.order_by().values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{name}" for app, name in names}
        found: set[str] = user_obj._perm_cache
        return found
