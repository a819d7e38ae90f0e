"""No page asks the database more than twelve times, whatever it shows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.models import StripeAccount
from connector.sandbox.server import Server
from tests.dashboard.full_world import fill
from tests.dashboard.pages import PLACES, address_of
from tests.factories import PASSWORD
from tests.stories.stage import Stage

MOST = 12


@pytest.mark.django_db(transaction=True)
def test_no_page_asks_the_database_more_than_twelve_times(
    client: Client, sandbox: Server, account: StripeAccount
) -> None:
    fill(Stage(sandbox.world, account))
    assert client.login(username="alice", password=PASSWORD)
    told = {}
    for place in PLACES:
        address = address_of(place, lambda at: client.get(at).content.decode())
        if address is None:
            continue
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        told[place.name] = len(asked)
    assert {name: count for name, count in told.items() if count > MOST} == {}
