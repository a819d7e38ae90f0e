"""A Stripe object can be pointed at another NetSuite record; what is gone there is named with its mend."""

from __future__ import annotations

from typing import Any

import pytest

from connector.engine import doors, jobs, links
from connector.engine.links import Linking, NotLinked
from connector.errors import NotThere
from connector.failures import FAILURES
from connector.models import Job, MappedRecord, StripeAccount
from connector.netsuite.gateway import Gateway, Snapshot
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer, held_item
from tests.stories.stage import Stage

OPEN = "invoice_left_open"
CHARGE = "standalone_charge"


pytestmark = pytest.mark.usefixtures("ids_in_stripe")


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.fixture
def gateway(account: StripeAccount) -> Gateway:
    """The door to the practice NetSuite."""
    return doors.netsuite_gateway(account.netsuite_account, "test")


def link(stage: Stage, gateway: Gateway, key: str, internal_id: int | str, kind: str = "") -> Linking:
    """Link as a person does."""
    linking = links.prepare(stage.account, key, str(internal_id), gateway, kind)
    links.link(stage.account, linking, gateway, who="vera", why="Merged by hand.")
    return linking


def played(stage: Stage, story: str, *prefixes: str) -> tuple[str, ...]:
    """The ids of what a story made, by their prefixes."""
    objects = stories.play(stage.world, story).objects
    return tuple(next(one for one in objects if one.startswith(prefix)) for prefix in prefixes)


def pay(stage: Stage, invoice: str) -> None:
    stage.world.stripe.post(f"/v1/invoices/{invoice}/pay", payment_method="pm_card_visa")


def job_of(subject: str) -> Job:
    return Job.objects.filter(subject=subject).latest("pk")


def mapped(kind: str) -> MappedRecord:
    return MappedRecord.objects.get(record_type=kind)


def records(stage: Stage, kind: str) -> list[dict[str, Any]]:
    return [one for one in stage.world.netsuite.books()["records"] if one["type"] == kind]


# Merged and deleted


@pytest.mark.rule("CU-19", "OM-11", "CU-H1")
def test_a_merged_customer_is_named_and_its_document_books_once_it_is_linked(
    stage: Stage, gateway: Gateway
) -> None:
    customer, invoice = played(stage, OPEN, "cus_", "in_")
    stage.bring(invoice)
    old = mapped("customer").internal_id
    master = held_customer(stage.world, "Master", "master@mail.example")
    stage.world.netsuite.user.merge_customers(old, master)
    pay(stage, invoice)

    stage.bring(invoice)

    job = job_of(invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "linked_record_gone")
    assert f"customer {old}, which stands for {customer}" in job.message
    assert job.message.endswith(f"Link {customer} to the one to use.")
    assert [problem["code"] for problem in job.problems] == ["linked_record_gone"]
    assert "“Link to an existing record”" in FAILURES[job.code].next_step
    assert len(records(stage, "customer")) == 1
    assert records(stage, "customerPayment") == []

    link(stage, gateway, customer, master)
    assert jobs.retry(job)
    stage.run_jobs()

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    (payment,) = records(stage, "customerPayment")
    assert (payment["entity"], payment["unapplied"]) == (str(master), "0.00")
    assert stage.world.netsuite.user.show("customer", master)["comments"] == customer
    assert disagreements(stage.world) == []
    writes = stage.world.netsuite.writes
    stage.bring(invoice)
    assert stage.world.netsuite.writes == writes


@pytest.mark.rule("OM-11")
def test_the_row_keeps_who_exchanged_it_when_and_why(stage: Stage, gateway: Gateway) -> None:
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    stage.bring(charge)
    old = mapped("customer").internal_id
    first = held_customer(stage.world, "First", "first@mail.example")
    second = held_customer(stage.world, "Second", "second@mail.example")

    told = link(stage, gateway, customer, first).told
    link(stage, gateway, customer, second)

    assert told == (f"The customer {old} is still there, and what was booked with it stays with it.",)
    row = mapped("customer")
    assert (row.internal_id, row.found, row.rules) == (str(second), True, ["OM-11", "CU-19"])
    steps = [(one["by"], one["why"], one["before"], one["after"]) for one in row.exchanged]
    assert steps == [
        ("vera", "Merged by hand.", old, str(first)),
        ("vera", "Merged by hand.", str(first), str(second)),
    ]
    assert all(one["at"] for one in row.exchanged)


