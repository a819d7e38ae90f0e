"""A big company's tables: the rows that the console's speed is measured on. PostgreSQL only.

`fill` makes them with one statement for each table. Every row is lawful, and as like the real thing as
pages can tell: three accounts in five currencies, eighteen months, documents told of more than once,
payments that are booked with their invoice, forty causes of which some are common, payouts with the
payments that they hold. The same size gives the same rows, up to the moment of making them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.utils import timezone

from connector.engine import accounts
from connector.models import (
    Attempt,
    AuditEntry,
    BalanceCheck,
    Cause,
    DriftCheck,
    Event,
    Job,
    MappedRecord,
    MonthClose,
    Payout,
    PayoutLine,
    SavedView,
    StripeAccount,
)

BIG = (Job, MappedRecord, Event, Attempt, AuditEntry, PayoutLine, Payout)
"""Tables whose indexes are built after they are filled, which takes a third of the time."""

DAYS = 548
COMPANIES = (
    ("borealis", "America/New_York", ("USD", "USD", "USD", "CAD")),
    ("borealis-europe", "Europe/Berlin", ("EUR", "EUR", "GBP")),
    ("borealis-japan", "Asia/Tokyo", ("JPY",)),
)
PEOPLE = (("ada", "resolver"), ("grace", "approver"), ("mary", "settings"), ("joan", "engineer"))
CAUSES = (
    "period_closed", "invoice_already_paid", "duplicate_customer_name", "item_without_account",
    "currency_missing_on_customer", "amount_differs", "metadata_record_missing", "record_locked",
    "subsidiary_mismatch", "duplicate_customer_email", "applied_too_much", "invalid_field_value",
    "tax_code_refused", "exchange_rate_missing", "customer_cannot_pay", "netsuite_total_differs",
    "refund_exceeds_payment", "linked_record_inactive", "credit_note_not_supported", "permission_missing",
    "invoice_not_supported", "required_field_missing", "match_inactive", "too_many_decimals",
    "duplicate_item_name", "invalid_reference", "payment_not_depositable", "record_not_found",
    "source_closed", "payment_gone", "line_kind_unknown", "metadata_not_an_id", "period_missing",
    "income_account_missing", "object_not_supported", "too_long", "external_id_taken",
    "payment_currency_differs", "gave_up_waiting", "internal_error",
)  # fmt: skip
"""Why records need somebody, the most common first; the last one needs an engineer."""

FIRST_WORDS = """
    Alder Amber Anchor Arctic Atlas Aurora Beacon Birch Blue Bright Cedar Cobalt Copper Coral Crown Delta
    Eagle Ember Falcon Fern Flint Forest Garnet Golden Granite Harbor Hazel Indigo Iron Ivory Jade Juniper
    Keystone Lake Lark Linden Lunar Maple Marble Meadow Mint North Oak Onyx Opal Orchid Pearl Pine Prairie
    Quartz Raven River Saffron Sage Silver Solar Stone Summit Terra Violet
""".split()  # noqa: SIM905
SECOND_WORDS = """
    Analytics Audio Bakery Bikes Biotech Books Brewing Capital Ceramics Chemicals Clinics Coffee Consulting
    Dental Design Devices Energy Foods Freight Furniture Games Gardens Health Hotels Insurance Kitchens
    Labs Legal Logistics Media Mobility Motors Optics Outdoors Paper Pharma Press Robotics Schools Security
    Software Studios Supply Systems Textiles Tools Toys Travel Ventures Water
""".split()  # noqa: SIM905
FORMS = ("Inc.", "LLC", "Ltd", "GmbH", "BV", "SARL", "KK", "& Sons")

WITHIN_A_HUNDRED = """
    CASE WHEN place < 70 THEN 'in' WHEN place < 85 THEN 'ch' WHEN place < 91 THEN 'py'
         WHEN place < 95 THEN 're' WHEN place < 98 THEN 'cus' WHEN place = 98 THEN 'dp'
         WHEN hundred %% 7 = 3 THEN 'po' WHEN hundred %% 7 = 5 THEN 'price' ELSE 'cus' END
