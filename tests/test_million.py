"""The rows that the console's speed is measured on: lawful, and every measured page opens on them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, ForeignKey, Max
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bench import console, million
from connector.failures import FAILURES
from connector.models import Job, MappedRecord
from tests.factories import JobFactory, MappedRecordFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the loader is for PostgreSQL"),
]


def test_its_rows_are_lawful_and_every_page_opens_on_them(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    before = MappedRecordFactory.create(job=JobFactory.create(subject="in_1", status=Job.Status.SUCCESSFUL))
    filled = million.fill(2000)
    assert list(MappedRecord.objects.filter(account=before.account)) == [before]
    for model in million.BIG:
        assert model._default_manager.exists(), model
        for field in (one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)):
            known = field.related_model._default_manager.values("pk")
            asked = model._default_manager.filter(**{f"{field.name}__isnull": False})
            assert not asked.exclude(**{f"{field.attname}__in": known}).exists(), (model, field)
    for job in Job.objects.order_by("?")[:50]:
        job.clean_fields()
    assert set(Job.objects.values_list("code", flat=True)) - {""} <= set(FAILURES)
    last = Job.objects.order_by().values("account", "subject").annotate(last=Max("pk"), jobs=Count("pk"))
    assert set(last.values_list("last", flat=True)) == set(
        Job.objects.filter(newest=True).values_list("pk", flat=True)
    )
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = console.signed_in(filled.person)
    for page in console.pages(filled):
        for address in {page.addresses[0], page.addresses[-1]}:
            with django_assert_max_num_queries(console.MOST_QUERIES, info=address):
                assert browser.get(address).status_code < 400, address
