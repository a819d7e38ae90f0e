"""Exports: the same tables as CSV and as an Excel workbook, with typed cells that no program runs.

A file reads the same whoever made it: no preference of theirs is in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.http import Http404, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from connector.money import Amount, decimals
from dashboard import reader

Cell = str | int | Amount | date | None
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is taken for a formula by programs that open CSV files."""
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. A moment must be in the zone that its head names; money keeps its currency's decimals."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def as_file(sheets: Mapping[str, Sheet], file: str, name: str) -> HttpResponse:
    """The file of a page that an address names: every table as `all.xlsx`, or one as `<its key>.csv`.

    The workbook of a single table has that table's name. `name` begins the name under which it is stored.
    Raises Http404 for any other file.
    """
    table, _, ending = file.rpartition(".")
    is_alone = len(sheets) == 1
    if ending == "csv" and table in sheets:
        return _as_csv(sheets[table], name if is_alone else f"{name}-{table}")
    if ending == "xlsx" and table == (next(iter(sheets)) if is_alone else "all"):
        return as_excel(list(sheets.values()), name)
    raise Http404(file)


def _as_csv(sheet: Sheet, name: str) -> HttpResponse:
    """One table as a file; a text that a program would run is quoted by an apostrophe."""
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=_headers(f"{name}.csv"))
    response.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # by this Excel knows the letters for UTF-8
    writer = csv.writer(response)
    writer.writerow(sheet.heads)
    with reader.nobody():
        writer.writerows([_written(cell) for cell in row] for row in sheet.rows)
    return response


def as_excel(sheets: Sequence[Sheet], name: str) -> HttpResponse:
    """A workbook with a page for each table: numbers are numbers, days are days, texts only texts."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for column, head in enumerate(sheet.heads, start=1):
            page.column_dimensions[get_column_letter(column)].width = min(max(len(head) + 4, 14), WIDEST)
        page.append([_cell(page, head, bold=True) for head in sheet.heads])
        with reader.nobody():
            for row in sheet.rows:
                page.append([_cell(page, one) for one in row])
    file = BytesIO()
    book.save(file)
    return HttpResponse(file.getvalue(), content_type=EXCEL, headers=_headers(f"{name}.xlsx"))


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Amount):
        return cell.text
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(RUNS_AS_FORMULA):
        return f"'{cell}"
    return str(cell)


def _cell(page: WriteOnlyWorksheet, value: Cell, *, bold: bool = False) -> ExcelCell:
    cell = WriteOnlyCell(page)
    if isinstance(value, Amount):
        places = decimals(value.currency)
        cell.value = value.value
        cell.number_format = "#,##0" + ("." + "0" * places if places else "")
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    return cell