@pytest.mark.rule("CU-19")
def test_a_merged_customer_whose_field_leads_to_another_is_linked_by_itself(stage: Stage) -> None:
    StripeAccount.objects.update(customer_match_stripe_field="email", customer_match_netsuite_field="email")
    customer, invoice = played(stage, OPEN, "cus_", "in_")
    email = stage.world.stripe.get(f"/v1/customers/{customer}")["email"]
    stage.bring(invoice)
    old = mapped("customer").internal_id
    master = held_customer(stage.world, "Master", email)
    stage.world.netsuite.user.merge_customers(old, master)
    pay(stage, invoice)

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    (step,) = mapped("customer").exchanged
    assert (step["by"], step["before"], step["after"]) == ("SuiteSync", old, str(master))
    assert "compared fields" in step["why"]
    assert [one["entity"] for one in records(stage, "customerPayment")] == [str(master)]
    assert disagreements(stage.world) == []


@pytest.mark.rule("CU-19", "CU-17", "OM-11")
def test_a_merged_customer_whose_metadata_names_another_is_linked_by_itself(stage: Stage) -> None:
    customer, invoice = played(stage, OPEN, "cus_", "in_")
    stage.bring(invoice)
    master = held_customer(stage.world, "Master", "master@mail.example")
    stage.world.netsuite.user.merge_customers(mapped("customer").internal_id, master)
    stage.world.stripe.post(f"/v1/customers/{customer}", metadata={"netsuite_customer_id": str(master)})
    pay(stage, invoice)

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert mapped("customer").internal_id == str(master)
    assert "netsuite_customer_id" in mapped("customer").exchanged[0]["why"]


@pytest.mark.rule("OM-11")
def test_stripe_is_told_of_the_record_that_it_was_pointed_at(stage: Stage, gateway: Gateway) -> None:
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    stage.bring(charge)
    held = held_customer(stage.world, "Held", "held@mail.example")
    link(stage, gateway, customer, held)
    row = mapped("customer")
    assert (row.noted, row.note_after is None) == (MappedRecord.Noted.DUE, False)


@pytest.mark.rule("CU-19", "CU-H1")
def test_metadata_that_leads_to_nothing_is_no_help(stage: Stage) -> None:
    customer, invoice = played(stage, OPEN, "cus_", "in_")
    stage.bring(invoice)
    old = mapped("customer").internal_id
    master = held_customer(stage.world, "Master", "master@mail.example")
    stage.world.netsuite.user.merge_customers(old, master)
    stage.world.stripe.post(f"/v1/customers/{customer}", metadata={"netsuite_customer_id": "987654"})
    pay(stage, invoice)

    stage.bring(invoice)

    assert job_of(invoice).code == "linked_record_gone"
    assert mapped("customer").internal_id == old


@pytest.mark.rule("CU-H1", "OM-11")
def test_a_deleted_item_is_named_and_another_one_takes_its_place(stage: Stage, gateway: Gateway) -> None:
    price, invoice = played(stage, OPEN, "price_", "in_")
    stage.bring(price)
    old = mapped("serviceSaleItem").internal_id
    stage.world.netsuite.user.delete("serviceSaleItem", old)

    stage.bring(invoice)

    job = job_of(invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "linked_record_gone")
    assert f"item {old}, which stands for {price}" in job.message

    income = ref(stage.account.income_account)
    other = stage.world.netsuite.user.create(
        "nonInventorySaleItem", {"itemId": "Crate", "incomeAccount": income}
    )
    link(stage, gateway, price, other)
    assert jobs.retry(job)
    stage.run_jobs()
    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert disagreements(stage.world) == []


