"""Set-up: an account connected step by step. Here who it is, its messages, and its NetSuite company.

Each step is a page of its own, and may be come back to: how far an account is, its own row says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from connector.engine import account_settings, accounts, inbox, practice, probes
from connector.engine import set_up as engine
from connector.engine.account_settings import Stale
from connector.engine.probes import Side
from connector.engine.roles import ADD_ACCOUNT, CHANGE_NETSUITE, CHANGE_SETTINGS
from connector.engine.set_up import NameTaken, Refused
from connector.models import Event, StripeAccount
from dashboard import set_up
from dashboard.access import allowed, demand
from dashboard.links import is_practice, is_test, stripe_home
from dashboard.named import row_or_404
from dashboard.set_up import Progressing, Trouble
from dashboard.set_up_forms import AddressForm, KeyForm, NewForm, SigningSecretForm, TokenForm
from dashboard.setting_page import shown_finding

STALE = (
    "These settings have changed since you opened the page. Nothing of yours was stored. Look again, please."
)


def progress_or_404(name: str) -> Progressing:
    """The account that the address of a step names, with its progress."""
    return row_or_404(set_up.with_progress(StripeAccount.objects.all()), f"account {name}", name=name)


def step_page(account: Progressing, key: str) -> dict[str, Any]:
    """What all steps of an account show."""
    steps = set_up.steps_of(account)
    place = next((number for number, step in enumerate(steps) if step.key == key), len(steps))
    return {
        "here": "set-up",
        "account": account,
        "zone": account.zone,
        "steps": steps,
        "step_key": key,
        "step": steps[place] if place < len(steps) else None,
        "following": steps[place + 1] if place + 1 < len(steps) else None,
        "seen": account_settings.version(account),
        "is_practice": is_practice(account),
        "is_test": is_test(account),
    }


def looked_at(account: Progressing, side: Side) -> dict[str, Any]:
    """What `_set_up_look.html` shows: the newest look at a side, if there was one."""
    look = probes.newest(account).get(side)
    return {"look": look, "found": [shown_finding(one) for one in look.findings] if look else []}


def stale(request: HttpRequest, account: Progressing, key: str) -> HttpResponse:
    """Say that somebody else has changed something, and show the step as it stands."""
    messages.warning(request, STALE)
    return redirect(f"dashboard:set_up_{key}", account.name)


@allowed(CHANGE_SETTINGS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The page `/set-up/`: each account with how far it is, and what can be added."""
    found = list(set_up.with_progress(StripeAccount.objects.order_by("name")))
    rows = []
    for account in found:
        steps = set_up.steps_of(account)
        rows.append((account, is_practice(account), steps, set_up.next_of(steps)))
    page = {"here": "set-up", "rows": rows, "may_add": request.user.has_perm(ADD_ACCOUNT)}
    return render(request, "dashboard/set_up.html", page | _sample(found))


def _sample(found: Sequence[StripeAccount]) -> dict[str, Any]:
    """Whether the sample company can be loaded, and why not."""
    url = practice.address()
    there = next((one.name for one in found if url and one.stripe_api_base.rstrip("/") == url), "")
    return {"sample": bool(url), "sample_there": there, "why_no_sample": practice.why_not()}


@allowed(ADD_ACCOUNT)
@require_POST
def load_sample(request: HttpRequest) -> HttpResponse:
    """Connect the sample company, and go to its first step."""
    if why_not := practice.why_not():
        messages.warning(request, f"Nothing was loaded. {why_not}")
        return redirect("dashboard:set_up")
    try:
        account = engine.load_sample(who=request.user.get_username())
    except NameTaken:
        messages.warning(request, f"Nothing was loaded. Another account is called “{engine.SAMPLE}”.")
        return redirect("dashboard:set_up")
    except practice.Away as away:
        return _not_loaded(request, set_up.sample_away(str(away)))
    except Refused as refused:
        return _not_loaded(request, set_up.trouble_of(refused))
    probes.look(account, Side.STRIPE, who=request.user.get_username())
    messages.success(
        request, "The sample company is connected: a practice Stripe and NetSuite. Nothing real is touched."
    )
    return redirect("dashboard:set_up_stripe", account.name)


