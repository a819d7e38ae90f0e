"""Django's admin, with an audit entry for each change, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from connector.engine import audit
from connector.models import StripeAccount
from connector.models.audit import Verb

if TYPE_CHECKING:
    Base = admin.ModelAdmin[models.Model]
else:
    Base = admin.ModelAdmin


class AuditedAdmin(Base):
    """Writes down what is added, changed and removed, old and new; never a credential.

    Django runs each of its forms in one transaction, and `save_related` is its last step.
    """

    added: ClassVar[Verb]
    changed: ClassVar[Verb]
    removed: ClassVar[Verb]

    def state_of(self, row: models.Model) -> dict[str, Any]:
        """What people can set of a row, as it is now."""
        return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.editable}

    def record(self, request: HttpRequest, verb: Verb, row: Any, old: Mapping[str, Any]) -> None:
        """Write down a deed, unless it changed nothing. `old` is what the row was before."""
        before, after = audit.changes(old, self.state_of(row))
        if after or verb != self.changed:
            self.note(request, verb, row, before=before, after=after)

    def note(
        self,
        request: HttpRequest,
        verb: Verb,
        row: Any,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Write it down as it is given."""
        account = row if isinstance(row, StripeAccount) else None
        kind = "" if account else f"{self.opts.verbose_name} "
        who = request.user.get_username()
        audit.record(who, verb, account=account, subject=f"{kind}{row}", before=before, after=after)

    def held_by(self, row: models.Model) -> dict[str, Any]:
        """What a row that is to be removed holds, without what is empty in it."""
        return {name: value for name, value in self.state_of(row).items() if value}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row, and keep what it was until it is written down. Of an old one what the form has."""
        rows = self.model._default_manager.select_for_update()
        form.was = self.state_of(rows.get(pk=obj.pk)) if change else self.state_of_new(obj)
        typed = {name for name, field in form.fields.items() if not field.disabled}
        own = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=own & typed if change else None)

    def state_of_new(self, row: models.Model) -> dict[str, Any]:
        """What a new row is before anything is typed: the entry keeps what differs from that."""
        return {field.name: field.get_default() for field in row._meta.concrete_fields if field.editable}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what hangs on the row, and write all of it down."""
        super().save_related(request, form, formsets, change)
        self.record(request, self.changed if change else self.added, form.instance, form.was)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove the row and write that down."""
        self.note(request, self.removed, obj, before=self.held_by(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Remove the rows and write each of them down; all or nothing."""
        rows: Iterable[Any] = list(queryset)
        with transaction.atomic():
            for row in rows:
                self.note(request, self.removed, row, before=self.held_by(row))
            super().delete_queryset(request, queryset)
