"""Item lines of sales: amounts from quantity and rate, discounts on the line above, accounts."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ..refusal import Refused, invalid_reference, may_not_set, please_enter
from ..store import Line, Record
from ..values import Data, as_date, names, total
from .item import ITEM_KINDS, posting_account
from .kind import Writing, too_long
from .transaction import Head

if TYPE_CHECKING:
    from ..company import Company

SETTABLE = names(
    "item line description amount quantity price rate department class location revRecStartDate revRecEndDate"
    " deferRevRec orderLine isClosed customFieldList"
)
LINE_REFERENCES = {"department": "department", "class": "classification", "location": "location"}
PRICE_LEVELS = ("-1", "1")
"""Internal ids of price levels: custom, and the base price."""
AMOUNT_DIFFERS = "The line total amount is not equal to the item price times the quantity.  Is this correct?"
NO_LINES = "You must have at least one valid line item for this transaction."
NO_ACCOUNT = (
    "One of the items on this transaction has an amount but no account. "
    "Please edit the item and select an account for it."
)


class LineReader:
    """Turns the item lines of one transaction into posted lines."""

    def __init__(self, company: "Company", head: Head, writing: Writing, used: int) -> None:
        self.company = company
        self.head = head
        self.writing = writing
        self.last_number = used
        self.lines: list[Line] = []

    def read(self, sent: list[Data]) -> tuple[Line, ...]:
        """All lines, or Refused; `VALID_LINE_ITEM_REQD` when there is none (R9)."""
        if not sent:
            raise Refused("VALID_LINE_ITEM_REQD", NO_LINES)
        self.last_number = max([self.last_number, *(line.get("line") or 0 for line in sent)])
        for line in sent:
            self.lines.append(self._line(line))
        return tuple(self.lines)

    def _line(self, line: Data) -> Line:
        fields = {name: value for name, value in line.items() if name[0] not in "$@"}
        self._check_settable(fields)
        if not fields.get("item"):
            raise please_enter(["Item"])
        item = self.company.follow(ITEM_KINDS, fields["item"], "item", self.head.scope)
        if item.kind == "discountItem":
            amount, rate, quantity = self._discount(item, fields)
        else:
            amount, rate, quantity = self._sale(fields)
        account = self._account(item)
        if account is None and amount:
            raise Refused("ITEM_ACCT_REQD", NO_ACCOUNT)
        number = fields.get("line") or self._next_number()
        return Line(
            number=number,
            item=item.internal_id,
            quantity=quantity,
            rate=rate,
            amount=amount,
            account=account,
            fields=self._kept(fields),
        )

    def _check_settable(self, fields: Data) -> None:
        for name, value in fields.items():
            if name not in SETTABLE:
                raise may_not_set(f"item.{name}")
            if name == "description" and len(value) > 4000:
                raise too_long("description", 4000)
        price = fields.get("price")
        if price and price.get("@internalId") not in PRICE_LEVELS:
            raise invalid_reference("price", price.get("@internalId"), self.head.scope)

    def _next_number(self) -> int:
        self.last_number += 1
        return self.last_number

    def _sale(self, fields: Data) -> tuple[Decimal, str, Decimal]:
        """Amount, rate and quantity; an amount that isn't rate times quantity is only warned about (M10)."""
        sent: Decimal | None = fields.get("quantity")
        quantity = Decimal(1) if sent is None else sent
        amount: Decimal | None = fields.get("amount")
        rate = read_rate(fields["rate"]) if fields.get("rate") else None
        self.head.check_decimals(amount)
        if rate is None and amount is None:
            raise Refused("USER_ERROR", "Please enter a value for amount.")
        worked_out = None if rate is None else self._rounded(rate * quantity)
        if amount is None:
            amount = worked_out or Decimal(0)
        elif worked_out is not None and worked_out != amount:
            self.writing.warnings.append(AMOUNT_DIFFERS)
        if rate is None and quantity:
            rate = (amount / quantity).quantize(Decimal("0.00000001"), rounding=ROUND_HALF_UP)
        return amount, f"{(rate or Decimal(0)).normalize():f}", quantity

    def _discount(self, item: Record, fields: Data) -> tuple[Decimal, str, Decimal]:
        """A discount of the line above: a percentage of it, or an amount; always taken off."""
        text = str(fields.get("rate") or item.fields.get("rate") or "")
        amount: Decimal | None = fields.get("amount")
        self.head.check_decimals(amount)
        if amount is None:
            if not text:
                raise Refused("USER_ERROR", "Please enter a value for amount.")
            rate = read_rate(text.rstrip("% "))
            above = self.lines[-1].amount if self.lines else Decimal(0)
            amount = self._rounded(above * rate / 100) if text.endswith("%") else rate
            self.head.check_decimals(amount)
        return -abs(amount), text or f"{-abs(amount):f}", Decimal(1)

    def _rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-self.head.places), rounding=ROUND_HALF_UP)

    def _account(self, item: Record) -> int | None:
        """A non-posting discount lessens the account of the line above; others post to the item's account."""
        if item.kind == "discountItem" and item.fields.get("nonPosting"):
            return self.lines[-1].account if self.lines else None
        return posting_account(item)

    def _kept(self, fields: Data) -> Data:
        kept: Data = {
            name: fields[name]
            for name in ("description", "price", "orderLine", "deferRevRec", "isClosed")
            if name in fields
        }
        for name in ("revRecStartDate", "revRecEndDate"):
            if name in fields:
                kept[name] = as_date(fields[name])
        for name, kind in LINE_REFERENCES.items():
            if fields.get(name):
                record = self.company.follow((kind,), fields[name], name, self.head.scope)
                kept[name] = self.company.refer(kind, record.internal_id)
        if "customFieldList" in fields:
            kept["customFieldList"] = self._custom(fields["customFieldList"])
        return kept

    def _custom(self, value: Data) -> Data:
        for each in value.get("customField", []):
            if not (each.get("@scriptId") or "").startswith("custcol"):
                raise may_not_set(each.get("@scriptId") or "customField")
        return value