"""
"""Kinds of documents: of a hundred jobs the places 60 to 69 look at the invoices of 0 to 9 again, and 85
to 90 are payments that are booked with the invoices of 10 to 15.
"""

JOBS = f"""
WITH counted AS (
    SELECT g, g / 100 AS hundred, g %% 100 AS place,
           CASE WHEN g %% 100 BETWEEN 60 AND 69 THEN g - 60 ELSE g END AS document,
           hashint8extended(g / 100 * 100 + CASE WHEN g %% 100 BETWEEN 60 AND 69 THEN g %% 100 - 60
               ELSE g %% 100 END, 1) & 1048575 AS chance,
           hashint8extended(g, 2) & 1048575 AS luck
    FROM generate_series(0, %(size)s - 1) AS g
), kinds AS (
    SELECT *, {WITHIN_A_HUNDRED} AS kind,
           CASE WHEN chance %% 10 < 7 THEN 0 WHEN chance %% 10 < 9 THEN 1 ELSE 2 END AS company,
           place < 10 AND g + 60 < %(size)s AS is_older,
           %(now)s - interval '1 day' * %(days)s * (1 - (g + 1.0) / %(size)s) - interval '20 minutes' AS at
    FROM counted
), told AS (
    SELECT *, kind || '_1Q' || substr(md5(document::text), 1, 20) AS subject,
           (%(currencies)s::text[][])[company + 1][1 + chance / 10 %% 12] AS currency,
           (ARRAY[19, 29, 49, 99, 149, 299, 499, 1200, 4800])[1 + chance / 100 %% 9]
               + CASE WHEN chance %% 3 = 0 THEN chance %% 10000 / 100.0 ELSE 0 END AS price,
           (%(first)s::text[])[1 + chance %% 60] || ' ' || (%(second)s::text[])[1 + chance / 60 %% 50] || ' '
               || (%(forms)s::text[])[1 + chance / 3000 %% 8] AS customer,
           CASE WHEN is_older THEN 'successful'
                WHEN kind = 'py' THEN 'skipped'
                WHEN g >= %(size)s - %(size)s / 4000 THEN 'ready'
                WHEN kind NOT IN ('cus', 'price') AND g %% 157 = 3
                    THEN CASE WHEN luck %% 40 = 0 THEN 'failed' ELSE 'needs_attention' END
                WHEN luck %% 100 < 3 THEN 'skipped'
                ELSE 'successful' END AS status
    FROM kinds
)
INSERT INTO connector_job (
    account_id, subject, newest, status, code, message, problems, waiting_for, part_of, run_after,
    lease_owner, fence, tries, title, customer_name, amount, currency, created_at, updated_at, finished_at
)
SELECT (%(accounts)s::bigint[])[company + 1], subject, NOT is_older, status,
       CASE WHEN kind = 'py' THEN 'part_of_another'
            WHEN status = 'failed' THEN 'internal_error'
            WHEN status = 'needs_attention'
                THEN (%(causes)s::text[])[1 + floor(39 * power(luck / 1048576.0, 2.5))::int]
            WHEN status = 'skipped' AND kind = 'in' THEN 'trial_invoice'
            WHEN status = 'skipped' AND kind = 'ch' THEN 'charge_failed'
            WHEN status = 'skipped' THEN 'before_start_date'
            WHEN status = 'successful' AND kind = 'ch' AND luck %% 500 = 0 THEN 'bank_debit_failed'
            ELSE '' END,
       CASE WHEN status IN ('failed', 'needs_attention') THEN 'NetSuite refused the record of ' || customer
            ELSE '' END,
       '[]', CASE WHEN status = 'ready' AND kind = 're' THEN 'in_1Q' || substr(md5((g - 91)::text), 1, 20)
            ELSE '' END,
       CASE WHEN kind = 'py' THEN jsonb_build_array('in_1Q' || substr(md5((g - 75)::text), 1, 20))
            ELSE '[]' END,
       CASE WHEN status = 'ready' THEN %(now)s + interval '1 hour' ELSE at END, '',
       CASE WHEN status = 'ready' THEN 0 ELSE 1 END, 0,
       CASE kind WHEN 'in' THEN 'Invoice INV-' || lpad(document::text, 7, '0')
                 WHEN 're' THEN 'Refund ' || subject WHEN 'dp' THEN 'Dispute ' || subject
                 WHEN 'po' THEN 'Payout of ' || at::date
                 WHEN 'cus' THEN 'Customer ' || customer
                 WHEN 'price' THEN 'Plan ' || price
                 ELSE 'Payment ' || subject END,
       CASE WHEN kind IN ('in', 'ch', 'py', 'cus') THEN customer ELSE '' END,
       CASE WHEN kind IN ('cus', 'price') THEN NULL
            WHEN kind = 'po' THEN round((price * 400)::numeric, 0)
            WHEN currency = 'JPY' THEN round((price * 150)::numeric, 0) ELSE round(price::numeric, 2) END,
       CASE WHEN kind IN ('cus', 'price') THEN '' ELSE currency END,
       at, at + interval '1 second' * (3 + luck %% 600),
       CASE WHEN status <> 'ready' THEN at + interval '1 second' * (3 + luck %% 600) END
