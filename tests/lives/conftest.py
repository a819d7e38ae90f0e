"""The stage that lives are told on."""

from __future__ import annotations

import pytest

from connector.models import StripeAccount
from connector.sandbox.server import Server
from tests.stories.stage import Stage


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount, transactional_db: None) -> Stage:
    """A practice world whose news `News` brings: the webhook's way to the inbox is tested by itself."""
    StripeAccount.objects.update(payout_clearing_account=account.adjustments_account)
    account.refresh_from_db()
    return Stage(sandbox.world, account)