@pytest.mark.rule("CU-H1")
def test_an_inactive_customer_is_named_and_never_replaced_by_itself(stage: Stage) -> None:
    StripeAccount.objects.update(customer_match_stripe_field="email", customer_match_netsuite_field="email")
    customer, invoice = played(stage, OPEN, "cus_", "in_")
    email = stage.world.stripe.get(f"/v1/customers/{customer}")["email"]
    stage.bring(customer)
    old = mapped("customer").internal_id
    held_customer(stage.world, "Fits as well", email)
    stage.world.netsuite.user.deactivate("customer", old)

    stage.bring(invoice)

    job = job_of(invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "linked_record_inactive")
    assert mapped("customer").internal_id == old

    stage.world.netsuite.user.edit("customer", old, {"isInactive": False})
    assert jobs.retry(job)
    stage.run_jobs()
    assert job_of(invoice).status == Job.Status.SUCCESSFUL


def test_a_refusal_behind_which_nothing_is_lost_stays_what_it_is(stage: Stage) -> None:
    (invoice,) = played(stage, OPEN, "in_")
    StripeAccount.objects.update(receivables_account="987654")
    stage.bring(invoice)
    assert job_of(invoice).code == "invalid_reference"


# What may be linked


@pytest.mark.rule("OM-11")
def test_a_customer_can_be_linked_before_anything_of_it_was_booked(stage: Stage, gateway: Gateway) -> None:
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    held = held_customer(stage.world, "Known", "known@mail.example")

    link(stage, gateway, customer, held)
    stage.bring(charge)

    assert job_of(charge).status == Job.Status.SUCCESSFUL
    assert [one["entity"] for one in records(stage, "customerPayment")] == [str(held)]


@pytest.mark.rule("OM-11")
def test_an_invoice_entered_anew_by_hand_takes_the_place_and_the_payment_is_applied_to_it(
    stage: Stage, gateway: Gateway
) -> None:
    (invoice,) = played(stage, OPEN, "in_")
    stage.bring(invoice)
    row = mapped("invoice")
    shown = stage.world.netsuite.user.show("invoice", row.internal_id)
    assert row.amount
    again = _invoice_by_hand(stage, shown, row.amount)
    wrong = _invoice_by_hand(stage, shown, row.amount + 1)
    stage.world.netsuite.user.delete("invoice", row.internal_id)

    with pytest.raises(NotLinked, match=f"and {invoice} over"):
        link(stage, gateway, invoice, wrong)
    MappedRecord.objects.filter(pk=row.pk).update(currency="EUR")
    with pytest.raises(NotLinked, match=f"and {invoice} over {row.amount} EUR"):
        link(stage, gateway, invoice, again)
    MappedRecord.objects.filter(pk=row.pk).update(currency=row.currency)
    link(stage, gateway, invoice, again)
    pay(stage, invoice)
    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    held = {one["internal_id"]: one["amount_remaining"] for one in records(stage, "invoice")}
    assert held[str(again)] == "0.00"


@pytest.mark.rule("OM-11")
def test_an_invoice_that_was_paid_and_entered_anew_gets_its_payment_again(
    stage: Stage, gateway: Gateway
) -> None:
    (invoice,) = played(stage, OPEN, "in_")
    pay(stage, invoice)
    stage.bring(invoice)
    row, payment, user = mapped("invoice"), mapped("customerPayment"), stage.world.netsuite.user
    again = _invoice_by_hand(stage, user.show("invoice", row.internal_id), row.amount)
    line = {"$": "CustomerPaymentApply", "apply": False, "doc": int(row.internal_id)}
    taken_off = {"applyList": {"$": "CustomerPaymentApplyList", "apply": [line]}}
    user.edit("customerPayment", payment.internal_id, taken_off)
    user.delete("invoice", row.internal_id)

    link(stage, gateway, invoice, again)
    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert [one["amount_remaining"] for one in records(stage, "invoice")] == ["0.00"]
    writes = stage.world.netsuite.writes
    stage.bring(invoice)
    assert stage.world.netsuite.writes == writes


