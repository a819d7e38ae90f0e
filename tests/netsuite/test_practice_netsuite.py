"""The door and the practice NetSuite, over real SOAP: two programs that share no line of code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from connector.errors import AlreadyThere, AnswerLost, NeedsAttention, NotThere, RetryLater, Verdict
from connector.netsuite.gateway import Applied, Created, Credentials, Criterion, Exchange, Gateway
from connector.netsuite.records import (
    Address,
    Application,
    CreditMemo,
    Customer,
    CustomerPayment,
    Invoice,
    Line,
    Ref,
    ServiceSaleItem,
)
from connector.netsuite.soap import SoapGateway
from connector.sandbox.netsuite import NetSuiteHalf
from tests.netsuite.schemas import assert_valid, real_wsdl
from tests.netsuite.wire import OpenSlots

DAY = date(2026, 3, 9)


class PracticeClock:
    """The practice world's own time: the days of these records lie in an open period."""

    def now(self) -> datetime:
        return datetime(2026, 3, 20, 12, tzinfo=UTC)


class Handler(WSGIRequestHandler):
    """Keeps connections open, and keeps quiet."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Company:
    """A practice company, its address, and a door to it with the ids that a person would choose."""

    def __init__(self, half: NetSuiteHalf, base_url: str, cache: Path) -> None:
        self.half = half
        keys = {name.removeprefix("netsuite_"): value for name, value in half.credentials.items()}
        self.credentials = Credentials(**keys, base_url=base_url)
        self.cache = cache
        self.slots = OpenSlots()
        self.exchanges: list[Exchange] = []
        self.door: Gateway = self.open_door()
        self.settings = half.settings()
        self.currencies = self.door.fetch_currencies()

    def open_door(self) -> SoapGateway:
        return SoapGateway(
            self.credentials,
            cache_directory=self.cache,
            slots=self.slots,
            on_exchange=self.exchanges.append,
            read_seconds=5.0,
        )

    def account(self, name: str) -> Ref:
        return Ref("account", internal_id=str(self.settings[name]))

    def currency(self, symbol: str) -> Ref:
        return Ref("currency", symbol, self.currencies[symbol])

    def customer(self, external_id: str = "cus_ada", **fields: object) -> Customer:
        record = Customer(
            external_id=external_id,
            entity_id=external_id,
            company_name=f"Analytical Engines {external_id}",
            email="ada@example.com",
            comments=f"Stripe customer {external_id}",
            currency=self.currency("USD"),
            currencies=(self.currency("USD"), self.currency("JPY")),
            subsidiary=Ref("subsidiary", internal_id=str(self.settings["subsidiary"])),
            addresses=(
                Address("GB", "Ada", "", "12 St James's Square", city="London", default_billing=True),
            ),
        )
        return replace(record, **fields)  # type: ignore[arg-type]

    def item(self) -> ServiceSaleItem:
        subsidiary = Ref("subsidiary", internal_id=str(self.settings["subsidiary"]))
        return ServiceSaleItem(
            "price_plan",
            "price_plan",
            self.account("income_account"),
            "Plan",
            "The plan",
            subsidiary=subsidiary,
        )

    def invoice(self, external_id: str = "in_1", symbol: str = "USD", *amounts: str) -> Invoice:
        item = Ref("item", "price_plan")
        lines = tuple(Line(item, Decimal(amount), Decimal(3)) for amount in amounts or ("149.85", "-9.90"))
        return Invoice(
            external_id,
            Ref("customer", "cus_ada"),
            self.currency(symbol),
            DAY,
            self.account("receivables_account"),
            lines,
            due_date=DAY + timedelta(30),
            memo="Stripe invoice",
        )

    def payment(self, invoice: str, amount: str, applied: str, external_id: str = "ch_1") -> CustomerPayment:
        return CustomerPayment(
            external_id,
            Ref("customer", "cus_ada"),
            self.currency("USD"),
            DAY,
            self.account("undeposited_funds_account"),
            self.account("receivables_account"),
            Decimal(amount),
            memo="Stripe charge",
            applied=(Application(Ref("invoice", internal_id=invoice), Decimal(applied)),),
        )

    def open_invoice(self) -> str:
        """A customer, an item and an invoice of 139.95, written in three waves; the invoice's internal id."""
        self.door.create_many([self.customer()])
        self.door.create_many([self.item()])
        (created,) = self.door.create_many([self.invoice()])
        assert isinstance(created, Created)
        return created.internal_id


