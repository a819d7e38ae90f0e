"""Who is signed in and what they may do, in one look-up each; Django's own backend takes more."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.db.models import Exists, OuterRef, Q

from connector.engine import sign_in


class OneLookUp(ModelBackend):
    """Signs in as Django does. A person's own permissions and those of their groups come together,
    and their preferences, and whether they sign in with two steps, come with themselves.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, or None for one who is gone or inactive."""
        known = User.objects.select_related("preferences").annotate(
            has_two_step=Exists(sign_in.with_app().filter(user=OuterRef("pk")))
        )
        user = known.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

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
