"""The SOAP library alone: the requests of a booked invoice written, their answers read, without a wire."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import zeep
from django.conf import settings
from lxml import etree

from bench.stage import Stage
from connector.engine import sync
from connector.engine.known import internal_ids
from connector.models import Attempt
from connector.netsuite.records import Record, refs, with_internal_ids
from connector.netsuite.soap.writing import as_typed
from connector.netsuite.soap.wsdl import WsdlCache, definitions
from connector.translation.plan import Plan


class ZeepAlone:
    """Knows the calls that booked one invoice, and makes them again as text only."""

    def __init__(self, stage: Stage, invoice: str) -> None:
        self._stage = stage
        account = stage.account.netsuite_account
        base, version = account.netsuite_base_url, account.netsuite_version
        self._wsdl = definitions(base, version, WsdlCache(Path(settings.WSDL_CACHE_DIR)))
        self._records = [as_typed(record) for record in self._records_of(invoice)]
        library: Any = zeep
        client = library.Client(f"{base}/wsdl/v{version}_0/netsuite.wsdl")
        self._add_list = next(iter(client.wsdl.bindings.values())).get("addList")
        attempt = Attempt.objects.filter(job__subject=invoice).latest("pk")
        self._answers = [exchange["answered"].encode() for exchange in attempt.exchanges]

    def speak(self) -> None:
        """Write every request and read every answer, both by zeep."""
        for record in self._records:
            etree.tostring(self._wsdl.envelope("addList", {}, {"record": [record]}))
        for answer in self._answers:
            self._add_list.process_reply(etree.fromstring(answer))

    def _records_of(self, invoice: str) -> list[Record]:
        """The invoice and its payment with every internal id filled in, as they were sent."""
        plan, _ = sync.preview(self._stage.account, invoice)
        if not isinstance(plan, Plan):
            raise TypeError(f"{invoice} is booked with another document.")
        account = self._stage.account.netsuite_account
        keys = {ref.key for planned in plan.records for ref in refs(planned.record)}
        currencies = {("currency", code): number for code, number in account.currencies.items()}
        known = internal_ids(account, keys) | currencies
        return [with_internal_ids(planned.record, known) for planned in plan.records]
