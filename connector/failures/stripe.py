"""What can stand between us and Stripe: its key, its permissions, its hours."""

from __future__ import annotations

from connector.failures.entry import ADMIN, ENGINEER, Failure, nobody_acts

FAILURES: tuple[Failure, ...] = (
    nobody_acts(
        "stripe_busy",
        title="Stripe is busy",
        cause="Stripe asks everybody to wait a moment, or is changing this very document itself.",
    ),
    nobody_acts(
        "stripe_unavailable",
        title="Stripe cannot be reached",
        cause="Stripe did not answer, or answered that something is wrong on its side. Nothing was changed.",
        next_step="Nothing needs to be done: SuiteSync tries again by itself. If it lasts, look at "
        "status.stripe.com.",
    ),
    Failure(
        "stripe_key_missing",
        title="No Stripe key is stored",
        cause="SuiteSync cannot read from Stripe, because the account has no key yet.",
        next_step="In the Stripe Dashboard, open Developers > API keys, create a restricted key that may "
        "read, and enter it in the account’s settings. Then try again.",
        who=ADMIN,
        actions=("retry", "open_stripe", "settings"),
    ),
    Failure(
        "stripe_key_refused",
        title="Stripe does not accept our key",
        cause="The key was rolled, deleted or has expired in Stripe, or was copied incompletely.",
        next_step="In the Stripe Dashboard, open Developers > API keys, create or copy a key that is valid, "
        "and enter it in the account’s settings. Then try again.",
        who=ADMIN,
        actions=("retry", "open_stripe", "settings"),
    ),
    Failure(
        "stripe_permission_missing",
        title="The Stripe key may not read this",
        cause="The restricted key lacks a permission. Stripe’s message names it.",
        next_step="In the Stripe Dashboard, open Developers > API keys, edit the restricted key, give it "
        "the permission that is named above, and try again.",
        who=ADMIN,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "stripe_other_account",
        title="The key is of another Stripe account",
        cause="An account here stands for one Stripe account and its books. With the key of another one, "
        "two companies would be booked as one.",
        next_step="Copy the key from the Stripe account that is named above. To connect the other one as "
        "well, add it under Set-up as an account of its own.",
        who=ADMIN,
        actions=("open_stripe",),
    ),
    Failure(
        "stripe_account_taken",
        title="This Stripe account is connected already",
        cause="Connected twice, everything in it would be booked twice.",
        next_step="Go on with the account that is named above, or use the key of another Stripe account.",
        who=ADMIN,
        actions=("open_stripe",),
    ),
    Failure(
        "stripe_url_refused",
        title="Stripe does not take this address",
        cause="Stripe sends messages only to an address that everybody on the internet can reach, for real "
        "money only over a secure connection.",
        next_step="Correct the public address of the console: the one that you would type on a phone outside "
        "your own network. Then try again.",
        who=ADMIN,
    ),
    Failure(
        "stripe_object_missing",
        title="Stripe does not have this document",
        cause="It was deleted in Stripe, or it belongs to another Stripe account or to the other of test "
        "and live mode.",
        next_step="Search for its id in the Stripe Dashboard. If it is in another account or mode, correct "
        "the key in the account’s settings and try again.",
        who=ADMIN,
        actions=("retry", "open_stripe", "settings"),
    ),
    Failure(
        "stripe_object_unreadable",
        title="Stripe’s document cannot be read",
        cause="It lacks something that Stripe promises, or has it in another form, so SuiteSync stopped "
        "instead of guessing.",
        next_step="Show this page to an engineer. The message names the part; Stripe keeps what it sent in "
        "Developers > Logs.",
        who=ENGINEER,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "stripe_unknown_error",
        title="Stripe said something unexpected",
        cause="Stripe refused in a way that SuiteSync does not know, so it stopped instead of guessing.",
        next_step="Show this page to an engineer, who decides what the answer means. Stripe keeps its side "
        "of the talk in Developers > Logs.",
        who=ENGINEER,
        actions=("retry", "open_stripe"),
    ),
)
