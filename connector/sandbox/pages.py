"""Pages of the practice world for people, and the few JSON addresses beside them."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from . import stories
from .stripe.amounts import shown
from .stripe.delivery import Attempted
from .stripe.store import Row
from .stripe.wire import Wire
from .world import World

LATEST = 12


class EventRow(NamedTuple):
    """An event with the state of its delivery, for the table of events."""

    id: str
    type: str
    subject: str
    when: str
    state: str
    words: str


def blueprint(world: World, wire: Wire) -> Blueprint:
    """The routes of one world."""
    pages = Blueprint("pages", __name__)
    for rule, view, methods in _routes(world, wire):
        pages.add_url_rule(rule, view.__name__, view, methods=methods)
    pages.add_app_template_filter(shown, "amount")
    pages.add_app_template_filter(when, "when")
    return pages


def when(seconds: int) -> str:
    """A Unix time as people read it, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %b %Y, %H:%M}"


def _routes(world: World, wire: Wire) -> list[tuple[str, Callable[..., ResponseReturnValue], list[str]]]:
    view = _Views(world, wire)
    return [
        ("/", view.home, ["GET"]),
        ("/objects/<identity>", view.stripe_object, ["GET"]),
        ("/stories.json", view.list_stories, ["GET"]),
        ("/stories/<name>", view.play_story, ["POST"]),
        ("/events/redeliver", view.redeliver, ["POST"]),
        ("/faults", view.set_faults, ["POST"]),
        ("/reset", view.reset, ["POST"]),
        ("/credentials.json", view.credentials, ["GET"]),
        ("/books", view.books, ["GET"]),
        ("/books.json", view.books_json, ["GET"]),
    ]


class _Views:
    """What each address answers."""

    def __init__(self, world: World, wire: Wire) -> None:
        self.world = world
        self.wire = wire

    def home(self) -> ResponseReturnValue:
        """Stripe's objects, the stories and the latest events."""
        with self.world.stripe.lock:
            store = self.world.stripe.store
            kinds = ("customer", "invoice", "charge")
            latest = {kind: store.newest(kind, LATEST) for kind in kinds}
            counts = {kind: len(store.all(kind)) for kind in (*kinds, "event", "webhook_endpoint")}
            names = {row["id"]: row["name"] for row in store.all("customer")}
            events = [self._event_row(event) for event in store.newest("event", 2 * LATEST)]
        return render_template(
            "stripe.html",
            latest=latest,
            counts=counts,
            names=names,
            events=events,
            groups={
                "Stories": _listed(stories.STORIES),
                "Stories of billing": _listed(stories.BILLING),
                "Stories of money": _listed(stories.MONEY),
            },
            faults=self.world.faults,
            note=_note(),
        )

    def stripe_object(self, identity: str) -> ResponseReturnValue:
        """One Stripe object or event with its JSON and the events about it."""
        with self.world.stripe.lock:
            store = self.world.stripe.store
            row = store.lookup(identity)
            if row is None:
                abort(404)
            body = self.world.stripe.shown(row)
            about = [event for event in store.all("event") if event["data"]["object"].get("id") == identity]
            events = [self._event_row(event) for event in about[::-1]]
            fates = self.world.stripe.fate(identity)
        written = json.dumps(body, indent=2, ensure_ascii=False)
        return render_template("stripe_object.html", row=row, json=written, events=events, fates=fates)

    def list_stories(self) -> ResponseReturnValue:
        """Every story's name and title in playing order; the field `group` asks for `billing` or `money`."""
        groups = {"billing": stories.BILLING, "money": stories.MONEY}
        chosen = groups.get(request.args.get("group", ""), stories.STORIES)
        return jsonify(_listed(chosen))

    def play_story(self, name: str) -> ResponseReturnValue:
        """Play a story and tell what it made."""
        if not stories.known(name):
            abort(404)
        played = stories.play(self.world, name)
        return _answer(played._asdict(), played=name, objects=len(played.objects), events=len(played.events))

    def redeliver(self) -> ResponseReturnValue:
        """Deliver all events again, or the one named by the field `event`."""
        chosen = _field("event")
        stripe = self.world.stripe
        if chosen and not stripe.store.where("event", id=chosen):
            abort(404)
        count = stripe.redeliver([chosen]) if chosen else stripe.redeliver_all()
        return _answer({"events": count}, redelivered=count)

    def set_faults(self) -> ResponseReturnValue:
        """Replace the faults in force; an empty `spec` clears them."""
        try:
            self.world.set_faults(_field("spec"))
        except ValueError as error:
            return jsonify({"error": str(error)}), 400
        return _answer({"faults": self.world.faults}, faults="set" if self.world.faults else "cleared")

    def reset(self) -> ResponseReturnValue:
        """Make the world new and empty; the field `keep=endpoints` keeps the webhook endpoints."""
        self.world.reset(keep_endpoints=_field("keep") == "endpoints")
        self.wire.forget()
        return _answer({"reset": True}, reset="yes")

    def credentials(self) -> ResponseReturnValue:
        """The keys of both sides and NetSuite's ledger accounts, by account field name."""
        return jsonify(self.world.credentials(request.host_url.rstrip("/")))

    def books(self) -> ResponseReturnValue:
        """NetSuite's books for people."""
        return render_template("books.html", books=self.world.netsuite.books())

    def books_json(self) -> ResponseReturnValue:
        """NetSuite's books."""
        return jsonify(self.world.netsuite.books())

    def _event_row(self, event: Row) -> EventRow:
        subject = event["data"]["object"].get("id", "")
        state, words = _delivery_words(self.world.stripe.fate(event["id"]))
        return EventRow(event["id"], event["type"], subject, when(event["created"]), state, words)


def _listed(chosen: Iterable[str]) -> list[dict[str, str]]:
    """Names of stories with their titles."""
    return [{"name": name, "title": stories.title(name)} for name in chosen]


def _delivery_words(fates: list[Attempted]) -> tuple[str, str]:
    """The colour and the words for how an event fares at its endpoints."""
    if not fates:
        return "none", "Kept"
    states = {one.state for one in fates}
    latest = fates[-1]
    if states == {"delivered"}:
        return "ok", "Delivered"
    if "failed" in states:
        return "bad", f"Given up: {latest.status}"
    if latest.state == "waiting" and latest.attempts:
        return "wait", f"Trying again: {latest.status}"
    return "wait", {"held": "Held", "dropped": "Dropped"}.get(latest.state, "On its way")


def _field(name: str) -> str:
    """A field of a posted form or JSON object."""
    sent: Any = request.get_json(silent=True) if request.is_json else None
    value = sent.get(name, "") if isinstance(sent, dict) else request.form.get(name, "")
    return str(value).strip()


def _answer(body: dict[str, Any], **note: object) -> ResponseReturnValue:
    """JSON for a program, the home page with a note for a person."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(body)
    return redirect(f"{url_for('pages.home')}?{urlencode(note)}", 303)


def _note() -> str:
    """What a person just did, in words."""
    said = request.args
    if stories.known(said.get("played", "")):
        counts = f"{said.get('objects')} objects, {said.get('events')} events."
        return f"Played: {stories.title(said['played'])} {counts}"
    if "redelivered" in said:
        return f"Delivering {said['redelivered']} events again."
    if "faults" in said:
        return f"Faults {said['faults']}."
    return "The world is new and empty." if "reset" in said else ""
