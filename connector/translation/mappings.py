"""Field defaults and mappings: a plan's records with the fields that the account fills (FM-1 to FM-3).

Applied once, to the whole plan, after translation. For each field a value from Stripe goes before
a fixed one, and both go before ours; an empty one clears the field:

    ours            memo "Stripe: in_1"
    fixed           {"invoice": {"memo": "Subscriptions", "klass_id": 5}}
    from Stripe     {"invoice": {"metadata.po": "other_ref_num", "description": "memo"}}
    in_1 has metadata po "4711" and no description
                    -> memo "Subscriptions", class 5, PO # 4711

A value that Stripe does not have is no value, so the fixed one or ours stays; one that is only
blank is empty, and clears. A value that the field cannot hold is refused by name, and then nothing
of the document is written. What NetSuite holds already is never changed, so it is not refused either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from connector.netsuite import records
from connector.netsuite.records import Filled, Line
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Invoice
from connector.translation.mappings_fields import KINDS, Field
from connector.translation.mappings_read import FromStripe, Mappings, Value, converted, is_empty, read
from connector.translation.plan import Plan, Planned, Problem
from connector.translation.settings import Settings

Seen = Mapping[str, object]
"""Stripe's objects by their ids, as they were read for the plan; invoice lines too."""

_BY_RECORD = {kind.record: kind.key for kind in KINDS.values() if not kind.line}


def wanted(settings: Settings) -> bool:
    """Whether the account fills any field."""
    return bool(settings.field_defaults or settings.field_mappings)


def apply(plan: Plan, seen: Seen, settings: Settings, booked: Collection[str] = ()) -> Plan:
    """The plan with every field filled, or with the problems that stand against it.

    `booked` are the external ids of records that NetSuite holds already.
    """
    if not plan.records or not wanted(settings):
        return plan
    rules = read(settings.field_defaults, settings.field_mappings)
    filler = _Filler(rules, seen, settings)
    filled = [(planned, *filler.fill(planned)) for planned in plan.records]
    problems = [Problem("mapping_not_understood", fault) for fault in rules.faults]
    for planned, _, found in filled:
        problems += [] if planned.record.external_id in booked else found
    if problems:
        return replace(plan, links=(), records=(), problems=tuple(dict.fromkeys(problems)))
    return replace(plan, records=tuple(done for _, done, _ in filled))


@dataclass(frozen=True, slots=True)
class _Filler:
    rules: Mappings
    seen: Seen
    settings: Settings

    def fill(self, planned: Planned) -> tuple[Planned, list[Problem]]:
        """One record with its lines, and what stands against it."""
        kind = _BY_RECORD.get(type(planned.record))
        if kind is None:
            return planned, []
        own = self.seen.get(planned.stripe_id)
        record, problems = self._filled(planned.record, kind, planned.stripe_id, own, None)
        if isinstance(record, records.Invoice | records.CreditMemo):
            lines, found = self._lines(record.lines, f"{kind}_item", self._invoice_behind(own))
            record, problems = replace(record, lines=lines), problems + found
        if record == planned.record:
            return planned, problems
        return replace(planned, record=record, rules=(*planned.rules, "FM-1", "FM-3")), problems

    def _lines(
        self, lines: tuple[Line, ...], kind: str, invoice: object
    ) -> tuple[tuple[Line, ...], list[Problem]]:
        made = [self._filled(line, kind, line.source, self.seen.get(line.source), invoice) for line in lines]
        return tuple(line for line, _ in made), [problem for _, found in made for problem in found]

    def _invoice_behind(self, own: object) -> object:
        return self.seen.get(own.invoice_id) if isinstance(own, CreditNote) else own

    def _filled(
        self, thing: Any, kind: str, stripe_id: str, own: object, invoice: object
    ) -> tuple[Any, list[Problem]]:
        """A record or line with its fields. FM-3: the fixed values first, then what Stripe says."""
        values: dict[Field, Value | None] = {}
        problems: list[Problem] = []
        for field, told, raw in self._raw(kind, own, invoice):
            try:
                values[field] = None if is_empty(raw) else converted(field, raw, self.settings.time_zone)
            except ValueError as fault:
                text = f"{told} of {stripe_id} cannot be written into {kind} “{field.key}”: it {fault}"
                problems.append(Problem("mapped_value_unusable", text))
        emptied = [field for field, value in values.items() if value is None and not field.may_be_empty]
        for field in emptied:
            text = f"{kind} “{field.key}” would be empty for {stripe_id}, and NetSuite needs it."
            problems.append(Problem("mapped_value_unusable", text))
            del values[field]
        return _with(thing, values), problems

    def _raw(self, kind: str, own: object, invoice: object) -> Iterator[tuple[Field, str, object]]:
        """Every field, the words that name its value, and the value; a later one goes before an earlier."""
        for fixed in self.rules.fixed.get(kind, ()):
            yield fixed.field, "The fixed value", fixed.value
        for mapped in self.rules.from_stripe.get(kind, ()):
            value = _value(mapped, own, invoice)
            if value is not None and value != "":
                yield mapped.field, ".".join(mapped.path), value


def _value(mapped: FromStripe, own: object, invoice: object) -> object:
    """The Stripe value at a path; None where the path ends early."""
    start, path = own, mapped.path
    if path[0] == "invoice" and not isinstance(own, Invoice | CreditNote):
        start, path = invoice, path[1:]
    for part in path:
        start = start.get(part) if isinstance(start, Mapping) else getattr(start, part, None)
    return start


def _with(thing: Any, values: Mapping[Field, Value | None]) -> Any:
    """The record or line with these values: in its own attributes where it has them, beside them else."""
    names = {field.name for field in values}
    blank = {field.name: field.default for field in fields(thing)}
    own = {
        field.ours: blank[field.ours] if value is None else value
        for field, value in values.items()
        if field.ours
    }
    more = tuple(
        Filled(field.name, value) for field, value in values.items() if value is not None and not field.ours
    )
    kept = tuple(one for one in thing.filled if one.name not in names)
    return replace(thing, **own, filled=(*kept, *more)) if values else thing