FROM told ORDER BY g
"""

RECORDS = """
WITH booked AS (
    SELECT job.*, hashtextextended(subject, 3) & 1048575 AS luck, split_part(subject, '_', 1) AS kind,
           substr(subject, strpos(subject, '_')) AS ending, account.netsuite_account_id,
           (created_at AT TIME ZONE account.time_zone)::date AS day
    FROM connector_job job JOIN connector_stripeaccount account ON account.id = job.account_id
    WHERE status = 'successful' AND newest AND account_id = ANY(%(accounts)s)
), planned AS (
    SELECT booked.*, one.* FROM booked CROSS JOIN LATERAL (VALUES
        (kind = 'in', 'invoice', subject, subject, 1.0, '["IN-1", "IN-4", "CU-2"]'::jsonb),
        (kind = 'in', 'customerPayment', 'ch' || ending, 'ch' || ending,
            CASE WHEN luck %% 10 < 8 THEN 0.5 ELSE 1.0 END, '["CH-1", "CH-6"]'),
        (kind = 'in' AND luck %% 10 < 8, 'customerPayment', 'ch' || ending || 'b', 'ch' || ending || 'b',
            0.5, '["CH-1", "CH-6"]'),
        (kind = 'in' AND luck %% 9 = 4, 'creditMemo', 'cn' || ending, 'cn' || ending, 0.25, '["CN-2"]'),
        (kind = 'in' AND luck %% 12 = 5, 'customer', 'cus' || ending, 'cus' || ending, NULL, '["CU-1"]'),
        (kind = 'ch', 'customerPayment', subject, subject, 1.0,
            CASE WHEN luck %% 400 = 7 THEN '["CH-1", "CH-18"]' ELSE '["CH-1", "CH-9"]' END::jsonb),
        (kind = 're', 'customerRefund', subject, subject, 1.0, '["RF-2"]'),
        (kind = 're', 'creditMemo', subject, 'ns_memo:' || subject, 1.0, '["RF-5"]'),
        (kind = 'dp', 'customerRefund', subject, subject, 1.0, '["DI-1"]'),
        (kind = 'cus', 'customer', subject, subject, NULL, '["CU-1"]'),
        (kind = 'price', 'serviceSaleItem', subject, subject, NULL, '["IT-1"]'),
        (kind = 'po', 'deposit', subject, subject, 1.0, '["PO-1"]')
    ) AS one (is_made, record_type, stripe, external, part, rule_ids) WHERE is_made
)
INSERT INTO connector_mappedrecord (
    netsuite_account_id, account_id, job_id, stripe_id, record_type, external_id, internal_id, state, sent_at,
    mapped_at, found, proven, amount, currency, tran_date, customer, ledger_account, memo, rules, warning,
    applied_to, authorization_code, noted, note_refusal, exchanged
)
SELECT netsuite_account_id, account_id, id, stripe, record_type, external,
       (4000 + row_number() OVER ())::text, 'mapped', updated_at, updated_at, luck %% 97 = 0, true,
       CASE WHEN currency = 'JPY' THEN round(amount * part, 0) ELSE round(amount * part, 2) END,
       CASE WHEN part IS NULL THEN '' ELSE currency END,
       CASE WHEN part IS NOT NULL THEN day END,
       CASE WHEN kind IN ('in', 'ch') THEN (100000 + luck %% 24000)::text ELSE '' END, '116',
       title, rule_ids, '',
       CASE WHEN kind = 'in' AND record_type IN ('customerPayment', 'creditMemo') THEN jsonb_build_array(
           jsonb_build_object('type', 'invoice', 'external_id', subject, 'internal_id', '', 'amount',
               round(amount * part, 2)::text)) ELSE '[]' END,
       '', 'done', '', '[]'