@pytest.fixture
def company(wsdl_directory: Path) -> Iterator[Company]:
    half = NetSuiteHalf(PracticeClock())
    app = Flask(__name__)
    app.register_blueprint(half.blueprint(), url_prefix="/netsuite")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Company(half, f"http://127.0.0.1:{server.port}/netsuite", wsdl_directory)
    server.shutdown()
    thread.join()


@pytest.fixture
def books_balance(company: Company) -> Iterator[None]:
    """Whatever a test does, the books balance at its end."""
    yield
    assert company.half.books()["balanced"] is True


def code_of(outcome: object) -> str:
    """The failure code of a refusal."""
    assert isinstance(outcome, Verdict), outcome
    return outcome.code


@pytest.mark.usefixtures("books_balance")
def test_a_paid_invoice_takes_four_writes_and_is_read_back_to_the_cent(company: Company) -> None:
    door = company.door
    invoice_id = company.open_invoice()
    payment = door.create(company.payment(invoice_id, "139.95", "139.95"))
    invoice, paid = door.get("invoice", invoice_id), door.get("customerPayment", payment.internal_id)
    assert (invoice.type, invoice.external_id, invoice.tran_date) == ("invoice", "in_1", DAY)
    assert (invoice.total, invoice.open_amount) == (Decimal("139.95"), Decimal(0))
    assert invoice.currency == company.currencies["USD"]
    assert invoice.customer == door.find("customer", ["cus_ada"])["cus_ada"]
    assert (paid.total, paid.open_amount) == (Decimal("139.95"), Decimal(0))
    assert paid.applied == (Applied(invoice_id, Decimal("139.95")),)
    balances = {account["internal_id"]: account["balance"] for account in company.half.books()["accounts"]}
    assert balances[str(company.settings["undeposited_funds_account"])] == "139.95"
    assert balances[str(company.settings["receivables_account"])] == "0.00"
    assert company.half.writes == 4


@pytest.mark.usefixtures("books_balance")
def test_a_credit_memo_in_yen_is_applied(company: Company) -> None:
    company.open_invoice()
    invoice = company.door.create(company.invoice("in_jpy", "JPY", "500"))
    memo = CreditMemo(
        "ns_memo:re_1",
        Ref("customer", "cus_ada"),
        company.currency("JPY"),
        DAY,
        company.account("receivables_account"),
        (Line(Ref("item", "price_plan"), Decimal(500)),),
        applied=(Application(Ref("invoice", internal_id=invoice.internal_id), Decimal(500)),),
    )
    created = company.door.create(memo)
    assert company.door.get("creditMemo", created.internal_id).open_amount == 0
    assert company.door.get("invoice", invoice.internal_id).open_amount == 0


@pytest.mark.usefixtures("books_balance")
def test_records_are_found_by_external_id_whatever_else_is_asked_for(company: Company) -> None:
    invoice_id = company.open_invoice()
    assert company.door.find("invoice", ["in_0", "in_1"]) == {"in_1": invoice_id}
    assert company.door.find("serviceSaleItem", ["price_plan"]).keys() == {"price_plan"}
    assert company.door.get_many("invoice", ["999999", invoice_id])[0] is None
    with pytest.raises(NotThere):
        company.door.get("invoice", "999999")


