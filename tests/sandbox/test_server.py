"""The practice world as a server: its pages, keys, faults, fresh starts, and a clean end."""

import http.client
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests

from connector.sandbox import stories
from connector.sandbox.server import Server, addresses
from connector.sandbox.world import World

JSON = {"Accept": "application/json"}


def test_the_credentials_are_flat_and_by_account_field(sandbox: Server) -> None:
    found = requests.get(f"{sandbox.url}/credentials.json", timeout=10).json()
    assert found["stripe_api_base"] == sandbox.url
    assert found["netsuite_base_url"] == f"{sandbox.url}/netsuite"
    assert found["stripe_api_key"].startswith("sk_test_")
    assert found["stripe_webhook_secret"].startswith("whsec_")
    assert found["bank_accounts"].keys() == {"USD", "EUR", "GBP", "JPY", "KWD"}
    assert all(isinstance(value, str) for name, value in found.items() if name != "bank_accounts")


def test_many_requests_share_one_connection(sandbox: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
    sockets = set()
    for method, path in [("GET", "/stories.json"), ("POST", "/reset"), ("GET", "/v1/balance")] * 2:
        connection.request(method, path, body=b"x=1" if method == "POST" else None, headers=JSON)
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1


def test_the_home_page_offers_every_story_and_shows_what_happened(sandbox: Server) -> None:
    requests.post(f"{sandbox.url}/stories/invoice_in_dinars_paid", timeout=10)
    page = requests.get(f"{sandbox.url}/", timeout=10).text
    for name in (*stories.STORIES, *stories.BILLING):
        assert f'action="/stories/{name}"' in page
    assert "Al Noor Trading W.L.L." in page
    assert "KWD 91.500" in page
    assert "invoice.paid" in page
    assert "http://" not in page.replace(sandbox.url, "")


def test_a_story_is_played_by_a_button_or_by_a_program(sandbox: Server) -> None:
    page = requests.post(f"{sandbox.url}/stories/standalone_charge", timeout=10)
    assert "Played: A customer pays for an order" in page.text
    told = requests.post(f"{sandbox.url}/stories/standalone_charge", headers=JSON, timeout=10).json()
    assert told["name"] == "standalone_charge"
    assert told["objects"] == ["cus_SBX000002", "pi_3SBX000002", "ch_3SBX000002", "txn_3SBX000002"]
    assert len(told["events"]) == 6
    assert requests.post(f"{sandbox.url}/stories/none", timeout=10).status_code == 404


def test_the_stories_are_listed_with_their_titles(sandbox: Server) -> None:
    listed = requests.get(f"{sandbox.url}/stories.json", timeout=10).json()
    assert [story["name"] for story in listed] == list(stories.STORIES)
    listed = requests.get(f"{sandbox.url}/stories.json?group=billing", headers=JSON, timeout=10).json()
    assert [story["name"] for story in listed] == list(stories.BILLING)
    listed = requests.get(f"{sandbox.url}/stories.json?group=money", headers=JSON, timeout=10).json()
    assert [story["name"] for story in listed] == list(stories.MONEY)
    assert all(story["title"] for story in listed)


def test_an_object_has_a_page_with_its_json_and_events(sandbox: Server) -> None:
    stories.play(sandbox.world, "standalone_charge")
    page = requests.get(f"{sandbox.url}/objects/ch_3SBX000001", timeout=10).text
    assert "Order 10482: two spray decks" in page
    assert "charge.succeeded" in page
    assert requests.get(f"{sandbox.url}/objects/evt_1SBX000001", timeout=10).ok
    assert requests.get(f"{sandbox.url}/objects/ch_none", timeout=10).status_code == 404


def test_the_books_are_a_page_and_json(sandbox: Server) -> None:
    page = requests.get(f"{sandbox.url}/books", timeout=10)
    assert page.ok
    assert "<html" in page.text
    assert requests.get(f"{sandbox.url}/books.json", timeout=10).json()["balanced"] is True


def test_faults_are_set_and_cleared_at_run_time(sandbox: Server) -> None:
    url = f"{sandbox.url}/faults"
    told = requests.post(url, json={"spec": "stripe-429:2, busy:0.5"}, headers=JSON, timeout=10)
    assert told.json() == {"faults": "stripe-429:2,busy:0.5"}
    assert requests.post(url, data={"spec": ""}, headers=JSON, timeout=10).json() == {"faults": ""}


@pytest.mark.parametrize("spec", ["sloww:2", "stripe-429:many", "stripe-teapot"])
def test_a_bad_fault_is_refused_and_changes_nothing(sandbox: Server, spec: str) -> None:
    sandbox.world.set_faults("stripe-slow:0")
    answer = requests.post(f"{sandbox.url}/faults", data={"spec": spec}, timeout=10)
    assert answer.status_code == 400
    assert sandbox.world.faults == "stripe-slow:0"
    with pytest.raises(ValueError, match="fault"):
        World(faults=spec)


def test_an_unknown_fault_names_the_lawful_ones() -> None:
    with pytest.raises(ValueError, match=r"busy.*lost.*maintenance.*stripe-429"):
        World(faults="earthquake")


def test_a_reset_empties_the_world_and_keeps_its_keys(sandbox: Server) -> None:
    before = requests.get(f"{sandbox.url}/credentials.json", timeout=10).json()
    first = stories.play(sandbox.world, "standalone_invoice_paid")
    assert requests.post(f"{sandbox.url}/reset", headers=JSON, timeout=10).json() == {"reset": True}
    assert sandbox.world.stripe.get("/v1/invoices")["data"] == []
    assert requests.get(f"{sandbox.url}/credentials.json", timeout=10).json() == before
    assert stories.play(sandbox.world, "standalone_invoice_paid") == first


def test_a_person_starting_anew_keeps_the_webhook_endpoints(sandbox: Server) -> None:
    sandbox.world.stripe.deliver_to("http://127.0.0.1:9/")
    requests.post(f"{sandbox.url}/reset", data={"keep": "endpoints"}, timeout=10)
    (endpoint,) = sandbox.world.stripe.get("/v1/webhook_endpoints")["data"]
    assert endpoint["url"] == "http://127.0.0.1:9/"


def test_it_listens_on_loopback_only_and_the_port_is_free_again_at_once() -> None:
    with Server(World()) as first:
        assert urlsplit(first.url).hostname == "127.0.0.1"
        with requests.Session() as session:
            assert session.get(f"{first.url}/stories.json", timeout=10).ok
            first.stop()
            with pytest.raises(requests.ConnectionError):
                session.get(f"{first.url}/stories.json", timeout=10)
    with Server(World(), first.port) as second:
        assert requests.get(f"{second.url}/stories.json", timeout=10).ok


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_command_cleanly(how: signal.Signals) -> None:
    command = [sys.executable, "-c", "from connector.sandbox.server import run; run(0)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().split()[-1]
        assert requests.get(f"{url}stories.json", timeout=10).ok
        process.send_signal(how)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    with pytest.raises(OSError, match="refused"), socket.create_connection(_address(url), 2):
        pass


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def test_the_addresses_are_printed_for_a_person() -> None:
    assert "http://127.0.0.1:1/books" in addresses("http://127.0.0.1:1")
