"""The books as plain text that an accountant can read, the same for the same world."""

from typing import Any

Row = dict[str, Any]
WIDTH = 100
PLURALS = {
    "customer": "CUSTOMERS",
    "serviceSaleItem": "SERVICE ITEMS",
    "nonInventorySaleItem": "NON-INVENTORY ITEMS",
    "otherChargeSaleItem": "OTHER CHARGE ITEMS",
    "discountItem": "DISCOUNT ITEMS",
    "salesOrder": "SALES ORDERS",
    "invoice": "INVOICES",
    "customerPayment": "CUSTOMER PAYMENTS",
    "creditMemo": "CREDIT MEMOS",
    "customerDeposit": "CUSTOMER DEPOSITS",
    "depositApplication": "DEPOSIT APPLICATIONS",
    "customerRefund": "CUSTOMER REFUNDS",
    "deposit": "DEPOSITS",
    "journalEntry": "JOURNAL ENTRIES",
}
LISTED = frozenset(
    {"customer", "serviceSaleItem", "nonInventorySaleItem", "otherChargeSaleItem", "discountItem"}
)


def books_text(books: Row) -> str:
    """Records by type with their lines, applications and postings, then the trial balance."""
    sections = []
    for kind, heading in PLURALS.items():
        rows = [row for row in books["records"] if row["type"] == kind]
        if rows:
            sections.append("\n".join([heading, "-" * len(heading), *_records(rows)]))
    sections.append("\n".join(_trial_balance(books)))
    return "\n\n".join(sections) + "\n"


def _records(rows: list[Row]) -> list[str]:
    if rows[0]["type"] in LISTED:
        return [_listed(row) for row in rows]
    return "\n\n".join("\n".join(_transaction(row)) for row in rows).split("\n")


def _listed(row: Row) -> str:
    parts = [row["name"], row.get("email"), row.get("currency"), row.get("account")]
    parts += [f"external id {row['external_id']}" if row["external_id"] else None]
    parts += _fields(row)
    parts += ["inactive" if row["inactive"] else None]
    return "  ".join(part for part in parts if part)


def _transaction(row: Row) -> list[str]:
    head = [row["number"], row["date"], row["entity_name"], f"{row['currency']} {row['total']}"]
    head += [_open(row), row["status"], "VOID" if row["voided"] else None]
    lines = ["  ".join(part for part in head if part)]
    if row["external_id"]:
        lines.append(f"    external id  {row['external_id']}")
    if row["memo"]:
        lines.append(f"    memo         {row['memo']}")
    if row.get("due_date", row["date"]) != row["date"]:
        lines.append(f"    due          {row['due_date']}")
    if row["exchange_rate"] != "1":
        lines.append(f"    rate         {row['exchange_rate']}")
    lines += [f"    {text}" for text in _fields(row)]
    lines += [text for line in row["lines"] for text in _line(line)]
    lines += _held(row)
    lines += [f"    applied to   {_amount(each, row)}" for each in row["applied_to"]]
    lines += [f"    settled by   {_amount(each, row)}" for each in row["applied_by"]]
    lines += [_posting(each) for each in row["postings"]]
    return lines


def _open(row: Row) -> str | None:
    if "amount_remaining" in row:
        return f"open {row['amount_remaining']}"
    return f"unapplied {row['unapplied']}" if "unapplied" in row else None


def _held(row: Row) -> list[str]:
    """What a bank deposit holds."""
    lines = [f"    holds        {_amount(each, row)}" for each in row.get("holds", [])]
    for title, name in (("other", "others"), ("cash back", "cash_back")):
        for each in row.get(name, []):
            parts = [each["account"], f"{row['currency']} {each['amount']}", each["memo"]]
            lines.append(f"    {title:<13}" + "  ".join(part for part in parts if part))
    return lines


def _amount(each: Row, row: Row) -> str:
    return f"{each['number']}  {row['currency']} {each['amount']}"


def _line(line: Row) -> list[str]:
    """What was sold and for how much, and below it the days that it covers, where it has any."""
    text = f"    {line['quantity']} x {line['item']}"
    if line["description"] and line["description"] != line["item"]:
        text += f" ({line['description']})"
    days = [f"        {line['days']}"] if "days" in line else []
    return [f"{text:<{WIDTH - 32}}{line['amount']:>14}", *days, *(f"        {one}" for one in _fields(line))]


def _fields(row: Row) -> list[str]:
    """The fields that were filled besides, one a line."""
    return [f"{name}: {value}" for name, value in row.get("fields", {}).items()]


def _posting(each: Row) -> str:
    if each["debit"]:
        return f"    Dr  {each['account']:<{WIDTH - 40}}{each['debit']:>14}"
    return f"        Cr  {each['account']:<{WIDTH - 44}}{'':>14}{each['credit']:>14}"


def _trial_balance(books: Row) -> list[str]:
    lines = [f"TRIAL BALANCE ({books['base_currency']})", "-" * 19]
    for row in books["trial_balance"]:
        lines.append(f"{row['name']:<{WIDTH - 40}}{row['debit']:>16}{row['credit']:>16}")
    totals = books["totals"]
    lines.append(f"{'Total':<{WIDTH - 40}}{totals['debit']:>16}{totals['credit']:>16}")
    return [line.rstrip() for line in lines]