@pytest.mark.rule("ER-1", "ER-2")
@pytest.mark.usefixtures("books_balance")
def test_what_netsuite_refuses_is_named(company: Company) -> None:
    door, user = company.door, company.half.user
    user.number_customers(automatically=False)
    invoice_id = company.open_invoice()
    with pytest.raises(AlreadyThere):
        door.create(company.invoice())
    door.create(company.payment(invoice_id, "139.95", "139.95"))
    outcomes = door.create_many(
        [
            company.payment(invoice_id, "139.95", "139.95", "ch_2"),
            company.customer("cus_twin", entity_id="cus_ada"),
            replace(company.item(), external_id="price_other"),
            replace(company.invoice("in_2"), customer=Ref("customer", "cus_nobody")),
            company.invoice("in_3", "EUR"),
            replace(company.invoice("in_4"), receivables_account=Ref("account", internal_id="999")),
            company.invoice("in_5", "USD", "-5.00"),
            company.invoice("in_6"),
        ]
    )
    assert code_of(outcomes[0]) == "invoice_already_paid"
    assert code_of(outcomes[1]) == "duplicate_customer_name"
    assert code_of(outcomes[2]) == "duplicate_item_name"
    assert code_of(outcomes[3]) == "invalid_reference"
    assert code_of(outcomes[4]) == "currency_missing_on_customer"
    assert code_of(outcomes[5]) == "invalid_reference"
    assert code_of(outcomes[6]) == "amount_refused"
    assert isinstance(outcomes[7], Created)
    user.require_field("invoice", "department", "Department")
    with pytest.raises(NeedsAttention, match="Department") as missing:
        door.create(company.invoice("in_7"))
    assert missing.value.code == "required_field_missing"
    user.release_field("invoice", "department")
    user.close_period("Mar 2026")
    with pytest.raises(NeedsAttention) as closed:
        door.create(company.invoice("in_7"))
    assert closed.value.code == "period_closed"


@pytest.mark.usefixtures("books_balance")
def test_overpaying_is_refused_and_a_rest_may_stay_unapplied(company: Company) -> None:
    invoice_id = company.open_invoice()
    with pytest.raises(NeedsAttention) as refusal:
        company.door.create(company.payment(invoice_id, "200.00", "200.00"))
    assert refusal.value.code == "applied_too_much"
    payment = company.door.create(company.payment(invoice_id, "200.00", "139.95"))
    snapshot = company.door.get("customerPayment", payment.internal_id)
    assert (snapshot.total, snapshot.open_amount) == (Decimal(200), Decimal("60.05"))


@pytest.mark.usefixtures("books_balance")
def test_a_payment_can_be_taken_off_an_invoice_and_a_note_changed(company: Company) -> None:
    door, invoice_id = company.door, company.open_invoice()
    payment = door.create(company.payment(invoice_id, "139.95", "139.95"))
    off = Application(Ref("invoice", internal_id=invoice_id), Decimal(0))
    door.update("customerPayment", payment.internal_id, {"memo": "moved", "applyList": (off,)})
    assert door.get("customerPayment", payment.internal_id).memo == "moved"
    assert door.get("invoice", invoice_id).open_amount == Decimal("139.95")


@pytest.mark.usefixtures("books_balance")
def test_a_lost_answer_is_known_as_lost_and_the_record_is_found(company: Company) -> None:
    company.open_invoice()
    company.half.faults.set("lost:1")
    with pytest.raises(AnswerLost):
        company.door.create(company.invoice("in_lost"))
    company.half.faults.set("lost-before:1")
    with pytest.raises(AnswerLost):
        company.door.create(company.invoice("in_never"))
    assert company.door.find("invoice", ["in_lost", "in_never"]).keys() == {"in_lost"}


@pytest.mark.usefixtures("books_balance")
def test_busy_closed_and_broken_are_told_apart(company: Company) -> None:
    company.open_invoice()
    seen = []
    for spec in ("busy:1", "maintenance:1", "error:1"):
        company.half.faults.set(spec)
        with pytest.raises(Verdict) as refusal:
            company.door.create(company.invoice("in_2"))
        seen.append((type(refusal.value), refusal.value.code))
    assert seen == [
        (RetryLater, "netsuite_busy"),
        (RetryLater, "netsuite_unavailable"),
        (AnswerLost, "netsuite_answer_lost"),
    ]
    assert company.slots.reports[-3:] == [True, False, False]


def test_wrong_keys_are_refused(company: Company) -> None:
    company.credentials = replace(company.credentials, token_secret="wrong")
    with pytest.raises(NeedsAttention) as refusal:
        company.open_door().fetch_server_time()
    assert refusal.value.code == "netsuite_credentials_refused"