FROM planned
"""

EVENTS = """
INSERT INTO connector_event (
    account_id, event_id, type, object_id, api_version, created, received_at, duplicates, body, job_id
)
SELECT account_id, 'evt_1Q' || substr(md5(id::text || n), 1, 20), kind, subject, '2026-10-28.endive',
       created_at - interval '2 seconds', created_at - interval '1 second' * n, 0,
       jsonb_build_object('id', 'evt_1Q' || substr(md5(id::text || n), 1, 20), 'object', 'event',
           'type', kind, 'created', extract(epoch FROM created_at)::bigint, 'livemode', true,
           'request', jsonb_build_object('id', 'req_' || substr(md5(subject), 1, 14)),
           'data', jsonb_build_object('object', jsonb_build_object('id', subject, 'amount', amount,
               'currency', lower(currency), 'description', title, 'name', customer_name,
               'address', jsonb_build_object('line1', '12 Long Street', 'city', 'Springfield'),
               'metadata', jsonb_build_object('order', md5(title), 'region', 'west')))), id
FROM (SELECT *, CASE split_part(subject, '_', 1) WHEN 'in' THEN 'invoice.paid'
          WHEN 're' THEN 'refund.created' WHEN 'dp' THEN 'charge.dispute.created'
          WHEN 'cus' THEN 'customer.created' WHEN 'po' THEN 'payout.paid'
          WHEN 'price' THEN 'price.created' ELSE 'charge.succeeded' END AS kind
      FROM connector_job WHERE account_id = ANY(%(accounts)s)) job
CROSS JOIN generate_series(1, 2) n
WHERE (status IN ('needs_attention', 'failed', 'ready') OR id > %(newest)s) AND (n = 1 OR id %% 3 = 0)
"""

ATTEMPTS = """
INSERT INTO connector_attempt (
    job_id, fence, worker, started_at, finished_at, outcome, code, message, plan, exchanges
)
SELECT id, n, 'worker-1:' || 4000 + id %% 4, updated_at - interval '1 minute' * (3 - n),
       updated_at - interval '1 minute' * (3 - n) + interval '1 millisecond' * (700 + id %% 2300),
       CASE WHEN status = 'ready' THEN 'ready' ELSE status END, code, message,
       jsonb_build_object('records', jsonb_build_array(jsonb_build_object(
           'type', 'customerPayment', 'external_id', subject, 'stripe_id', subject,
           'state', CASE WHEN status IN ('needs_attention', 'failed') THEN 'refused' ELSE 'written' END,
           'amount', coalesce(amount, 0)::text, 'currency', currency, 'date', created_at::date, 'memo', title,
           'rules', '["CH-1", "CH-6"]'::jsonb, 'entries', jsonb_build_array(
               jsonb_build_object('account', 'Undeposited Funds', 'debit', coalesce(amount, 0)::text),
               jsonb_build_object('account', 'Accounts Receivable', 'credit', coalesce(amount, 0)::text))))),
       jsonb_build_array(jsonb_build_object('at', updated_at, 'operation', 'upsertList', 'seconds', '0.412',
           'sent', '<upsertList><record>' || repeat('<line>' || md5(subject) || '</line>', 40)
               || '</record></upsertList>',
           'answered', '<upsertListResponse>' || repeat('<status>' || md5(title) || '</status>', 20)
               || '</upsertListResponse>'))
