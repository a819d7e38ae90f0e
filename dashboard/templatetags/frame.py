"""What stands around every page: how much needs somebody, what is paused, and whether this is practice."""

from __future__ import annotations

from django import template

from connector.engine import doorkeeper
from connector.models import StripeAccount
from dashboard.figures import joined
from dashboard.links import is_practice, is_test
from dashboard.needs import count_for_navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def open_count(context: template.Context) -> int:
    """How many records need somebody, over all accounts, without the causes that are put aside."""
    counted = context.get("open_count")
    return count_for_navigation() if counted is None else int(counted)


@register.simple_tag
def paused() -> list[StripeAccount]:
    """The accounts that stand still, as they did a few seconds ago."""
    return [account for account in doorkeeper.accounts() if account.paused_at]


@register.simple_tag
def band() -> str:
    """The sentence at the top while an account is practice or in test mode; empty when all are live."""
    accounts = [account for account in doorkeeper.accounts() if account.stripe_api_key]
    practice = [account.name for account in accounts if is_practice(account)]
    test = [account.name for account in accounts if not is_practice(account) and is_test(account)]
    sentences = []
    if practice:
        sentences.append(f"Practice world: {joined(practice)} moves no real money.")
    if test:
        sentences.append(f"Test mode: {joined(test)} moves no real money.")
    return " ".join(sentences)