def _invoice_by_hand(stage: Stage, like: dict[str, Any], amount: Any) -> int:
    item = like["itemList"]["item"][0]["item"]["@internalId"]
    line = {"$": "InvoiceItem", "item": ref(item), "amount": amount, "rate": str(amount)}
    fields = {
        "entity": ref(like["entity"]["@internalId"]),
        "account": ref(stage.account.receivables_account),
        "tranDate": like["tranDate"],
        "itemList": {"$": "InvoiceItemList", "item": [line]},
    }
    return stage.world.netsuite.user.create("invoice", fields)


@pytest.mark.rule("OM-11")
def test_a_payment_that_was_deleted_and_entered_anew_is_applied_like_the_first(
    stage: Stage, gateway: Gateway
) -> None:
    invoice, charge = played(stage, "subscription_invoice_paid", "in_", "ch_")
    stage.bring(invoice)
    row = mapped("customerPayment")
    customer = mapped("customer").internal_id
    stage.world.netsuite.user.void("customerPayment", row.internal_id)
    fields = {
        "customer": ref(customer),
        "payment": row.amount,
        "arAcct": ref(stage.account.receivables_account),
    }
    again = stage.world.netsuite.user.create("customerPayment", fields)

    link(stage, gateway, charge, again)
    stage.bring(invoice)

    held = {one["internal_id"]: one for one in records(stage, "customerPayment")}
    assert held[str(again)]["unapplied"] == "0.00"
    assert records(stage, "invoice")[0]["amount_remaining"] == "0.00"


@pytest.mark.rule("OM-11")
@pytest.mark.parametrize(
    ("key", "wanted", "kind", "told"),
    [
        ("{cus}", "987654", "", "NetSuite has no customer 987654"),
        ("{cus}", "12a", "", "which is a number"),
        ("{cus}", "0{customer}", "", "which is a number"),
        ("{cus}", "{item}", "", "NetSuite has no customer"),
        ("{cus}", "{asleep}", "", "is inactive"),
        ("{price}", "{customer}", "", "NetSuite has no item"),
        ("{price}", "{discount}", "", "is a discountItem"),
        ("in_none", "{customer}", "", "was not booked as invoice"),
        ("WELCOME10", "{discount}", "", "--type"),
        ("{cus}", "{customer}", "vendor", "cannot be linked"),
        ("", "{item}", "item", "neither an id"),
        (" {cus}", "{customer}", "customer", "neither an id"),
        ("cus_\x00", "{customer}", "", "neither an id"),
    ],
)
def test_what_does_not_fit_is_not_linked(
    key: str, wanted: str, kind: str, told: str, stage: Stage, gateway: Gateway
) -> None:
    user = stage.world.netsuite.user
    known = {
        "customer": held_customer(stage.world, "Known", "known@mail.example"),
        "asleep": held_customer(stage.world, "Asleep", "asleep@mail.example"),
        "item": held_item(stage.world, "Tea"),
        "discount": user.create(
            "discountItem", {"itemId": "Ten off", "rate": "0.0", "account": ref(stage.account.income_account)}
        ),
    }
    user.deactivate("customer", known["asleep"])
    cus, price = played(stage, CHARGE, "cus_")[0], played(stage, OPEN, "price_")[0]
    with pytest.raises(NotLinked, match=told):
        link(stage, gateway, key.format(cus=cus, price=price), wanted.format(**known), kind)
    assert not MappedRecord.objects.exists()


@pytest.mark.rule("OM-11")
@pytest.mark.parametrize(
    ("key", "kind"), [("cus_none", ""), ("price_none", ""), ("txr_none", "item"), ("x" * 400, "item")]
)
def test_an_id_that_stripe_does_not_know_is_not_linked(
    key: str, kind: str, stage: Stage, gateway: Gateway
) -> None:
    with pytest.raises(NotThere):
        link(stage, gateway, key, held_item(stage.world, "Tea"), kind)
    assert not MappedRecord.objects.exists()