FROM connector_job CROSS JOIN generate_series(1, 2) n
WHERE (status IN ('needs_attention', 'failed') OR id > %(newest)s AND n = 2) AND status <> 'ready'
      AND account_id = ANY(%(accounts)s)
"""

PAYOUTS = """
INSERT INTO connector_payout (
    account_id, payout_id, amount, currency, arrival_date, status, kind, reconciled, created, difference,
    waiting_since, seen_at
)
SELECT account_id, subject, amount, currency, (created_at + interval '2 days')::date, 'paid',
       CASE WHEN id %% 50 = 0 THEN 'manual' ELSE 'automatic' END, true, created_at, 0,
       CASE WHEN id > %(newest)s THEN created_at END, %(now)s
FROM connector_job WHERE subject LIKE 'po\\_%%' AND newest AND account_id = ANY(%(accounts)s)
"""

LINES = """
WITH held AS (
    SELECT record.*,
           1 + row_number() OVER (PARTITION BY record.account_id, currency ORDER BY id DESC) / 100 AS nth
    FROM connector_mappedrecord record
    WHERE record_type = 'customerPayment' AND account_id = ANY(%(accounts)s)
), paid_out AS (
    SELECT *, row_number() OVER (PARTITION BY account_id, currency ORDER BY arrival_date DESC, id DESC) AS nth
    FROM connector_payout WHERE account_id = ANY(%(accounts)s)
), waiting AS (
    SELECT job.*, 1 + row_number() OVER (PARTITION BY job.account_id, currency ORDER BY id DESC) / 4 AS nth
    FROM connector_job job WHERE status IN ('needs_attention', 'failed') AND amount IS NOT NULL
         AND account_id = ANY(%(accounts)s)
), parts AS (
    SELECT paid_out.id AS payout_id, held.stripe_id AS source, held.amount, held.mapped_at AS at, record_type,
           external_id, internal_id, 'record' AS state, '' AS waits_for
    FROM paid_out JOIN held ON held.account_id = paid_out.account_id AND held.currency = paid_out.currency
         AND held.nth = paid_out.nth
    UNION ALL
    SELECT paid_out.id, waiting.subject, waiting.amount, waiting.created_at, 'customerPayment',
           waiting.subject, '', 'waiting', waiting.subject
    FROM paid_out JOIN waiting ON waiting.account_id = paid_out.account_id
         AND waiting.currency = paid_out.currency AND waiting.nth = paid_out.nth
)
INSERT INTO connector_payoutline (
    payout_id, transaction_id, type, category, source_id, description, created, amount, fee, net, record_type,
    external_id, internal_id, state, code, message, waits_for
)
SELECT payout_id, 'txn_1Q' || substr(md5(payout_id || source), 1, 20), 'charge', 'charge', source,
       'Payment', at, amount, round(amount * 0.029, 2), amount - round(amount * 0.029, 2), record_type,
       external_id, internal_id, state, '', '', waits_for
FROM parts
"""

TIE_OUTS = """
INSERT INTO connector_tieout (
    payout_id, standing, settled, mapped, netsuite, records, differences, compared_at
)
SELECT id, CASE WHEN id %% 60 = 7 THEN 'differs' ELSE 'ties' END, id %% 60 <> 7, amount,
       CASE WHEN id %% 60 = 7 THEN amount - 12 ELSE amount END,
       jsonb_build_array(jsonb_build_object('type', 'deposit', 'internal_id', (900000 + id)::text,
           'amount', amount::text)),
       CASE WHEN id %% 60 = 7 THEN jsonb_build_array(jsonb_build_object('code', 'deposit_total_differs',
           'message', 'NetSuite has 12.00 less.', 'key', payout_id, 'internal_id', (900000 + id)::text,
           'stripe', amount::text, 'mapped', amount::text, 'netsuite', (amount - 12)::text)) ELSE '[]' END,
       %(now)s
