"""Payouts as files: the tables of the pages, typed, with the filters of the page, and run by no program."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from connector.models import BalanceCheck, Payout, PayoutLine, StripeAccount
from tests.dashboard.test_payouts import (
    NOW,
    TAKEN_OFF,
    Standing,
    changed,
    compared,
    page,
    payout_of,
    payout_that_differs,
    texts,
)
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(acme: StripeAccount) -> Payout:
    return payout_that_differs(acme)


def rows_of(console: Client, address: str) -> list[dict[str, str]]:
    answer = console.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_is_exported_table_by_table_with_the_filters_of_the_page(
    console: Client, odd: Payout, acme: StripeAccount
) -> None:
    late = payout_of(acme, "po_2", arrival_date=date(2026, 11, 17))
    compared(late, Standing.NOT_BOOKED, settled=False, mapped=None, netsuite=None, records=[])
    booked = JobFactory.create(account=acme, subject="po_2")
    MappedRecordFactory.create(job=booked, record_type="deposit", internal_id="955")
    (row,) = rows_of(console, "/payouts/payouts.csv?state=differs")
    assert joined(row) == (
        "2026-11-18, po_1, acme, Automatic, paid, USD, 575.40, 575.40, 455.40, -120.00, Differs, deposit 901"
        f", 2026-11-20 07:05, {settings.CONSOLE_URL}/r/po_1/"
    )
    (row,) = rows_of(console, "/payouts/payouts.csv?state=new")
    assert joined(row) == (
        "2026-11-17, po_2, acme, Automatic, paid, USD, 575.40, , , , Not compared yet, , , "
        f"{settings.CONSOLE_URL}/r/po_2/"
    )
    (row,) = rows_of(console, "/payouts/differences.csv")
    assert joined(row).startswith(
        "2026-11-18, po_1, acme, USD, ch_2, 812, 120.00, 120.00, , ch_2 over 120.00 USD is not on the"
    )
    assert row["What to do"].startswith("In NetSuite, open the deposit")


def test_balances_and_changes_are_exported_of_the_accounts_of_the_page(
    console: Client, odd: Payout, acme: StripeAccount
) -> None:
    changed(acme, "ch_8", differences=[], first_seen=NOW + timedelta(days=1))
    other = StripeAccountFactory.create(name="other")
    sums = {"available": 0, "pending": 0, "in_transit": 0, "undeposited": 0, "unexplained": 7}
    BalanceCheck.objects.create(account=other, currency="EUR", compared_at=NOW, **sums)
    found = rows_of(console, "/payouts/balances.csv?account=acme")
    assert {(one["Account"], one["Currency"], one["Compared at (UTC)"]) for one in found} == {
        ("acme", "USD", "2026-11-20 07:05")
    }
    assert [f"{one['What']}: {one['Amount']}" for one in found] == [
        "Undeposited Funds: 1088.75",
        "Stripe: ready to be paid out: 412.00",
        "Stripe: not ready yet: 524.90",
        "Stripe: on its way to the bank: 0.00",
        "Difference: 151.85",
        "Fees that are booked with their payout: 31.85",
        "In Undeposited Funds without money at Stripe: 120.00",
        "Not explained: 0.00",
    ]
    assert "Not explained" not in page(console, "/payouts/?account=acme")
    assert not texts(page(console, "/payouts/"), "Not explained", "\u20ac7.00")
    new, old = rows_of(console, "/payouts/changed.csv?account=acme")
    names = ("First seen (UTC)", "Account", "Stripe id", "Amount", "What")
    assert [[one[name] for name in names] for one in (new, old)] == [
        ["2026-11-21 07:05", "acme", "ch_8", "120.00", "Somebody changed it in NetSuite."],
        ["2026-11-20 07:05", "acme", "ch_9", "120.00", "Somebody changed it in NetSuite."],
    ]
    assert [(one["Field"], one["Booked"], one["Now"]) for one in (new, old)] == [
        ("", "", ""),
        ("amount", "120.00 USD", "1.00 USD"),
    ]


def joined(row: dict[str, str]) -> str:
    return ", ".join(row.values())


def test_one_payout_is_exported_line_by_line(console: Client, odd: Payout) -> None:
    lines = rows_of(console, f"/payouts/{odd.pk}/lines.csv")
    assert [one["Net"] for one in lines] == ["436.65", "120.00", "18.75"]
    assert {one["Created (UTC)"] for one in lines} == {"2026-11-20 07:05"}
    for one in lines:
        assert Decimal(one["Amount"]) + Decimal(one["Fee"]) == Decimal(one["Net"])
        assert one["Page"] in ("", f"{settings.CONSOLE_URL}/r/{one['Stripe id']}/")
    assert [one["What is odd"] for one in lines] == ["", TAKEN_OFF["message"], ""]
    assert len(rows_of(console, f"/payouts/{odd.pk}/differences.csv")) == 1


def test_an_excel_file_has_typed_cells(console: Client, odd: Payout) -> None:
    for address, pages in (
        ("/payouts/all.xlsx", ["Payouts", "Differences", "Balances", "Changed in NetSuite"]),
        (f"/payouts/{odd.pk}/all.xlsx", ["Payout", "Lines", "Differences"]),
    ):
        book = load_workbook(BytesIO(console.get(address).content))
        assert book.sheetnames == pages
        head, row = list(book.worksheets[0].iter_rows())[:2]
        cells = {str(name.value): cell for name, cell in zip(head, row, strict=True)}
        assert cells["Arrival"].value == datetime(2026, 11, 18)  # noqa: DTZ001 - Excel knows no zones
        assert (cells["Stripe"].value, cells["Stripe"].data_type) == (575.4, "n")
        assert cells["Stripe"].number_format == "#,##0.00"
        assert cells["Difference"].value == -120
        moment = cells["Compared at (UTC)"]
        assert (moment.value, moment.number_format) == (NOW.replace(tzinfo=None), "yyyy-mm-dd hh:mm")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "a\x01b"])
def test_no_cell_of_a_file_runs_as_a_formula(console: Client, odd: Payout, evil: str) -> None:
    PayoutLine.objects.update(description=evil)
    row = rows_of(console, f"/payouts/{odd.pk}/lines.csv")[0]
    assert row["Description"] == (evil if evil[0] == "a" else f"'{evil}")
    book = load_workbook(BytesIO(console.get(f"/payouts/{odd.pk}/all.xlsx").content))
    cell = book["Lines"]["E2"]
    assert (cell.data_type, cell.value) == ("s", evil.replace("\x01", ""))


@pytest.mark.parametrize("file", ["nothing.csv", "all.csv", "payouts.xlsx", "payouts.pdf", "payouts"])
def test_a_file_that_is_not_there_is_not_found(console: Client, odd: Payout, file: str) -> None:
    assert console.get(f"/payouts/{file}").status_code == 404
    assert console.get(f"/payouts/{odd.pk}/{file}").status_code == 404


def test_files_keep_the_decimals_of_their_currency(console: Client, acme: StripeAccount) -> None:
    for key, amount, code in (("po_1", "500", "JPY"), ("po_2", "1.250", "KWD")):
        compared(payout_of(acme, key, amount, currency=code))
    assert [one["Stripe"] for one in rows_of(console, "/payouts/payouts.csv")] == ["1.250", "500"]
    book = load_workbook(BytesIO(console.get("/payouts/all.xlsx").content))
    assert [book["Payouts"][cell].number_format for cell in ("G2", "G3")] == ["#,##0.000", "#,##0"]
