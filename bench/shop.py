"""A merchant's side of the practice Stripe, over HTTP: customers, prices and paid invoices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

Json = dict[str, Any]


class Shop:
    """Speaks to the Stripe at `url` with the API key `key`."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **params: Any) -> Json:
        """A read, with parameters by name."""
        return self._answer(self._session.get(self._url + path, params=dict(_pairs(params)), timeout=20))

    def post(self, path: str, **params: Any) -> Json:
        """A write, with nested parameters."""
        return self._answer(self._session.post(self._url + path, data=dict(_pairs(params)), timeout=20))

    def delete(self, path: str) -> None:
        """Remove an object."""
        self._answer(self._session.delete(self._url + path, timeout=20))

    def new_customer(self, name: str) -> str:
        """A customer with an address and a card that pays."""
        place = {"line1": "88 Harbor Street", "city": "Boston", "postal_code": "02210", "country": "US"}
        row = self.post(
            "/v1/customers",
            name=name,
            email="ap@bench.example",
            phone="+1 555 0100",
            address=place,
            shipping={"name": name, "address": place},
            payment_method="pm_card_visa",
        )
        return str(row["id"])

    def new_prices(self, count: int) -> list[str]:
        """Prices in dollars, each of a product of its own."""
        made = []
        for number in range(count):
            product = {"name": f"Module {number + 1}"}
            row = self.post("/v1/prices", product_data=product, unit_amount=1000 + number, currency="usd")
            made.append(str(row["id"]))
        return made

    def new_draft(self, customer: str, prices: Sequence[str]) -> str:
        """A draft invoice with one line for each price."""
        draft = str(self.post("/v1/invoices", customer=customer, currency="usd")["id"])
        for place, price in enumerate(prices):
            self.post(
                "/v1/invoiceitems",
                customer=customer,
                invoice=draft,
                pricing={"price": price},
                quantity=place + 1,
                description=f"Module {place + 1}, November",
            )
        return draft

    def pay(self, draft: str) -> None:
        """Finalize a draft and pay it, in one moment."""
        self.post(f"/v1/invoices/{draft}/pay")

    def new_paid_invoice(self, customer: str, prices: Sequence[str]) -> str:
        """A paid invoice with one line for each price."""
        draft = self.new_draft(customer, prices)
        self.pay(draft)
        return draft

    @staticmethod
    def _answer(response: requests.Response) -> Json:
        response.raise_for_status()
        return dict(response.json())


def _pairs(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Stripe's form encoding: `address[line1]=...`, `events[0]=...`."""
    for name, value in params.items():
        if isinstance(value, Mapping):
            yield from _pairs({f"{name}[{key}]": part for key, part in value.items()})
        elif isinstance(value, list | tuple):
            yield from _pairs({f"{name}[{place}]": part for place, part in enumerate(value)})
        else:
            yield name, str(value)