FROM connector_payout WHERE id %% 90 <> 1 AND account_id = ANY(%(accounts)s)
"""

AUDIT = """
INSERT INTO connector_auditentry (at, who, verb, account_id, subject, reason, before, after)
SELECT %(now)s - interval '1 day' * %(days)s * (1 - (n + 1.0) / %(entries)s),
       (%(people)s::text[])[1 + n %% 4],
       (ARRAY['try_again', 'try_again', 'try_again', 'skip', 'by_hand', 'note', 'link', 'export'])
           [1 + n %% 8],
       job.account_id, job.subject,
       CASE WHEN n %% 8 IN (3, 4) THEN 'Settled with the customer by letter.' ELSE '' END,
       jsonb_build_object('status', 'needs_attention', 'code', 'period_closed'), '{}'
FROM generate_series(0, %(entries)s - 1) n JOIN connector_job job ON job.id = %(first_job)s + n * 4
"""

SETTLEMENTS = """
INSERT INTO connector_settlement (
    account_id, subject, job_id, kind, internal_id, who, why, decided_at, ended_at
)
SELECT account_id, subject, id, CASE WHEN id %% 3 = 0 THEN 'entered_by_hand' ELSE 'skipped_by_person' END,
       CASE WHEN id %% 3 = 0 THEN (700000 + id)::text ELSE '' END, 'ada', 'Agreed with the customer.',
       updated_at, NULL
FROM connector_job WHERE status = 'skipped' AND newest AND code = 'before_start_date' AND id %% 5 = 0
      AND account_id = ANY(%(accounts)s)
"""

SETTLED = """
UPDATE connector_job SET code = settlement.kind, message = 'Agreed with the customer.'
FROM connector_settlement settlement WHERE settlement.job_id = connector_job.id
"""

DECISIONS = """
INSERT INTO connector_decision (
    account_id, kind, stripe_id, job_id, who, why, decided_at, holds_from, withdrawn_by, noted, note_refusal
)
SELECT account_id, 'allow_duplicate', stripe_id, job_id, 'grace', 'The customer asked us to keep it.',
       mapped_at, mapped_at, '', 'done', ''
FROM connector_mappedrecord WHERE rules::text LIKE '%%"CH-18"%%' AND account_id = ANY(%(accounts)s)
"""

DRIFTS = """
INSERT INTO connector_drift (
    account_id, record_id, kind, internal_id, differences, first_seen, last_seen, settled_at
)
SELECT account_id, id, CASE id %% 3 WHEN 0 THEN 'voided' ELSE 'changed' END, internal_id,
       jsonb_build_array(jsonb_build_object('what', 'amount', 'ours', amount::text, 'theirs', '0.00')),
       mapped_at + interval '1 day', %(now)s, CASE WHEN id %% 30 <> 0 THEN mapped_at + interval '3 days' END
FROM connector_mappedrecord WHERE record_type = 'invoice' AND id %% 997 = 0 AND account_id = ANY(%(accounts)s)
"""


FOUND = """
SELECT CASE WHEN rule.oid IS NULL THEN format('DROP INDEX %%s', indexrelid::regclass)
           ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', indrelid::regclass, conname) END,
       CASE WHEN rule.oid IS NULL THEN pg_get_indexdef(indexrelid)
           ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', indrelid::regclass, conname,
               pg_get_constraintdef(rule.oid)) END
FROM pg_index LEFT JOIN pg_constraint rule ON conindid = indexrelid AND contype = 'u'
WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
"""
"""How each index of some tables is dropped, and how it is made."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: the accounts, and the name of a person who may see every page."""

    accounts: tuple[StripeAccount, ...]
    person: str


