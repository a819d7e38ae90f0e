"""People and their roles: who let whom do what is written down too."""

from __future__ import annotations

import importlib
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse

from connector.admin.audited import AuditedAdmin
from connector.engine import audit, sign_in
from connector.models.audit import Verb

# The sign-in's own tables: what is changed there would go past the audit.
for theirs in ("allauth.account.admin", "allauth.mfa.admin"):
    importlib.import_module(theirs)
admin.site.unregister([User, Group, Authenticator, EmailAddress])
UNTOLD = {"password", "last_login"}
"""What the audit does not keep of a person; that a password was changed it does."""


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg] # at run time it takes none
    """Users, with their roles."""

    added, changed, removed = Verb.CHANGE_PERSON, Verb.CHANGE_PERSON, Verb.CHANGE_PERSON
    list_display = ("username", "email", "roles", "two_step", "is_active", "is_staff", "is_superuser")
    actions = ("reset_two_step",)

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        """The groups of a person."""
        return ", ".join(group.name for group in person.groups.all())

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Everybody, with their groups at hand."""
        with_app = models.Exists(sign_in.with_app().filter(user=models.OuterRef("pk")))
        people = super().get_queryset(request).annotate(has_two_step=with_app)
        return cast("models.QuerySet[Any]", people.prefetch_related("groups"))

    @admin.display(description="two-step sign-in", boolean=True)
    def two_step(self, person: User) -> bool:
        """Whether a second step is asked for."""
        return sign_in.has(person)

    @admin.action(description="Reset two-step sign-in", permissions=["change"])
    def reset_two_step(self, request: HttpRequest, people: models.QuerySet[Any]) -> None:
        """Let people in with the password alone, as after a lost phone."""
        with transaction.atomic():
            done = [person.get_username() for person in people if sign_in.reset(person)]
            for name in done:
                who = request.user.get_username()
                before, after = {"two-step sign-in": "on"}, {"two-step sign-in": "off"}
                audit.record(who, Verb.TWO_STEP, subject=name, before=before, after=after)
        for name in done:
            messages.success(request, f"{name} signs in with the password alone now.")
        if not done:
            messages.info(request, "Nobody of them has two-step sign-in.")

    def state_of(self, row: Any) -> dict[str, Any]:
        """What a person is and may do."""
        held = {name: value for name, value in super().state_of(row).items() if name not in UNTOLD}
        groups = row.groups.order_by("name").values_list("name", flat=True)
        return held | {"roles": list(groups), "permissions": _named(row.user_permissions)}

    def state_of_new(self, row: Any) -> dict[str, Any]:
        """A person without any name or right."""
        held = {name: value for name, value in super().state_of_new(row).items() if name not in UNTOLD}
        return {**held, "roles": [], "permissions": []}

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The page that sets somebody's password."""
        with transaction.atomic():
            person: Any = self.get_object(request, id)
            before = person.password if person else ""
            answer: HttpResponse = super().user_change_password(request, id, form_url)
            if person:
                person.refresh_from_db()
            if person and before != person.password:
                self.note(request, self.changed, person, after={"password": "replaced"})
        return answer


@admin.register(Group)
class RoleAdmin(AuditedAdmin, GroupAdmin):
    """Roles. The five of ours hold what `connector.engine.roles` says, whatever is typed here."""

    added, changed, removed = Verb.CHANGE_ROLE, Verb.CHANGE_ROLE, Verb.CHANGE_ROLE

    def state_of(self, row: Any) -> dict[str, Any]:
        """What a role is called and may do."""
        return {"name": row.name, "permissions": _named(row.permissions)}

    def state_of_new(self, row: Any) -> dict[str, Any]:
        """A role without a name that may do nothing."""
        return {"name": "", "permissions": []}


def _named(permissions: models.Manager[Permission]) -> list[str]:
    """Permissions as Django names them."""
    held = permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{code}" for app, code in held)
