"""What does not tie out between Stripe, our records and NetSuite, and what settles it."""

from __future__ import annotations

from connector.failures.entry import ACCOUNTANT, ANYBODY, Action, Failure, nobody_acts

CLEARS = "The line here clears by itself at the next look."
OPEN: tuple[Action, ...] = ("open_netsuite",)


def _found(
    code: str,
    title: str,
    cause: str,
    next_step: str,
    who: str = ACCOUNTANT,
    actions: tuple[Action, ...] = OPEN,
) -> Failure:
    return Failure(code, title=title, cause=cause, next_step=next_step, who=who, actions=actions)


FAILURES: tuple[Failure, ...] = (
    # A payout and its deposit
    _found(
        "payout_not_deposited",
        "A payout has no deposit in NetSuite yet",
        "The money is at the bank, and its bank deposit is not booked.",
        "Open the payout’s record under Records, and press Try again there. If there is none, Stripe’s "
        "message did not arrive: preview the payout’s id, and bring it from there.",
        ANYBODY,
        ("retry",),
    ),
    _found(
        "payout_by_hand_not_deposited",
        "A payout made by hand has no deposit in NetSuite",
        "Stripe does not say which payments are in a payout that a person started, so SuiteSync cannot book "
        "it.",
        "In NetSuite, deposit the payments that you paid out at Transactions > Bank > Make Deposits, "
        f"with the payout’s amount, on the day on which it arrived. {CLEARS}",
    ),
    _found(
        "deposit_gone",
        "A payout’s deposit was deleted in NetSuite",
        "The payout was booked, and somebody has deleted its deposit: its payments wait in Undeposited Funds "
        "again.",
        "In NetSuite, make the deposit anew at Transactions > Bank > Make Deposits, with the same records "
        "and lines, and link it: “Link to an existing record” on the page of the payout’s record here, "
        "with the deposit’s internal id.",
    ),
    _found(
        "held_deposit_differs",
        "A deposit was changed to another amount",
        "The deposit in NetSuite does not come to what the bank received.",
        "In NetSuite, open the deposit at Transactions > Bank > Make Deposits > List and put its lines "
        f"right. {CLEARS}",
    ),
    _found(
        "deposit_date_differs",
        "A deposit has another day than the bank statement",
        "Somebody has moved the deposit to another day in NetSuite, or its posting period was closed.",
        "In NetSuite, date the deposit on the day of the bank statement, at Transactions > Bank > Make "
        f"Deposits > List, unless its period is closed. {CLEARS}",
    ),
    _found(
        "deposit_account_differs",
        "A deposit is on another bank account",
        "Somebody has moved the deposit to another account in NetSuite.",
        "In NetSuite, put it back on the payout’s bank account, at Transactions > Bank > Make Deposits > "
        f"List. {CLEARS}",
    ),
    _found(
        "deposit_lines_differ",
        "The fee lines of a deposit were changed",
        "The Cash Back and Other Deposits lines in NetSuite do not come to what Stripe says of fees and "
        "other movements.",
        "In NetSuite, open the deposit at Transactions > Bank > Make Deposits > List and put the lines "
        f"right. {CLEARS}",
    ),
    _found(
        "record_not_on_deposit",
        "A record of the payout is not on its deposit",
        "Stripe paid it out with this payout, and somebody has taken it off the deposit in NetSuite.",
        "In NetSuite, open the deposit at Transactions > Bank > Make Deposits > List and tick the record "
        f"again. {CLEARS}",
    ),
    _found(
        "record_differs_on_deposit",
        "A record is on the deposit with another amount",
        "What NetSuite deposited of it is not what Stripe paid out.",
        "In NetSuite, open the record and the deposit at Transactions > Bank > Make Deposits > List, and put "
        f"the amount right. {CLEARS}",
    ),
    _found(
        "record_not_of_payout",
        "A deposit holds a record that is not in the payout",
        "Somebody has added it to the deposit in NetSuite; Stripe did not pay it out with this payout.",
        "In NetSuite, open the deposit at Transactions > Bank > Make Deposits > List and take the record "
        f"off. {CLEARS}",
    ),
    _found(
        "payout_return_missing",
        "A payout came back and its return is not booked",
        "The bank sent the money back after the deposit was booked.",
        "Open the payout’s record under Records and press Try again.",
        ANYBODY,
        ("retry",),
    ),
    # Undeposited Funds and Stripe's balance
    nobody_acts(
        "fees_not_deposited",
        title="Fees that are booked with their payout",
        cause="Payments wait in Undeposited Funds in full, and Stripe’s balance is less its fees.",
        next_step="Nothing needs to be done: they are lines of the payout’s deposit.",
    ),
    nobody_acts(
        "movements_not_deposited",
        title="Other movements that are booked with their payout",
        cause="Fees for products, adjustments, reserves and the like moved on Stripe’s balance.",
        next_step="Nothing needs to be done: they are lines of the payout’s deposit.",
    ),
    nobody_acts(
        "history_before_start",
        title="Stripe’s money from before the start date",
        cause="Payments and refunds from before the start date are on Stripe’s balance and not in NetSuite.",
        next_step="Nothing needs to be done: the payout that holds them books them as its settings say.",
    ),
    nobody_acts(
        "pending_at_the_bank",
        title="Bank debits that are on their way",
        cause="They are booked, and Stripe counts them once the customer’s bank has paid.",
        next_step="Nothing needs to be done: when a debit fails, it is taken back by itself.",
    ),
    nobody_acts(
        "deposited_by_hand",
        title="What a person has deposited for payouts made by hand",
        cause="The deposits took records out of Undeposited Funds, and the payouts took money off Stripe’s "
        "balance. What differs is on the other lines of those deposits.",
        next_step="Nothing needs to be done, if those lines are right: Stripe does not say what such a "
        "payout held.",
    ),
    _found(
        "not_in_netsuite_yet",
        "Stripe’s money that is not in NetSuite yet",
        "Payments, refunds or disputes moved on Stripe’s balance and are not booked.",
        "Look at Needs you and at Records for what holds them back. What no record speaks of, bring from the "
        "page Preview by its id.",
        ANYBODY,
        ("retry",),
    ),
    _found(
        "not_waiting_any_more",
        "Booked, and not in Undeposited Funds any more",
        "Stripe has not paid it out, and in NetSuite it is on a deposit, on another account, or gone.",
        "Look at “Changed in NetSuite”, which names the record, and put it right in NetSuite at "
        f"Transactions > Bank > Make Deposits > List. {CLEARS}",
    ),
    _found(
        "waits_without_money",
        "In Undeposited Funds without money at Stripe",
        "The record waits in NetSuite, and Stripe holds nothing for it: it may be paid out with a payout "
        "made by hand.",
        "In NetSuite, deposit it at Transactions > Bank > Make Deposits with the payout that it was in. "
        f"{CLEARS}",
    ),
    _found(
        "waits_with_another_amount",
        "In Undeposited Funds with another amount",
        "What NetSuite holds of the record is not what Stripe holds.",
        "Open the record in NetSuite at Transactions > Customers > Accept Customer Payments > List and "
        f"put its amount right. {CLEARS}",
    ),
    # What somebody did in NetSuite
    _found(
        "record_deleted_by_hand",
        "A record was deleted by hand",
        "SuiteSync booked it, and somebody has deleted it in NetSuite.",
        "Enter it anew in NetSuite, and link it: “Link to an existing record” on the page of its record "
        "here, with the new internal id. Transactions > Management > View Deleted Records in NetSuite says "
        "who deleted it.",
    ),
    _found(
        "record_voided_by_hand",
        "A record was voided by hand",
        "SuiteSync booked it, and somebody has voided it in NetSuite: it posts nothing any more.",
        "Enter it anew in NetSuite at Transactions > Customers, and link it: “Link to an existing record” "
        "on the page of its record here, with the new internal id.",
    ),
    _found(
        "record_changed_by_hand",
        "A record was changed by hand",
        "Somebody has changed it in NetSuite since SuiteSync booked it.",
        "Open it in NetSuite, look under System Information > System Notes for who changed it, and put back "
        f"what is named. {CLEARS}",
    ),
    _found(
        "record_deposited_by_hand",
        "A record was deposited by hand",
        "Its payout cannot take it to the bank, since it is on another bank deposit in NetSuite.",
        "Take it off that deposit, at Transactions > Bank > Make Deposits > List in NetSuite. If the deposit "
        f"books a payout made by hand, make its total the payout’s. {CLEARS}",
    ),
)