def fill(size: int) -> Filled:
    """So many jobs, about two mapped records for each, and one in two hundred that needs somebody.

    They belong to accounts of their own; what other accounts have stays as it is.
    """
    now = timezone.now()
    made = tuple(_account(name, zone) for name, zone, _ in COMPANIES)
    people = [_person(name, role) for name, role in PEOPLE]
    values: dict[str, Any] = {
        "size": size,
        "now": now,
        "days": DAYS,
        "accounts": [one.pk for one in made],
        "currencies": [[codes[place % len(codes)] for place in range(12)] for *_, codes in COMPANIES],
        "causes": list(CAUSES),
        "first": FIRST_WORDS,
        "second": SECOND_WORDS,
        "forms": list(FORMS),
        "people": [name for name, _ in PEOPLE],
        "entries": size // 5,
    }
    with transaction.atomic(), _bare_tables():
        _run(JOBS, values)
        last = Job.objects.latest("pk").pk
        values |= {"newest": last - size // 5, "first_job": last - size + 1}
        for statement in (
            SETTLEMENTS, SETTLED, RECORDS, EVENTS, ATTEMPTS, PAYOUTS, "ANALYZE", LINES, TIE_OUTS, AUDIT,
            DECISIONS, DRIFTS,
        ):  # fmt: skip
            _run(statement, values)
    for account in made:
        _look_after(account, people)
    return Filled(made, "joan")


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def _bare_tables() -> Iterator[None]:
    """The big tables without their indexes and unique constraints, which are built again at the end.

    References are not looked at and triggers rest meanwhile: the rows say by themselves which job of a
    subject is the newest. It takes a superuser.
    """
    tables = [model._meta.db_table for model in BIG]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FOUND, {"tables": tables})
        drop, make = zip(*cursor.fetchall(), strict=True)
        cursor.execute("; ".join(drop))
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("; ".join(make))
        cursor.execute("ANALYZE")


def _account(name: str, zone: str) -> StripeAccount:
    """A live account; its keys open nothing."""
    wanted = {"stripe_api_key": "rk_live_bench", "time_zone": zone, "netsuite_account_id": "1234567"}
    return accounts.configure(name, wanted, who="bench")


def _person(name: str, role: str) -> User:
    """Staff of a role."""
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    user.groups.add(Group.objects.get(name=role))
    return user


def _look_after(account: StripeAccount, people: Sequence[User]) -> None:
    """What people and the nightly comparison have left of an account."""
    now = timezone.now()
    Cause.objects.bulk_create(
        Cause(
            account=account,
            code=code,
            assignee=people[place % 4] if place % 3 else None,
            note="Asked the bank on Monday." if place % 5 == 1 else "",
            noted_by="ada" if place % 5 == 1 else "",
            noted_at=now if place % 5 == 1 else None,
            aside_until=now + timedelta(days=3) if place % 20 == 19 else None,
        )
        for place, code in enumerate(CAUSES)
    )
    currencies = Payout.objects.filter(account=account).order_by().values_list("currency", flat=True)
    BalanceCheck.objects.bulk_create(
        BalanceCheck(
            account=account,
            currency=currency,
            available=12000,
            pending=3000,
            in_transit=500,
            undeposited=15500,
            unexplained=0,
            compared_at=now,
        )
        for currency in sorted(set(currencies))
    )
    DriftCheck.objects.create(
        account=account, started_at=now - timedelta(hours=3), finished_at=now, checked=600_000, calls=640
    )
    first = account.local_date(now).replace(day=1)
    for _ in range(15):
        first = (first - timedelta(days=1)).replace(day=1)
        MonthClose.objects.create(account=account, month=first, who="grace", at=now, facts={})
    SavedView.objects.create(
        owner=people[0], page="needs", name=f"Mine in {account.name}", query=f"account={account.name}"
    )
