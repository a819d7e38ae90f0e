"""Settings: every setting of an account, what a change of it would do, and what was changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from connector.engine import account_settings, doctor, lookups, trial
from connector.engine.fields_in_words import understood
from connector.engine.lookups import Found
from connector.engine.roles import CHANGE_NETSUITE, CHANGE_SETTINGS, RESOLVE
from connector.models import AuditEntry, StripeAccount
from connector.models.audit import Verb
from dashboard import figures, setting_page
from dashboard.access import allowed, demand, staff_page, who_can
from dashboard.links import is_practice
from dashboard.named import account_or_404, row_or_404
from dashboard.setting import Tab
from dashboard.setting_forms import ReviewForm, SecretsForm, SettingsForm
from dashboard.setting_tabs import BY_NAME, CONNECTIONS, FIELDS, TAB_OF, tab_named

ALL = "all"
PAGE = 25


@staff_page
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The page `/settings/`: the accounts, and how much of each is still to be chosen."""
    found = StripeAccount.objects.select_related("netsuite_account").order_by("name")
    rows = [(account, is_practice(account), len(setting_page.to_choose(account))) for account in found]
    return render(request, "dashboard/settings.html", {"here": "settings", "rows": rows})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def tab(request: HttpRequest, name: str, key: str = CONNECTIONS.key) -> HttpResponse:
    """One tab. Posted, it looks up what NetSuite has, or shows what the typed values would change."""
    account = account_or_404(name)
    chosen = tab_named(key)
    if chosen is None:
        raise Http404(f"settings {key}")
    if request.method != "POST":
        return _tab(request, account, chosen)
    demand(request, CHANGE_SETTINGS)
    if "draft" in request.POST:
        review = ReviewForm(request.POST)
        typed = review.cleaned_data["draft"] if review.is_valid() else {}
        return _tab(request, account, chosen, values=typed)
    form = SettingsForm(account, chosen.settings, request.POST)
    if wanted := request.POST.get("look_up"):
        found = _looked_up(account, chosen, wanted, form)
        return _tab(request, account, chosen, form=form, found=found)
    if request.POST.get("seen") != account_settings.version(account):
        return _stale(request, account, chosen)
    if not form.is_valid():
        return _tab(request, account, chosen, form=form, is_refused=True)
    return _review(request, account, form.changed(), chosen)


@allowed(CHANGE_SETTINGS)
@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Save what the page before has shown, with its reason."""
    account = account_or_404(name)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _unreadable(request, account)
    typed = form.cleaned_data
    return _saved(request, account, typed["draft"], typed["reason"], typed["seen"], _tab_of(typed["draft"]))


@allowed(CHANGE_SETTINGS)
@require_POST
def try_out(request: HttpRequest, name: str) -> HttpResponse:
    """Show how the newest invoices, or a document that is named, would be booked before and after."""
    account = account_or_404(name)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _unreadable(request, account)
    typed = form.cleaned_data
    draft, subject = typed["draft"], typed["subject"].strip()
    return _review(request, account, draft, _tab_of(draft), subject=subject, is_trial=True)


@allowed(CHANGE_SETTINGS)
@require_safe
def restore(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Show what it would change to put back what a change has replaced."""
    account = account_or_404(name)
    entry = row_or_404(AuditEntry.objects.filter(_about(account)), f"change {pk}", pk=pk)
    values = account_settings.restorable(entry)
    return _review(
        request, account, values, _tab_of(values), reason=f"As it was before {_when(account, entry)}"
    )


@sensitive_post_parameters()
@allowed(CHANGE_SETTINGS)
@require_POST
def store_secrets(request: HttpRequest, name: str) -> HttpResponse:
    """Replace or remove credentials. There is no page in between: it would have to show them."""
    account = account_or_404(name)
    form = SecretsForm(CONNECTIONS.settings, request.POST)
    if request.POST.get("seen") != account_settings.version(account):
        return _stale(request, account, CONNECTIONS)
    if not form.is_valid():
        return _tab(request, account, CONNECTIONS, secrets=form)
    seen = request.POST["seen"]
    return _saved(request, account, form.changed(), form.cleaned_data["reason"], seen, CONNECTIONS)