def test_what_a_setup_check_needs_can_be_read(company: Company) -> None:
    door = company.door
    assert set(company.currencies) >= {"USD", "EUR", "GBP", "JPY", "KWD"}
    accounts = {account.internal_id: account for account in door.fetch_accounts()}
    assert accounts[str(company.settings["undeposited_funds_account"])].type == "otherCurrentAsset"
    assert accounts[str(company.settings["receivables_account"])].type == "accountsReceivable"
    subsidiaries = [subsidiary.internal_id for subsidiary in door.fetch_subsidiaries()]
    assert str(company.settings["subsidiary"]) in subsidiaries
    (march,) = [period for period in door.fetch_periods() if period.start <= DAY <= period.end]
    assert march.open
    company.half.user.close_period(march.name)
    (march,) = [period for period in door.fetch_periods() if period.start <= DAY <= period.end]
    assert not march.open
    assert abs(door.fetch_server_time() - datetime.now(UTC)) < timedelta(days=400)
    assert door.fetch_concurrency() == 5


def test_records_are_searched_by_their_fields(company: Company) -> None:
    invoice_id = company.open_invoice()
    door = company.door

    def found(record_type: str, *criteria: Criterion) -> list[str]:
        return [snapshot.external_id for snapshot in door.search(record_type, criteria)]  # type: ignore[arg-type]

    assert found("customer", Criterion("email", "is", ("ADA@example.com",))) == ["cus_ada"]
    assert found("customer", Criterion("email", "is", ("ada@example",))) == []
    assert found("item", Criterion("itemId", "is", ("price_plan",))) == ["price_plan"]
    assert found("invoice", Criterion("externalId", "anyOf", ("in_1", "in_2"))) == ["in_1"]
    assert found("invoice", Criterion("internalId", "anyOf", (invoice_id,))) == ["in_1"]
    assert found("invoice", Criterion("tranDate", "within", (DAY, DAY))) == ["in_1"]
    assert found("invoice", Criterion("tranDate", "onOrAfter", (DAY + timedelta(1),))) == []
    assert found("creditMemo") == []


def test_a_search_of_more_than_a_page_gives_all(company: Company) -> None:
    company.open_invoice()
    for start in range(0, 1100, 200):
        records = [company.invoice(f"in_{start + n}_", "USD", "1.00") for n in range(200)]
        assert all(isinstance(outcome, Created) for outcome in company.door.create_many(records))
    found = [snapshot.internal_id for snapshot in company.door.search("invoice", [])]
    assert len(found) == len(set(found)) == 1201
    wanted = [f"in_{n}_" for n in range(1100)]
    assert company.door.find("invoice", wanted).keys() == set(wanted)


@pytest.mark.usefixtures("books_balance")
def test_more_calls_at_once_than_allowed_are_refused_and_none_is_doubled(company: Company) -> None:
    company.open_invoice()
    company.half.traffic.overhead = 0.2

    def write(number: int) -> str:
        try:
            return company.door.create(company.invoice(f"in_{number}_", "USD", "1.00")).internal_id
        except RetryLater as verdict:
            return verdict.code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(write, range(12)))
    assert "netsuite_busy" in answers
    saved = [answer for answer in answers if answer.isdigit()]
    found = company.door.find("invoice", [f"in_{number}_" for number in range(12)])
    assert sorted(found.values()) == sorted(saved)
    assert company.slots.reports.count(True) == answers.count("netsuite_busy")


def test_both_sides_speak_what_the_real_schemas_allow(company: Company) -> None:
    real_wsdl()
    said: list[tuple[bytes, bytes]] = []
    company.half.on_request(lambda request, response, _: said.append((request, response)))
    invoice_id = company.open_invoice()
    company.door.create(company.payment(invoice_id, "139.95", "139.95"))
    company.door.get("invoice", invoice_id)
    company.door.fetch_accounts()
    company.door.fetch_currencies()
    list(company.door.search("customer", [Criterion("email", "is", ("ada@example.com",))]))
    for request, response in said:
        assert_valid(request, company.credentials.version)
        assert_valid(response, company.credentials.version)
