"""Messages: who is told what of an account by mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from connector.engine import messages as engine
from connector.engine.actions import Stale
from connector.engine.messages import Wish
from connector.engine.roles import CHANGE_SETTINGS
from connector.models import StripeAccount
from dashboard import mails
from dashboard.access import staff_page
from dashboard.named import account_or_404
from dashboard.views.needs import CHANGED
from dashboard.views.settings import tab_page

LONGEST = 90
"""Days that money may wait before somebody is told."""


class WishForm(forms.Form):
    """What is told to one person; the fields' names begin with the person's key."""

    morning = forms.BooleanField(required=False)
    at_once = forms.BooleanField(required=False)
    days = forms.IntegerField(min_value=1, max_value=LONGEST)

    def wish(self) -> Wish:
        """What the boxes say."""
        return Wish(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Row:
    """A person, what they are told, and whether the reader may change that."""

    user: User
    wish: Wish
    is_open: bool


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def tab(request: HttpRequest, name: str) -> HttpResponse:
    """The tab Messages. Everybody chooses for themselves, and who may change settings for everybody."""
    account = account_or_404(name)
    people = engine.people()
    may_all = request.user.has_perm(CHANGE_SETTINGS)
    mine = {user for user in people if may_all or user.pk == request.user.pk}
    if request.method == "POST":
        return _chosen(request, account, mine)
    wishes = engine.wishes(account)
    page = tab_page(account) | {
        "tab_key": "messages",
        "rows": [Row(user, wishes.get(user.pk, Wish()), user in mine) for user in people],
        "may_all": may_all,
        "may_change": may_all,
        "version": engine.version(account),
        "is_set_up": mails.is_set_up(),
        "last": engine.last_of(request.user),
        "longest": LONGEST,
    }
    return render(request, "dashboard/settings_messages.html", page)


def _chosen(request: HttpRequest, account: StripeAccount, mine: set[User]) -> HttpResponse:
    forms = {user: WishForm(request.POST, prefix=str(user.pk)) for user in mine}
    if not all(form.is_valid() for form in forms.values()):
        messages.error(request, f"Nothing was kept. Days are a whole number from 1 to {LONGEST}.")
        return redirect("dashboard:settings_messages", account.name)
    wanted = {user: form.wish() for user, form in forms.items()}
    who, seen = request.user.get_username(), request.POST.get("version", "")
    try:
        changed = engine.choose(account, wanted, seen=seen, who=who)
    except Stale:
        messages.warning(request, CHANGED)
    else:
        text = "It is kept who is told what." if changed else "Nothing was changed: it stands so already."
        messages.success(request, text)
    return redirect("dashboard:settings_messages", account.name)


@staff_page
@require_POST
def test_mail(request: HttpRequest, name: str) -> HttpResponse:
    """The button that sends oneself what the morning's mail would say now."""
    account = account_or_404(name)
    me = cast(User, request.user)
    if not me.email:
        messages.error(request, "Nothing was sent: your profile has no e-mail address.")
    elif not mails.is_set_up():
        messages.error(request, "Nothing was sent: this installation has no mail server yet.")
    else:
        try:
            mails.send_test(me, account)
            messages.success(request, f"A mail is on its way to {me.email}.")
        except mails.NotSentError as error:
            messages.error(request, f"Nothing was sent: the mail server did not take it ({error}).")
    return redirect("dashboard:settings_messages", account.name)
