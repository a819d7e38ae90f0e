"""What keeps a payout's deposit from being made: a record of it, the set-up, or the payout itself."""

from __future__ import annotations

from connector.failures.entry import ACCOUNTANT, ADMIN, Action, Failure, nobody_acts

LOOK: tuple[Action, ...] = ("retry", "open_netsuite")
CHOOSE: tuple[Action, ...] = ("retry", "open_netsuite", "settings")
SET: tuple[Action, ...] = ("retry", "settings")
GOES_ON = "The payout is looked at again every hour and then goes on by itself; “Try again” does it at once."

FAILURES: tuple[Failure, ...] = (
    # Waiting
    Failure(
        "inventorying_waiting_on_child_records",
        title="Waits for its transactions",
        cause="Some payments, refunds or disputes of this payout are not in NetSuite yet, and the deposit is "
        "made of all of them.",
        next_step="Settle the transactions named above, each under its own id: remove a mark that holds one "
        "back in Stripe, or do what its own page says. The deposit then comes by itself.",
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "payout_holds_settled_outside",
        title="Holds what a person left out",
        cause="The deposit is made of every transaction of the payout, and somebody skipped one of them or "
        "entered it by hand. Without its record the deposit would not be the payout.",
        next_step="Take the decision back on the page of the transaction named above, or have what was "
        "entered by hand linked to it; the deposit then comes by itself. Or enter the whole deposit in "
        "NetSuite, at Transactions > Bank > Make Deposits.",
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "validating_waiting_on_child_records",
        title="Several records cannot be deposited",
        cause="Each record of a payout is checked before its deposit is made, and several are not as they "
        "should be.",
        next_step="Mend each record in NetSuite, at Transactions > Bank > Make Deposits > List and "
        f"Transactions > Customers, as it says below. {GOES_ON}",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    nobody_acts(
        "payout_not_reconciled",
        title="Stripe is still putting the payout together",
        cause="The money has arrived, and Stripe does not say yet which payments it is made of.",
    ),
    # Records
    Failure(
        "already_deposited",
        title="A record is on another bank deposit",
        cause="Somebody has put the payment or refund on a bank deposit in NetSuite, so it cannot be on this "
        "payout’s deposit too.",
        next_step="Open the record in NetSuite, follow it to its deposit, and remove it there, at "
        "Transactions > Bank > Make Deposits > List; or, if that deposit is this whole payout’s, put its "
        f"internal id on the payout in Stripe as netsuite_deposit_id. {GOES_ON}",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "deleted_netsuite_record",
        title="A record was deleted in NetSuite",
        cause="The payment or refund was in NetSuite, and somebody has deleted it.",
        next_step="Enter it anew in NetSuite, at Transactions > Customers, with the same amount and in "
        "Undeposited Funds, and link it with “Link to an existing record” on the page of its record here. "
        f"{GOES_ON}",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "duplicate_netsuite_record_in_payout",
        title="One record stands for two transactions",
        cause="Two payments or refunds of Stripe’s are linked to the same NetSuite record, and a deposit can "
        "hold it only once.",
        next_step="Find out which of the two it belongs to, enter the other one in NetSuite at "
        "Transactions > Customers, and link that with “Link to an existing record” on the page of its "
        f"record here. {GOES_ON}",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "invalid_subsidiary",
        title="A record belongs to another subsidiary",
        cause="A deposit takes only records of the subsidiary whose bank account it is, or of one below it "
        "where the account includes children.",
        next_step="Tick Include Children on the bank account at Lists > Accounting > Accounts, or choose "
        f"another bank account in the settings. {GOES_ON}",
        who=ACCOUNTANT,
        actions=CHOOSE,
    ),
    Failure(
        "undep_funds_account_mismatch",
        title="A record is not in Undeposited Funds",
        cause="The payment or refund is on another account than the one that is chosen as Undeposited Funds, "
        "and a deposit takes its records from there.",
        next_step="Open the record in NetSuite and choose Undeposited Funds on it, or correct the account "
        f"in the settings. {GOES_ON}",
        who=ACCOUNTANT,
        actions=CHOOSE,
    ),
    Failure(
        "unequal_amounts",
        title="A record’s amount is not Stripe’s",
        cause="Somebody, a workflow, a tax or an exchange rate has changed the amount of the record in "
        "NetSuite, so the deposit would differ from the bank statement.",
        next_step=f"Open the record in NetSuite and bring its amount back to Stripe’s. {GOES_ON}",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "payout_currency_not_depositable",
        title="NetSuite cannot deposit this currency there",
        cause="Stripe converted the payment before it paid it out, and NetSuite takes a record of another "
        "currency only to a bank account in the currency of the books.",
        next_step="Enter the deposit of this payout in NetSuite by hand, at Transactions > Bank > Make "
        "Deposits, and put its internal id on the payout in Stripe as netsuite_deposit_id. So that it does "
        "not happen again, have Stripe pay this currency to a bank account of its own.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "deposit_search_failed",
        title="We may not look for deposits",
        cause="NetSuite does not let our role search for payments and the deposits that they are on.",
        next_step="Give the role Transactions > Make Deposit (View) and Reports > SuiteAnalytics Search, at "
        f"Setup > Users/Roles > Manage Roles. {GOES_ON}",
        who=ADMIN,
        actions=LOOK,
    ),
    # Set-up
    Failure(
        "payout_currency_account_missing",
        title="Choose a bank account for this currency",
        cause="The payout is in a currency for which no bank account is chosen.",
        next_step="Add the currency with the internal id of its bank account under bank accounts in the "
        f"settings. {GOES_ON}",
        who=ADMIN,
        actions=SET,
    ),
    Failure(
        "bank_deposit_account_missing",
        title="The bank account cannot be found",
        cause="The chosen bank account was deleted, is inactive, is no bank account, or our role may not "
        "see it.",
        next_step="Look at it under Lists > Accounting > Accounts in NetSuite, and correct it there or in "
        f"the settings. {GOES_ON}",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "undep_funds_account_not_found",
        title="Undeposited Funds cannot be found",
        cause="No account is chosen as Undeposited Funds, or NetSuite does not show it to us as active.",
        next_step="Choose the account as Undeposited Funds in the settings; find it at Lists > Accounting > "
        f"Accounts. {GOES_ON}",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "undep_funds_account_fetch_error",
        title="The ledger accounts cannot be read",
        cause="NetSuite does not let our role see its accounts.",
        next_step="Give the role Lists > Accounts (View) at Setup > Users/Roles > Manage Roles. " + GOES_ON,
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "subsidary_not_found_likely_permission_issue",
        title="A subsidiary cannot be seen",
        cause="The bank account’s subsidiary is inactive, or our role may not see it.",
        next_step="Give the role Lists > Subsidiaries (View) and access to all subsidiaries, at Setup > "
        f"Users/Roles > Manage Roles. {GOES_ON}",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "subsidary_search_failed",
        title="Subsidiaries cannot be searched",
        cause="NetSuite refused the search for subsidiaries, or did not answer it.",
        next_step="Give the role Lists > Subsidiaries (Full) and Reports > SuiteAnalytics Search, at Setup > "
        f"Users/Roles > Manage Roles. {GOES_ON}",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "missing_netsuite_account_mapping",
        title="Choose an account for this kind of line",
        cause="The payout holds a fee or another movement for which no ledger account is chosen. It is not "
        "guessed where it belongs.",
        next_step="Choose the account named above in the settings; one for a type that has no setting of its "
        f"own goes under other movements. {GOES_ON}",
        who=ACCOUNTANT,
        actions=SET,
    ),
    Failure(
        "base_currency_unknown",
        title="The currency of the books is unknown",
        cause="Stripe converted a payment, and NetSuite does not tell us in which currency the "
        "subsidiary keeps its books.",
        next_step="Choose the subsidiary in the settings, and let our role see Lists > Subsidiaries and "
        "Lists > Currency. Then try again.",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "deposit_total_differs",
        title="NetSuite’s deposit is not the payout",
        cause="NetSuite saved the deposit with another total than the bank statement has: a record changed "
        "in that moment, a workflow added a line, or an exchange rate differs.",
        next_step="Open the deposit in NetSuite at Transactions > Bank > Make Deposits > List and compare "
        f"its lines with the payout’s. Bring its total back to the payout’s. {GOES_ON}",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    # The payout itself
    Failure(
        "payout_difference",
        title="The parts are not the whole",
        cause="What Stripe names as the parts of this payout does not add up to it, and a difference is "
        "never posted in silence.",
        next_step="Compare the payout in the Stripe Dashboard with its transactions. If the difference is to "
        "be posted, choose an account for payout differences in the settings and try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe", "settings"),
    ),
    Failure(
        "payout_before_start_date",
        title="Holds money from before the start date",
        cause="Some transactions of this payout are older than the start date, so NetSuite has no records of "
        "them.",
        next_step="Turn on “summarize what is older than the start date” in the settings, which makes one "
        "line on the income account of them; or enter the deposit in NetSuite by hand, and put its internal "
        "id on the payout in Stripe as netsuite_deposit_id.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "payout_failed_after_paid",
        title="Booked, and the bank sent the money back",
        cause="The payout had arrived and was booked, and days later the bank sent it back. A journal entry "
        "has taken it from the bank to the payout clearing account.",
        next_step="Mend the bank account in the Stripe Dashboard. The next payout brings the money again and "
        "clears the account.",
        who=ACCOUNTANT,
        actions=("open_stripe",),
    ),
)
