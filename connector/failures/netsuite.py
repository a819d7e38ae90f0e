"""What can stand between us and NetSuite: its log-in, its permissions, its hours, an answer that got lost."""

from __future__ import annotations

from connector.failures.entry import ADMIN, ENGINEER, Failure, nobody_acts

FAILURES: tuple[Failure, ...] = (
    nobody_acts(
        "netsuite_busy",
        title="NetSuite is busy; we wait our turn",
        cause="NetSuite serves only so many calls at once for all integrations together, and only one "
        "change of a customer at a time.",
        next_step="Nothing needs to be done: SuiteSync tries again by itself. If it happens all day, "
        "compare Setup > Integration > Integration Management > Integration Governance with the account’s "
        "settings.",
    ),
    nobody_acts(
        "netsuite_unavailable",
        title="NetSuite is closed for the moment",
        cause="NetSuite says that it is under maintenance or out of service for now. Nothing was saved.",
        next_step="Nothing needs to be done: SuiteSync tries again by itself. Maintenance is announced at "
        "status.netsuite.com.",
    ),
    nobody_acts(
        "netsuite_unreachable",
        title="NetSuite could not be reached",
        cause="No connection to NetSuite came about, so nothing was sent and nothing was saved.",
        next_step="Nothing needs to be done: SuiteSync tries again by itself. If it lasts, ask an engineer "
        "to check the network.",
    ),
    nobody_acts(
        "netsuite_no_answer",
        title="NetSuite took too long to answer",
        cause="We asked NetSuite for something, and no answer came or only a part of it. Nothing was "
        "changed.",
    ),
    nobody_acts(
        "netsuite_answer_unreadable",
        title="NetSuite’s answer was cut off",
        cause="The answer arrived, but it was incomplete or came from something in between. Nothing was "
        "changed.",
    ),
    nobody_acts(
        "netsuite_answer_lost",
        title="Checking whether it arrived",
        cause="We sent a change to NetSuite and its answer never came, so the change may have been saved.",
        next_step="Nothing needs to be done: SuiteSync looks in NetSuite before it sends anything again. "
        "Please do not enter it by hand meanwhile.",
    ),
    nobody_acts(
        "netsuite_internal_error",
        title="NetSuite had an error of its own",
        cause="NetSuite reports an unexpected error on its side, which usually passes.",
        next_step="Nothing needs to be done: SuiteSync tries again by itself. If it lasts, give NetSuite "
        "Support the error number from its message.",
    ),
    nobody_acts(
        "search_expired",
        title="NetSuite’s search took too long",
        cause="NetSuite forgot a long search before we had read all of its pages. Nothing was changed.",
    ),
    nobody_acts(
        "search_incomplete",
        title="NetSuite’s list changed while we read it",
        cause="NetSuite announced more or fewer records than it gave, because somebody was working in it.",
    ),
    nobody_acts(
        "wsdl_unavailable",
        title="NetSuite is not ready for our call",
        cause="Before the first call we read from NetSuite how its web services look, and that page did not "
        "come.",
    ),
    Failure(
        "netsuite_credentials_missing",
        title="The NetSuite log-in is incomplete",
        cause="SuiteSync needs the account ID, the consumer key and secret, and the token ID and secret.",
        next_step="In NetSuite, take the account ID from Setup > Company > Company Information, the "
        "consumer key from Setup > Integration > Manage Integrations and the token from Setup > Users/Roles "
        "> Access Tokens. Enter them in the account’s settings and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "netsuite_credentials_refused",
        title="NetSuite does not let us in",
        cause="The access token was revoked, its role or user is inactive, the integration record is "
        "blocked, or a key was copied wrongly.",
        next_step="In NetSuite, read the reason at Setup > Users/Roles > User Management > View Login Audit "
        "Trail. If need be, create a new token at Setup > Users/Roles > Access Tokens and enter it in the "
        "account’s settings. Then try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "netsuite_address_wrong",
        title="NetSuite is not at this address",
        cause="The account ID, the web services address or the web services version in the settings is "
        "wrong.",
        next_step="Compare the settings with Setup > Company > Company Information in NetSuite: the Account "
        "ID, and on the Company URLs subtab the SuiteTalk address. Then try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "netsuite_version_retired",
        title="NetSuite has retired this version",
        cause="NetSuite no longer offers the version of its web services that the account’s settings name.",
        next_step="Choose a newer web services version in the account’s settings, one that NetSuite’s "
        "release notes list as supported. Then try again.",
        who=ADMIN,
        actions=("retry", "settings"),
    ),
    Failure(
        "permission_missing",
        title="The NetSuite role may not do this",
        cause="The role that SuiteSync works under lacks a permission, or a NetSuite feature is off. "
        "NetSuite’s message names it.",
        next_step="In NetSuite, open Setup > Users/Roles > Manage Roles, edit the role of SuiteSync and add "
        "the permission on its Permissions subtab. For a feature, open Setup > Company > Enable Features. "
        "Then try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "field_not_settable",
        title="NetSuite does not let us fill in a field",
        cause="The field is read-only or hidden on the form of our role, or its feature is off. NetSuite’s "
        "message names the field.",
        next_step="In NetSuite, show the field on the form that the role prefers, at Customization > Forms "
        "> Transaction Forms or Entry Forms, or turn on its feature at Setup > Company > Enable Features. "
        "Then try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "request_not_understood",
        title="NetSuite did not understand us",
        cause="SuiteSync asked NetSuite for something in a wrong form. This is our mistake; nothing was "
        "saved.",
        next_step="Show this page to an engineer. What we sent and what NetSuite answered is kept below.",
        who=ENGINEER,
    ),
    Failure(
        "request_too_large",
        title="We sent NetSuite too much at once",
        cause="The document has more content than NetSuite takes in one call. This is our mistake; nothing "
        "was saved.",
        next_step="Show this page to an engineer.",
        who=ENGINEER,
    ),
    Failure(
        "wsdl_does_not_fit",
        title="NetSuite’s web services look different",
        cause="This version of NetSuite’s web services lacks something that SuiteSync needs. Nothing was "
        "sent.",
        next_step="Compare the web services version in the account’s settings with a supported one, or show "
        "this page to an engineer.",
        who=ENGINEER,
        actions=("retry", "settings"),
    ),
    Failure(
        "wrong_record_found",
        title="NetSuite gave a record that we did not ask for",
        cause="The record that came back has another external id. To link the wrong one would be worse than "
        "to stop.",
        next_step="Show this page to an engineer, who looks up both ids in NetSuite. Nothing was linked.",
        who=ENGINEER,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "netsuite_unknown_error",
        title="NetSuite said something unexpected",
        cause="NetSuite refused in a way that SuiteSync does not know, so it stopped instead of guessing.",
        next_step="Read NetSuite’s message above. If you can mend what it names, do so and try again. "
        "Otherwise show this page to an engineer.",
        who=ENGINEER,
        actions=("retry", "open_netsuite"),
    ),
)
