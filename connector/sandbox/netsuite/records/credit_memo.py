"""Credit memo (netsuite.md 4.3)."""

from typing import ClassVar

from ..refusal import Refused, applied_exceeds_payment
from ..store import Record, Transaction
from ..values import ZERO, Data
from .applying import Applier, Portion, apply_line, check_auto_apply, check_total, grouped
from .sale import SaleKind
from .transaction import COMMON_REFERENCES


class CreditMemoKind(SaleKind):
    name = "creditMemo"
    wire = "CreditMemo"
    title = "Credit Memo"
    permission = "Transactions -> Credit Memo"
    prefix = "CM"
    line_wire = "CreditMemoItem"
    list_wire = "CreditMemoItemList"
    debit_sign = -1
    plain: ClassVar[frozenset[str]] = SaleKind.plain | {"autoApply"}
    references = {
        **COMMON_REFERENCES,
        "entity": ("customer",),
        "account": ("account",),
        "createdFrom": ("invoice",),
    }
    dates = ("tranDate", "salesEffectiveDate")
    lists = {"itemList": "item", "applyList": "apply"}
    list_keys = {"applyList": "doc"}

    def over_applied(self) -> Refused:
        return applied_exceeds_payment()

    def status(self, record: Transaction) -> str:
        if record.voided:
            return "Voided"
        return "Open" if self.company.store.open_amount(record) > ZERO else "Fully Applied"

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        check_auto_apply(fields, "applyList")
        store, applier = self.company.store, Applier(self.company, record)
        if "applyList" in fields:
            store.apply(record.internal_id, ())
            room = store.open_amount(record)
            debits = applier.chosen(fields["applyList"].get("apply", []), ("invoice",), room)
        elif fields.get("autoApply"):
            debits = [*self._owned(record), *applier.oldest_first(store.open_amount(record))]
        elif is_new:
            debits = self._pre_applied(record, applier)
        else:
            return
        store.apply(record.internal_id, ())
        check_total(debits, [], store.open_amount(record))
        applier.save(debits, [])

    def _owned(self, record: Transaction) -> list[Portion]:
        store = self.company.store
        return [
            Portion(store.transaction(each.debit), each.amount)
            for each in store.owned.get(record.internal_id, ())
        ]

    def _pre_applied(self, record: Transaction, applier: Applier) -> list[Portion]:
        """A memo made from an open invoice is applied to it at once (netsuite.md 4.3)."""
        source = record.fields.get("createdFrom")
        invoice = self.company.store.transaction(int(source["@internalId"])) if source else None
        if invoice is None or not applier.is_open(invoice):
            return []
        return [Portion(invoice, min(record.total, self.company.store.open_amount(invoice)))]

    def stored_list(self, old: Record, name: str) -> Data | None:
        if name == "applyList":
            shown: Data | None = self.computed(old)["applyList"]
            return shown
        return super().stored_list(old, name)

    def computed(self, record: Record) -> Data:
        store = self.company.store
        held = store.transaction(record.internal_id)
        unapplied = store.open_amount(held)
        mine = [each for each in store.applications(held.internal_id) if each.credit == held.internal_id]
        lines = [
            apply_line(self.company, store.transaction(document), applied, "CreditMemoApply")
            for document, applied in grouped(mine, "debit").items()
        ]
        shown = super().computed(record)
        shown |= {"applied": held.total - unapplied, "unapplied": unapplied, "amountRemaining": unapplied}
        shown["applyList"] = {"$": "CreditMemoApplyList", "apply": lines}
        return shown