@allowed(CHANGE_SETTINGS)
@require_POST
def test_connection(request: HttpRequest, name: str) -> HttpResponse:
    """Sign in to both sides and look at everything that booking needs."""
    account = account_or_404(name)
    found = [setting_page.shown_finding(one) for one in doctor.examine(account)]
    page = tab_page(account) | {
        "ill": [one for one in found if not one.finding.well],
        "well": [one for one in found if one.finding.well],
    }
    return render(request, "dashboard/settings_test.html", page)


@allowed(CHANGE_SETTINGS)
@require_POST
def check_fields(request: HttpRequest, name: str) -> HttpResponse:
    """What the two texts of the tab Fields mean, or what is wrong with them; nothing is saved."""
    account_or_404(name)
    texts = (request.POST.get(name, "") for name in ("field_defaults", "field_mappings"))
    return render(request, "dashboard/_understood.html", {"found": understood(*texts)})


@staff_page
@require_safe
def changes(request: HttpRequest, name: str) -> HttpResponse:
    """The tab Changes: who changed what, when and why, newest first."""
    account = account_or_404(name)
    entries = AuditEntry.objects.filter(_about(account)).order_by("-at", "-pk")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    shown = setting_page.shown_entries(account, page.object_list)
    context = tab_page(account) | {"tab_key": "changes", "entries": shown, "page": page}
    return render(request, "dashboard/settings_changes.html", context | _rights(request))


def _tab(
    request: HttpRequest,
    account: StripeAccount,
    chosen: Tab,
    *,
    form: SettingsForm | None = None,
    secrets: SecretsForm | None = None,
    values: Mapping[str, Any] | None = None,
    found: Mapping[str, Found] | None = None,
    is_refused: bool = False,
) -> HttpResponse:
    rights = _rights(request)
    form = form or SettingsForm(account, chosen.settings, values=values, readonly=not rights["may_change"])
    secrets = secrets or (SecretsForm(chosen.settings) if chosen is CONNECTIONS else None)
    names = lookups.remembered(account.netsuite_account)
    page = tab_page(account) | {
        "tab": chosen,
        "tab_key": chosen.key,
        "form": form,
        "secrets": secrets,
        "groups": setting_page.shown_groups(chosen, form, secrets, found or {}, names),
        "looks_up": any(one.lookup for one in chosen.settings),
        "show_errors": is_refused,
        "found": understood(*(_json_text(form, name) for name in ("field_defaults", "field_mappings")))
        if chosen is FIELDS
        else None,
    }
    return render(request, "dashboard/settings_tab.html", page | rights)


def _json_text(form: SettingsForm, name: str) -> str:
    value = form[name].value()
    return value if isinstance(value, str) else json.dumps(value)


def _review(
    request: HttpRequest,
    account: StripeAccount,
    values: Mapping[str, Any],
    chosen: Tab,
    *,
    reason: str = "",
    subject: str = "",
    is_trial: bool = False,
) -> HttpResponse:
    """The page that shows a change before it is saved."""
    try:
        draft = account_settings.drafted(account, values)
    except ValidationError as error:
        return _refused(request, account, chosen, error)
    found = account_settings.changes(account, draft)
    if not found:
        messages.info(request, "Nothing would change: the settings stand so already.")
        return redirect("dashboard:settings_tab", account.name, chosen.key)
    subjects = [subject] if subject else trial.newest(account)
    trials = [trial.compare(account, draft, one) for one in subjects] if is_trial else []
    page = tab_page(account) | {
        "tab": chosen,
        "asked": setting_page.shown_changes(account, found),
        "sharing": figures.joined(setting_page.sharing(account, found)),
        "draft": json.dumps({change.name: change.new for change in found}, cls=DjangoJSONEncoder),
        "seen": request.POST.get("seen") or account_settings.version(account),
        "reason": request.POST.get("reason", reason),
        "is_trial": is_trial,
        "subject": subject,
        "trials": [setting_page.shown_trial(account, one, number) for number, one in enumerate(trials)],
        "has_invoices": bool(subjects),
    }
    return render(request, "dashboard/settings_review.html", page)


