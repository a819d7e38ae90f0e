"""Roles: what each kind of user may do, as Django groups with Django permissions.

The five groups are made after every `migrate`, and hold exactly what stands here: for another mixture
make a group of your own. A person may be in several; a superuser may do everything. Staff without
any group is as a viewer on the console: being let in at all is for an admin to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

RESOLVE = "connector.resolve_job"
DECIDE = "connector.add_decision"
CLOSE_MONTH = "connector.close_month"
CHANGE_SETTINGS = "connector.change_stripeaccount"
ADD_ACCOUNT = "connector.add_stripeaccount"
CHANGE_NETSUITE = "connector.change_netsuiteaccount"
RUN_BACKFILL = "connector.run_backfill"
SEE_HEALTH = "connector.see_health"

SEE = tuple(
    f"connector.view_{model}"
    for model in (
        "attempt",
        "auditentry",
        "decision",
        "event",
        "job",
        "mappedrecord",
        "netsuiteaccount",
        "refusedwebhook",
        "stripeaccount",
    )
)
"""What Django's admin asks for before it shows a table; the console's pages ask for staff alone."""
SET_UP = (
    CHANGE_SETTINGS,
    ADD_ACCOUNT,
    "connector.add_netsuiteaccount",
    CHANGE_NETSUITE,
)
QUEUE = tuple(f"django_q.view_{model}" for model in ("failure", "ormq", "schedule", "success"))


@dataclass(frozen=True, slots=True)
class Role:
    """A group: its name, its people in the plural, what they can do in a sentence."""

    name: str
    people: str
    can: str
    permissions: tuple[str, ...]


ROLES = (
    Role("viewer", "viewers", "See every record, payout and entry, and export them.", SEE),
    Role(
        "resolver",
        "resolvers",
        "Try again, skip, enter by hand, link, assign and note records that need somebody.",
        (*SEE, RESOLVE),
    ),
    Role(
        "approver",
        "approvers",
        "All that resolvers can; allow duplicates; use the next open period; close months.",
        (*SEE, RESOLVE, DECIDE, CLOSE_MONTH),
    ),
    Role(
        "settings",
        "people with the role settings",
        "Set accounts up, change their settings and bring past records.",
        (*SEE, *SET_UP, RUN_BACKFILL),
    ),
    Role(
        "engineer",
        "engineers",
        "See Health and the queue's own tables; try again.",
        (*SEE, RESOLVE, SEE_HEALTH, *QUEUE),
    ),
)


def who_may(permission: str) -> list[Role]:
    """The roles that hold a permission."""
    return [role for role in ROLES if permission in role.permissions]


def make(using: str) -> None:
    """Make the groups where they are missing, and have each hold exactly what its role says."""
    groups = {role.name: Group.objects.using(using).get_or_create(name=role.name)[0] for role in ROLES}
    apps = Q(content_type__app_label__in=("connector", "django_q"))
    known = {
        f"{one.content_type.app_label}.{one.codename}": one.pk
        for one in Permission.objects.using(using).filter(apps).select_related("content_type")
    }
    held = Group.permissions.through.objects.using(using)
    wanted = {(groups[role.name].pk, known[one]) for role in ROLES for one in role.permissions}
    rows = held.filter(group__in=groups.values())
    there = set(rows.values_list("group_id", "permission_id"))
    for group, permission in there - wanted:
        rows.filter(group=group, permission=permission).delete()
    missing = [held.model(group_id=group, permission_id=permission) for group, permission in wanted - there]
    held.bulk_create(missing, ignore_conflicts=True)