@pytest.mark.rule("OM-11", "PI-13")
def test_a_coupon_can_be_linked_before_it_was_used(stage: Stage, gateway: Gateway) -> None:
    coupon = stage.world.stripe.post("/v1/coupons", id="WELCOME10", percent_off=10, duration="once")["id"]
    account = ref(stage.account.income_account)
    fields = {"itemId": "Ten off", "rate": "0.0", "account": account}
    item = stage.world.netsuite.user.create("discountItem", fields)
    link(stage, gateway, coupon, item, "item")
    assert mapped("item").internal_id == str(item)


@pytest.mark.rule("OM-11")
def test_a_refund_of_other_money_and_a_journal_entry_are_not_linked(stage: Stage, gateway: Gateway) -> None:
    (charge,) = played(stage, CHARGE, "ch_")
    refunds = [
        stage.world.stripe.post("/v1/refunds", charge=charge, amount=each)["id"] for each in (100, 200)
    ]
    stage.bring(charge)
    first, second = (MappedRecord.objects.get(external_id=refund) for refund in refunds)
    with pytest.raises(NotLinked, match="is over"):
        link(stage, gateway, refunds[0], second.internal_id)
    MappedRecord.objects.filter(pk=first.pk).update(record_type="journalEntry")
    with pytest.raises(NotLinked, match="is a journalEntry, which cannot be linked"):
        link(stage, gateway, refunds[0], second.internal_id)
    first.refresh_from_db()
    assert first.internal_id != second.internal_id


@pytest.mark.rule("OM-11")
def test_of_several_memos_of_one_invoice_a_person_says_which(stage: Stage, gateway: Gateway) -> None:
    (invoice,) = played(stage, OPEN, "in_")
    stage.bring(invoice)
    job = job_of(invoice)
    for cause in ("void", "balance"):
        key = f"ns_memo:{invoice}:{cause}"
        MappedRecord.objects.create(
            netsuite_account=job.account.netsuite_account,
            account=job.account,
            record_type="creditMemo",
            external_id=key,
            stripe_id=invoice,
            internal_id="1",
            state=MappedRecord.State.MAPPED,
        )
    with pytest.raises(NotLinked, match=f"{invoice} has several. .*:balance, .*:void"):
        link(stage, gateway, invoice, "987654", "creditMemo")


def test_a_record_that_is_being_written_is_left_alone(stage: Stage, gateway: Gateway) -> None:
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    stage.bring(charge)
    held = held_customer(stage.world, "Known", "known@mail.example")
    MappedRecord.objects.filter(record_type="customer").update(state=MappedRecord.State.UNCONFIRMED)
    with pytest.raises(NotLinked, match="being written"):
        link(stage, gateway, customer, held)
    payment = mapped("customerPayment")
    assert jobs.lease(jobs.enqueue_all(stage.account, [charge])[0].pk, "host:1")
    linking = Linking(payment, Snapshot("customerPayment", "987654", ""), payment.internal_id)
    with pytest.raises(NotLinked, match=f"{charge} is being worked on"):
        links.link(stage.account, linking, gateway, who="vera", why="")


def test_of_two_people_who_link_at_once_the_second_is_told(stage: Stage, gateway: Gateway) -> None:
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    stage.bring(charge)
    mine, theirs = (held_customer(stage.world, name, f"{name}@mail.example") for name in ("mine", "theirs"))
    slow = links.prepare(stage.account, customer, str(mine), gateway)
    link(stage, gateway, customer, theirs)
    with pytest.raises(NotLinked, match="somebody else"):
        links.link(stage.account, slow, gateway, who="otto", why="")
    assert mapped("customer").internal_id == str(theirs)
    with pytest.raises(NotLinked, match="already"):
        link(stage, gateway, customer, theirs)
