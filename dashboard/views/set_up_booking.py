"""Set-up, second half: the accounts are chosen, and one invoice is looked at and booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from connector.engine import account_settings, lookups, now, previews, probes
from connector.engine import set_up as engine
from connector.engine.account_settings import Stale
from connector.engine.lookups import Found
from connector.engine.probes import Side
from connector.engine.roles import CHANGE_SETTINGS
from connector.engine.set_up import Refused
from connector.failures import describe
from connector.models import Job, MappedRecord, StripeAccount
from dashboard import fragment, set_up, setting_page
from dashboard.access import allowed
from dashboard.links import netsuite_link, stripe_link
from dashboard.named import row_or_404
from dashboard.past_records import address_of
from dashboard.set_up import Progressing
from dashboard.set_up_forms import InvoiceForm
from dashboard.setting import Tab
from dashboard.setting_forms import SettingsForm
from dashboard.setting_words import label, value_in_words
from dashboard.standing import is_moving, speaks, standing
from dashboard.standing import seen as version_of
from dashboard.views.job import STOP_POLLING
from dashboard.views.preview import shown_document
from dashboard.views.set_up import look_again, looked_at, progress_or_404, stale, step_page

# Accounts


@allowed(CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest, name: str) -> HttpResponse:
    """The step of the ledger accounts: chosen from what NetSuite has, and then looked at once more."""
    account = progress_or_404(name)
    if request.method == "POST" and request.POST.get("act") == "look":
        return look_again(request, account, Side.BOOKS, "accounts")
    wanted = {name: one.lookup for name, one in set_up.looked_up().items() if one.lookup}
    found = lookups.look_up(account, wanted)
    tab = set_up.choices_tab(
        account,
        has_subsidiaries=bool(found["subsidiary"].choices or account.subsidiary),
        all_of_them=not engine.is_booked(account),
    )
    names = [one.name for one in tab.settings]
    suggested = set_up.suggested(account, found, names)
    if request.method != "POST":
        form = SettingsForm(account, tab.settings, values=suggested)
        return _accounts(request, account, tab, form, found, suggested)
    form = SettingsForm(account, tab.settings, request.POST)
    if not form.is_valid():
        return _accounts(request, account, tab, form, found, {})
    try:
        account_settings.save(
            account,
            form.changed(),
            who=request.user.get_username(),
            reason=engine.REASON,
            seen=request.POST.get("seen", ""),
        )
    except Stale:
        return stale(request, account, "accounts")
    lookups.remember(account.netsuite_account, wanted, found)
    fresh = set_up.with_progress(StripeAccount.objects.all()).get(pk=account.pk)
    look = probes.look(fresh, Side.BOOKS, who=request.user.get_username())
    if not look.is_well or setting_page.to_choose(fresh, tab):
        messages.warning(request, "What you chose is stored. Something is left to do: see below.")
        return redirect("dashboard:set_up_accounts", account.name)
    messages.success(request, "What you chose is stored, and NetSuite has all of it.")
    return redirect("dashboard:set_up_invoice", account.name)


def _accounts(
    request: HttpRequest,
    account: Progressing,
    tab: Tab,
    form: SettingsForm,
    found: Mapping[str, Found],
    suggested: Mapping[str, object],
) -> HttpResponse:
    names = lookups.remembered(account.netsuite_account)
    notes = [found[one.name].note for one in tab.settings if one.name in found and found[one.name].note]
    groups = [
        replace(group, settings=tuple(_with_note(one, suggested) for one in group.settings))
        for group in setting_page.shown_groups(tab, form, None, found, names)
    ]
    fields = account_settings.fields()
    chosen = [fields[one.name] for one in set_up.chosen_already(account, [one.name for one in tab.settings])]
    page = (
        step_page(account, "accounts")
        | looked_at(account, Side.BOOKS)
        | {
            "groups": groups,
            "form": form,
            "show_errors": form.is_bound,
            "may_change": True,
            "all_looked_up": True,
            "away": notes[0] if notes and not any(one.choices for one in found.values()) else "",
            "chosen": [
                (
                    label(fields[one.name]),
                    value_in_words(fields[one.name], getattr(account, one.name), names["account"]),
                )
                for one in chosen
            ],
        }
    )
    return render(request, "dashboard/set_up_accounts.html", page)


def _with_note(one: setting_page.ShownSetting, suggested: Mapping[str, object]) -> setting_page.ShownSetting:
    if one.setting.name not in suggested:
        return one
    return replace(one, note="Suggested: the only one in NetSuite that is called or kept so.")


# The first invoice


@allowed(CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest, name: str) -> HttpResponse:
    """The step of the first invoice: what booking it would write. Posted, it is booked as any other.

    Reading both sides takes a while, so the page comes at once and htmx asks for that part of it.
    """
    account = progress_or_404(name)
    if request.method == "POST":
        return _book(request, account)
    form = InvoiceForm(request.GET if "id" in request.GET else None)
    typed = form.cleaned_data["id"].strip() if form.is_bound and form.is_valid() else ""
    page = step_page(account, "invoice") | {"form": form}
    if typed and fragment.is_asked(request):
        return render(request, "dashboard/_set_up_invoice.html", page | _previewed(account, typed))
    page["earlier"] = _latest_job(account)
    try:
        newest = engine.newest_invoices(account)
    except Refused as refused:
        trouble = set_up.trouble_of(refused)
        return render(request, "dashboard/set_up_invoice.html", page | {"trouble": trouble})
    subject = typed or (newest[0].id if newest and not form.errors else "")
    page |= {"newest": newest, "subject": subject}
    if "now" in request.GET and subject:
        page |= _previewed(account, subject)
    return render(request, "dashboard/set_up_invoice.html", page)


def _previewed(account: Progressing, subject: str) -> dict[str, Any]:
    shown = previews.read(account, subject)
    documents = [shown_document(account, one, number) for number, one in enumerate(shown, start=1)]
    bookable = all(one.result["status"] in (Job.Status.SUCCESSFUL, Job.Status.READY) for one in shown)
    has_new = any(one["new"] for one in documents)
    return {
        "subject": subject,
        "documents": documents,
        "bookable": bookable and has_new,
        "why_not": "" if bookable and has_new else _why_not(shown, bookable=bookable),
    }


def _why_not(shown: list[previews.Previewed], *, bookable: bool) -> str:
    if bookable:
        return "It is in NetSuite already: nothing would be written."
    if any(one.result["status"] == Job.Status.SKIPPED for one in shown):
        return "It would be skipped: choose another invoice."
    return "Something stands in the way: it is named below. Mend it, then look again."


def _book(request: HttpRequest, account: Progressing) -> HttpResponse:
    """Hand the invoice to the engine. Pressed again while it is on its way, or booked, it leads there."""
    form = InvoiceForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["id"].strip():
        messages.warning(request, "Nothing was booked: say which invoice.")
        return redirect("dashboard:set_up_invoice", account.name)
    subject = form.cleaned_data["id"].strip()
    job = Job.objects.filter(account=account, subject=subject).order_by("-pk").first()
    if job and (is_moving(job) or job.status == Job.Status.SUCCESSFUL):
        messages.info(request, "It was asked for already. This page shows what comes of it.")
        return redirect("dashboard:set_up_booked", account.name, job.pk)
    if form.cleaned_data["seen"] != account_settings.version(account):
        return stale(request, account, "invoice")
    job = now.ask(account, subject, who=request.user.get_username())
    return redirect("dashboard:set_up_booked", account.name, job.pk)


def _latest_job(account: Progressing) -> Job | None:
    """The invoice that was booked, or tried, last."""
    return Job.objects.filter(account=account, subject__startswith="in_").order_by("-pk").first()


@allowed(CHANGE_SETTINGS)
@require_safe
def booked(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """How the first invoice fares, up to In NetSuite; htmx asks for its changing part."""
    account = progress_or_404(name)
    job = row_or_404(Job.objects, f"record {pk}", pk=pk, account=account)
    is_fragment = fragment.is_asked(request)
    if is_fragment and is_moving(job) and request.GET.get("seen") == version_of(job):
        return HttpResponse(status=204)
    records = list(
        MappedRecord.objects.filter(
            account=account, state=MappedRecord.State.MAPPED, job__subject=job.subject
        ).order_by("pk")
    )
    page = step_page(account, "invoice") | {
        "job": job,
        "job_seen": version_of(job),
        "is_moving": is_moving(job),
        "standing": standing(job, unconfirmed=False, now=timezone.now()),
        "failure": describe(job.code) if speaks(job, timezone.now()) else None,
        "records": [
            (one, netsuite_link(account.netsuite_account, one.record_type, one.internal_id))
            for one in records
        ],
        "stripe_link": stripe_link(account, job.subject),
    }
    if is_fragment:
        status = 200 if is_moving(job) else STOP_POLLING
        return render(request, "dashboard/_set_up_booked.html", page | {"is_update": True}, status=status)
    return render(request, "dashboard/set_up_booked.html", page)


@allowed(CHANGE_SETTINGS)
@require_safe
def done(request: HttpRequest, name: str) -> HttpResponse:
    """What comes after: past records of the days before today, the other settings, and Today."""
    account = progress_or_404(name)
    today = account.local_date(timezone.now())
    first = account.sync_start_date or today.replace(month=1, day=1)
    page = step_page(account, "done") | {
        "left": [step for step in set_up.steps_of(account) if not step.is_done],
        "past": address_of(account, min(first, today), today, ()),
        "first": first,
    }
    return render(request, "dashboard/set_up_done.html", page)
