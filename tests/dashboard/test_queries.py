"""Every page of the console opens, on either database, and asks it no more than twelve times.

Where it tells a time, it tells of which zone.
"""

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


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_every_page_opens_and_asks_the_database_at_most_twelve_times(
    client: Client, sandbox: Server, account: StripeAccount
) -> None:
    fill(Stage(sandbox.world, account))
    assert client.login(username="alice", password=PASSWORD)
    asked: dict[str, int] = {}
    for place in PLACES:
        address = address_of(place, lambda at: client.get(at).content.decode())
        assert address, place.name
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, place.name
        html = answer.content.decode()
        assert "<time" not in html or "Times in" in html or "times in" in html, place.name
        asked[place.name] = len(queries)
    assert {name: count for name, count in asked.items() if count > MOST} == {}
