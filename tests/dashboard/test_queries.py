"""Every page of the console opens, on either database, asks it little, and offers nothing in vain.

Where it tells a time, it tells of which zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from lxml import html

from connector.engine import roles
from connector.models import StripeAccount
from connector.sandbox.server import Server
from tests.dashboard.full_world import fill
from tests.dashboard.pages import FIRST_INVOICE, PLACES, address_of
from tests.dashboard.test_access import STAFF, TAKES
from tests.factories import PASSWORD, UserFactory
from tests.stories.stage import Stage

MOST = 12


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_every_page_opens_asks_the_database_at_most_twelve_times_and_offers_nothing_in_vain(
    client: Client, sandbox: Server, account: StripeAccount
) -> None:
    fill(Stage(sandbox.world, account))
    assert client.login(username="alice", password=PASSWORD)
    asked: dict[str, int] = {}
    addresses = [f"/preview/?account=acme&id={FIRST_INVOICE}"]
    for place in PLACES:
        address = address_of(place, lambda at: client.get(at).content.decode())
        assert address, place.name
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, place.name
        told = answer.content.decode()
        assert "<time" not in told or "Times in" in told or "times in" in told, place.name
        asked[place.name] = len(queries)
        addresses.append(address)
    assert {name: count for name, count in asked.items() if count > MOST} == {}
    assert set(in_vain("viewer", addresses)) == set()
    assert set(in_vain("resolver", addresses)) == set()


def in_vain(role: str, addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What these pages offer a role that may not press it: the page, and where it leads."""
    client, user = Client(), UserFactory.create(username=role, roles=[role])
    client.force_login(user)
    for address in addresses:
        answer = client.get(address)
        shown = offered(answer.content.decode(), address) if answer.status_code == 200 else ()
        yield from ((address, to) for to, takes in shown if takes != STAFF and not user.has_perm(takes))


def offered(page: str, address: str) -> Iterator[tuple[str, str]]:
    """Where the links of a page lead, and its forms with a button that is not grey; and what each takes."""
    tree = html.fromstring(page)
    for one in tree.iter():
        for name, press in (("href", 0), ("hx-get", 0), ("hx-post", 1)):
            if to := one.get(name):
                yield to, taken_by(to, press)
    for form in tree.iter("form"):
        if form.get("method") == "post" and any("disabled" not in one.attrib for one in form.iter("button")):
            to = form.get("action") or address
            yield to, taken_by(to, 1)


def taken_by(address: str, press: int) -> str:
    """The permission that an address takes to look, or to press."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return STAFF
    if found.kwargs.get("slug") == "open-period":
        return roles.DECIDE
    return TAKES[str(found.url_name)][press] if found.namespace == "dashboard" else STAFF
