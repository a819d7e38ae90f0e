"""Only staff who signed in see the console, and every address answers only what it is for."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.models import Job
from tests.factories import PASSWORD, JobFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["/", "/jobs/", "/jobs/1/", "/jobs/1/live/", "/r/in_1/", "/rulebook/"]


@pytest.mark.parametrize("page", [*PAGES, "/jobs/1/retry/"])
def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('login')}?next={page}")


@pytest.mark.parametrize("page", [*PAGES, "/jobs/1/retry/"])
def test_somebody_who_is_not_staff_is_told_so(client: Client, page: str) -> None:
    client.force_login(UserFactory.create(is_staff=False))
    answer = client.get(page)
    assert answer.status_code == 403
    assert "Nothing was changed in NetSuite" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_refuse_to_be_posted_to(console: Client, page: str) -> None:
    assert console.post(page).status_code == 405


def test_trying_again_refuses_to_be_fetched(console: Client) -> None:
    assert console.get(f"/jobs/{JobFactory.create().pk}/retry/").status_code == 405


def test_a_stranger_cannot_press_try_again(client: Client) -> None:
    job = JobFactory.create(status=Job.Status.FAILED)
    client.post(f"/jobs/{job.pk}/retry/", {"seen": "failed.0"})
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def test_try_again_without_the_csrf_token_is_refused_in_words(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    job = JobFactory.create(status=Job.Status.FAILED)
    answer = client.post(f"/jobs/{job.pk}/retry/", {"seen": "failed.0"})
    job.refresh_from_db()
    assert (answer.status_code, job.status) == (403, Job.Status.FAILED)
    assert "Nothing was changed in NetSuite" in answer.content.decode()


def test_signing_in_and_out(client: Client) -> None:
    UserFactory.create(username="alice")
    answer = client.post(reverse("login"), {"username": "alice", "password": PASSWORD}, follow=True)
    assert "Sign out" in answer.content.decode()
    client.post(reverse("logout"))
    assert client.get("/").status_code == 302


def test_a_wrong_password_is_named_on_the_page(client: Client) -> None:
    answer = client.post(reverse("login"), {"username": "alice", "password": "guess"})
    assert "Please enter a correct username and password" in answer.content.decode()


def test_no_browser_keeps_a_copy_of_a_page(console: Client) -> None:
    assert "no-store" in console.get("/")["Cache-Control"]


@pytest.mark.parametrize("page", ["/", "/jobs/", "/nowhere"])
def test_pages_hold_no_script_or_style_of_their_own(console: Client, page: str) -> None:
    answer = console.get(page)
    html = answer.content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_an_unknown_page_keeps_the_navigation(console: Client) -> None:
    answer = console.get("/nowhere/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert 'aria-label="Main"' in html
    assert "Nothing was changed in NetSuite" in html


def test_a_broken_page_keeps_the_navigation(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    console.raise_request_exception = False
    Job.objects.all().delete()
    monkeypatch.setattr("dashboard.views.overview.summarise", None)
    answer = console.get("/")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert 'aria-label="Main"' in html
    assert "Nothing was changed in NetSuite" in html