def _not_loaded(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    return render(request, "dashboard/set_up_trouble.html", {"here": "set-up", "trouble": trouble})


@sensitive_post_parameters()
@allowed(ADD_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page `/set-up/new/`: a name and a Stripe key. Nothing is stored before Stripe accepts the key."""
    form = NewForm(request.POST or None)
    trouble = None
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            account = engine.add(
                name, {"stripe_api_key": form.cleaned_data["stripe_api_key"]}, who=request.user.get_username()
            )
        except NameTaken:
            form.add_error("name", f"There is an account “{name}” already. Go on with it, or choose another.")
        except accounts.BadSetting as error:
            form.add_error("name", str(error))
        except Refused as refused:
            trouble = set_up.trouble_of(refused)
        else:
            look = probes.look(account, Side.STRIPE, who=request.user.get_username())
            _say_stored(request, "The key", is_well=look.is_well)
            return redirect("dashboard:set_up_stripe", account.name)
    page = {"here": "set-up", "steps": set_up.blank_steps(), "step_key": "stripe", "form": form}
    return render(request, "dashboard/set_up_stripe.html", page | _to_tick() | {"trouble": trouble})


@allowed(CHANGE_SETTINGS)
@require_safe
def account(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the first step that is not done."""
    account = progress_or_404(name)
    step = set_up.next_of(set_up.steps_of(account))
    return redirect(step.url) if step else redirect("dashboard:set_up_done", account.name)


@sensitive_post_parameters()
@allowed(CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def stripe(request: HttpRequest, name: str) -> HttpResponse:
    """The step of the Stripe key. Posted, it tests the one that is stored, or stores another of the same."""
    account = progress_or_404(name)
    if request.method != "POST":
        return _stripe(request, account, KeyForm())
    if request.POST.get("act") == "look":
        return look_again(request, account, Side.STRIPE, "stripe")
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _stripe(request, account, form)
    typed = form.cleaned_data
    try:
        engine.replace_key(
            account, typed["stripe_api_key"], who=request.user.get_username(), seen=typed["seen"]
        )
    except Stale:
        return stale(request, account, "stripe")
    except Refused as refused:
        return _stripe(request, account, form, set_up.trouble_of(refused))
    look = probes.look(StripeAccount.objects.get(pk=account.pk), Side.STRIPE, who=request.user.get_username())
    _say_stored(request, "The key", is_well=look.is_well)
    return redirect("dashboard:set_up_stripe", account.name)


def _stripe(
    request: HttpRequest, account: Progressing, form: KeyForm, trouble: Trouble | None = None
) -> HttpResponse:
    page = step_page(account, "stripe") | _to_tick() | {"form": form, "trouble": trouble}
    page |= looked_at(account, Side.STRIPE) | {"home": stripe_home(account)}
    return render(request, "dashboard/set_up_stripe.html", page)


def _to_tick() -> dict[str, Any]:
    """What is to be ticked on Stripe's page for a restricted key, and where that page is."""
    return {
        "to_tick": engine.to_tick(),
        "live_page": engine.key_page(live=True),
        "test_page": engine.key_page(live=False),
    }


@sensitive_post_parameters()
@allowed(CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def messages_step(request: HttpRequest, name: str) -> HttpResponse:
    """The step of Stripe's messages: an endpoint made by us, or the secret of one that a person made."""
    account = progress_or_404(name)
    if request.method != "POST":
        return _messages(request, account)
    act = request.POST.get("act")
    address = AddressForm(account, request.POST if act == "make" else None, initial=_address(request))
    secret = SigningSecretForm(request.POST if act == "secret" else None)
    seen = request.POST.get("seen", "")
    try:
        if act == "remove":
            if account.stripe_endpoint_id:
                engine.remove_endpoint(account, who=request.user.get_username(), seen=seen)
            messages.success(
                request, "The address is removed. Stripe sends no messages until you make another."
            )
        elif act == "make" and address.is_valid():
            once = str(address.cleaned_data["once"])
            url = address.cleaned_data["address"]
            made = engine.make_endpoint(account, url, who=request.user.get_username(), seen=seen, once=once)
            messages.success(request, _made_words(made))
        elif act == "secret" and secret.is_valid():
            typed = secret.cleaned_data["stripe_webhook_secret"]
            engine.store_signing_secret(account, typed, who=request.user.get_username(), seen=seen)
            messages.success(
                request, "The signing secret is stored. The first message from Stripe proves it."
            )
        else:
            return _messages(request, account, address, secret)
    except Stale:
        return stale(request, account, "messages")
    except Refused as refused:
        return _messages(request, account, address, secret, set_up.trouble_of(refused))
    return redirect("dashboard:set_up_messages", account.name)


def _made_words(made: engine.Endpoint) -> str:
    if made.stood:
        return f"The address {made.id} stands as it should. Nothing had to be made."
    others = f" It replaces {made.replaced} of before." if made.replaced else ""
    return f"The address {made.id} is made, and its signing secret is stored.{others}"


def _address(request: HttpRequest) -> dict[str, str]:
    return {"address": request.build_absolute_uri("/").rstrip("/")}


def _messages(
    request: HttpRequest,
    account: Progressing,
    address: AddressForm | None = None,
    secret: SigningSecretForm | None = None,
    trouble: Trouble | None = None,
) -> HttpResponse:
    last = Event.objects.filter(account=account).order_by("-pk").values_list("received_at", flat=True).first()
    page = step_page(account, "messages") | {
        "form": address or AddressForm(account, initial=_address(request)),
        "secret": secret or SigningSecretForm(),
        "trouble": trouble,
        "events": sorted(inbox.ASKED_FOR),
        "api_version": engine.MESSAGE_VERSION,
        "last_message": last,
    }
    return render(request, "dashboard/set_up_messages.html", page)


@sensitive_post_parameters()
@allowed(CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def netsuite(request: HttpRequest, name: str) -> HttpResponse:
    """The step of NetSuite: a company that is known here, or a token, which is stored once it signs in."""
    account = progress_or_404(name)
    if request.method != "POST":
        return _netsuite(request, account)
    demand(request, CHANGE_NETSUITE)
    seen = request.POST.get("seen", "")
    if request.POST.get("act") == "look":
        return look_again(request, account, Side.NETSUITE, "netsuite")
    form = TokenForm(account, fixed=engine.is_booked(account))
    try:
        if request.POST.get("act") == "share":
            known = {one.name for one in engine.netsuite_accounts(account)}
            chosen = request.POST.get("netsuite", "")
            if chosen not in known:
                return stale(request, account, "netsuite")
            engine.share_netsuite(account, chosen, who=request.user.get_username(), seen=seen)
        else:
            form = TokenForm(account, request.POST, fixed=engine.is_booked(account))
            if not form.is_valid():
                return _netsuite(request, account, form)
            engine.store_token(account, form.wanted(), who=request.user.get_username(), seen=seen)
    except Stale:
        return stale(request, account, "netsuite")
    except ValidationError as error:
        return _netsuite(request, account, _with_faults(form, error))
    except Refused as refused:
        return _netsuite(request, account, form, set_up.trouble_of(refused))
    fresh = StripeAccount.objects.select_related("netsuite_account").get(pk=account.pk)
    look = probes.look(fresh, Side.NETSUITE, who=request.user.get_username())
    _say_stored(request, "The token", is_well=look.is_well)
    return redirect("dashboard:set_up_netsuite", account.name)


def _with_faults(form: TokenForm, error: ValidationError) -> TokenForm:
    faults: Mapping[str, list[str]] = error.message_dict
    for name, told in faults.items():
        form.add_error(name if name in form.fields else None, told)
    return form


def _netsuite(
    request: HttpRequest,
    account: Progressing,
    form: TokenForm | None = None,
    trouble: Trouble | None = None,
) -> HttpResponse:
    fixed = engine.is_booked(account)
    books = account.netsuite_account
    shared = list(
        books.stripe_accounts.exclude(pk=account.pk).order_by("name").values_list("name", flat=True)
    )
    page = step_page(account, "netsuite") | {
        "form": form or TokenForm(account, fixed=fixed),
        "trouble": trouble,
        "is_stored": all(getattr(books, name) for name in set_up.TOKEN),
        "others": [] if fixed else engine.netsuite_accounts(account),
        "shared": shared,
        "fixed": fixed,
    }
    page |= looked_at(account, Side.NETSUITE)
    return render(request, "dashboard/set_up_netsuite.html", page)


def look_again(request: HttpRequest, account: Progressing, side: Side, key: str) -> HttpResponse:
    """Look at a side again, and show what was found."""
    look = probes.look(account, side, who=request.user.get_username())
    if look.is_well:
        messages.success(request, "Tested: all is well.")
    else:
        messages.warning(request, f"Tested: {len(look.ill)} to mend.")
    return redirect(f"dashboard:set_up_{key}", account.name)


def _say_stored(request: HttpRequest, what: str, *, is_well: bool) -> None:
    if is_well:
        messages.success(request, f"{what} is stored and works.")
    else:
        messages.warning(request, f"{what} is stored. Something is left to mend: see below.")