def _saved(
    request: HttpRequest,
    account: StripeAccount,
    values: Mapping[str, Any],
    reason: str,
    seen: str,
    chosen: Tab,
) -> HttpResponse:
    """Save, and say what became of it. What is of NetSuite's company takes the right to change that too."""
    if any(account_settings.is_of_netsuite(name) for name in values):
        demand(request, CHANGE_NETSUITE)
    who = request.user.get_username()
    try:
        found = account_settings.save(account, values, who=who, reason=reason.strip(), seen=seen)
    except account_settings.Stale:
        return _stale(request, account, chosen)
    except ValidationError as error:
        return _refused(request, account, chosen, error)
    if not found:
        messages.info(request, "Nothing was changed: the settings stand so already.")
        return redirect("dashboard:settings_tab", account.name, chosen.key)
    count = figures.counted(len(found), "setting", "settings")
    messages.success(request, f"{count} saved. It counts for what is booked from now on.")
    for code, number in setting_page.waiting_for(account, found).items():
        messages.info(request, _offer(request, account, code, number))
    return redirect("dashboard:settings_tab", account.name, chosen.key)


def _offer(request: HttpRequest, account: StripeAccount, code: str, number: int) -> str:
    """What waited for a setting, and the way to let it go; or who can, where this person cannot."""
    records = figures.counted(number, "record", "records")
    if not request.user.has_perm(RESOLVE):
        text = '{} waited for this and can be tried again <a href="{}">under Needs you</a>. {}'
        return format_html(text, records, reverse("dashboard:needs"), who_can(RESOLVE))
    address = reverse("dashboard:needs_act", args=["try-again"])
    query = urlencode({"account": account.name, "cause": code})
    text = '{} waited for this. <a href="{}?{}">Try {} now?</a>'
    return format_html(text, records, address, query, "it" if number == 1 else "them")


def _stale(request: HttpRequest, account: StripeAccount, chosen: Tab) -> HttpResponse:
    last = AuditEntry.objects.filter(_about(account)).order_by("-at", "-pk").first()
    who = f" {last.who} changed some on {_when(account, last)}." if last else ""
    text = f"These settings have changed since you opened the page.{who} Nothing of yours was saved."
    messages.warning(request, f"{text} Look at them as they stand now, then decide.")
    return redirect("dashboard:settings_tab", account.name, chosen.key)


def _refused(
    request: HttpRequest, account: StripeAccount, chosen: Tab, error: ValidationError
) -> HttpResponse:
    messages.error(request, f"Nothing was saved. {' '.join(error.messages)}")
    return redirect("dashboard:settings_tab", account.name, chosen.key)


def _unreadable(request: HttpRequest, account: StripeAccount) -> HttpResponse:
    messages.error(request, "That could not be read, and nothing was saved. Begin again on this page.")
    return redirect("dashboard:settings", account.name)


def _looked_up(account: StripeAccount, chosen: Tab, wanted: str, form: SettingsForm) -> dict[str, Found]:
    """What NetSuite has for one setting of the tab, or for all."""
    named = {one.name: one.lookup for one in chosen.settings if one.lookup and wanted in (one.name, ALL)}
    like = str(form[wanted].value() or "") if named.get(wanted) == "item" else ""
    found = lookups.look_up(account, named, like="" if like.isdigit() else like)
    lookups.remember(account.netsuite_account, named, found)
    if any(one.choices for one in found.values()):
        return found
    return dict(list(found.items())[:1])  # NetSuite is away for the others too, and says so once


def _about(account: StripeAccount) -> Q:
    """The changes of an account's settings, and of the NetSuite account behind it."""
    behind = f"NetSuite account {account.netsuite_account}"
    return Q(verb=Verb.CHANGE_SETTINGS) & (Q(account=account) | Q(account=None, subject=behind))


def _tab_of(values: Mapping[str, Any]) -> Tab:
    """The tab of the first setting that is to change."""
    return next((TAB_OF[name] for name in values if name in BY_NAME), CONNECTIONS)


def _when(account: StripeAccount, entry: AuditEntry) -> str:
    return figures.moment(entry.at, account.zone)


def tab_page(account: StripeAccount) -> dict[str, Any]:
    """What all pages of an account's settings show."""
    return {
        "here": "settings",
        "account": account,
        "zone": account.zone,
        "tabs": setting_page.tabs_of(account),
        "seen": account_settings.version(account),
        "several": StripeAccount.objects.count() > 1,
    }


def _rights(request: HttpRequest) -> dict[str, Any]:
    may = request.user.has_perm(CHANGE_SETTINGS)
    return {"may_change": may, "who_can": "" if may else who_can(CHANGE_SETTINGS)}