def read_rate(text: str) -> Decimal:
    """A rate field's number; refused when it is none."""
    try:
        return Decimal(text.strip().rstrip("%"))
    except InvalidOperation:
        message = f"You have entered an Invalid Field Value {text} for the following field: rate"
        raise Refused("INVALID_FLD_VALUE", message) from None


def lines_total(lines: tuple[Line, ...]) -> Decimal:
    return total(line.amount for line in lines)


def line_data(company: "Company", line: Line, wire: str) -> Data:
    """A line as a record shows it."""
    price = line.fields.get("price")
    if price:
        name = "Custom" if price["@internalId"] == "-1" else "Base Price"
        price = {"$": "RecordRef", "@internalId": price["@internalId"], "name": name}
    kind = company.store.records[("item", line.item)].kind
    return {
        "$": wire,
        **line.fields,
        "price": price,
        "item": company.refer(kind, line.item),
        "line": line.number,
        "amount": line.amount,
        "quantity": None if kind == "discountItem" else line.quantity,
        "rate": line.rate,
    }


def resent(line: Line) -> Data:
    """A line as if a caller sent it again unchanged; a percentage is worked out anew."""
    sent: Data = {
        **line.fields,
        "item": {"$": "RecordRef", "@internalId": str(line.item)},
        "line": line.number,
    }
    sent |= {"rate": line.rate, "quantity": line.quantity}
    return sent if line.rate.endswith("%") else {**sent, "amount": line.amount}


def changed(line: Data) -> Data:
    """A sent change of a line: whichever of amount and rate is not sent follows from the other."""
    if line.get("amount") is not None and line.get("rate") is None:
        return {**line, "rate": None}
    if line.get("amount") is None and (line.get("rate") is not None or line.get("quantity") is not None):
        return {**line, "amount": None}
    return line
