"""A small page over a real server: uvicorn in a thread, real HTTP, accounts with cheap hashes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gradio as gr
import httpx
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI

from agent.approvals import Ruling
from agent.events import Event, Proposal, TurnEnded
from tools.compose import Studio, build_services
from tools.jobs.local_worker import LocalWorker
from tools.settings import Settings
from tools.store.user import Role
from tools.workflows.people.characters import ensure_production
from ui.auth.accounts import add_account
from ui.auth.passwords import Passwords
from ui.server.app import build_app
from ui.server.options import ServeOptions
from ui.server.parts import PageParts

PASSWORD = "harbour at night"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Clock:
    """A clock that only a test moves."""

    at: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@dataclass
class RecordedRunner:
    """Stands where the agent's runner does, and keeps what it was asked."""

    waiting: dict[str, tuple[Proposal, ...]] = field(default_factory=dict)
    """Proposals by conversation."""
    decided: list[tuple[str, str, Ruling, str]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    """Turns wait for it, so that a test can look at one that runs."""

    def __post_init__(self) -> None:
        self.go_on.set()

    def pending(self, conversation_id: str) -> tuple[Proposal, ...]:
        return self.waiting.get(conversation_id, ())

    def decide(
        self, conversation_id: str, interrupt_id: str, ruling: Ruling, speaker: str
    ) -> Iterator[Event]:
        self.decided.append((conversation_id, interrupt_id, ruling, speaker))
        self.go_on.wait()
        yield TurnEnded(reply="done")


@dataclass
class House:
    """A served studio."""

    studio: Studio
    app: FastAPI
    url: str
    runner: RecordedRunner
    clock: Clock

    @contextmanager
    def browser(self, name: str | None = None) -> Iterator[httpx.Client]:
        """A client with its own cookies, signed in if a name is given."""
        with httpx.Client(base_url=self.url, timeout=20) as client:
            if name is not None:
                answer = sign_in(client, name)
                assert answer.status_code == 303, answer.text
            yield client


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    """Send the login form."""
    return client.post("/login", data={"name": name, "password": password})


def act(client: httpx.Client, verb: str, body: object) -> httpx.Response:
    """Send what a button of the page sends."""
    return client.post(f"/act/{verb}", json=body, headers={"X-Samecast": "1"})


def open_studio(home: Path) -> Studio:
    """A studio whose worker can do nothing: the server runs no jobs itself."""
    services = build_services(Settings(home=home, device="cpu", threads=1))
    return Studio(services, LocalWorker(services.database, {}))


def add_people(studio: Studio) -> None:
    """Productions Harbour and Desert; Ida directs, Rosa reviews Harbour, Dan reviews Desert."""
    passwords = Passwords(CHEAP)
    database = studio.services.database
    with database.session() as session:
        for production in ("Harbour", "Desert"):
            ensure_production(session, production)
    add_account(database, passwords, "Ida", Role.DIRECTOR, None, PASSWORD)
    add_account(database, passwords, "Rosa", Role.REVIEWER, "Harbour", PASSWORD)
    add_account(database, passwords, "Dan", Role.REVIEWER, "Desert", PASSWORD)


def small_page(parts: PageParts) -> gr.Blocks:
    """A page with one of each kind of event: on load, on a button, on a timer."""

    def greet(request: gr.Request) -> str:
        return f"hello {parts.viewer_of(request).name}"

    def shout(words: str, request: gr.Request) -> str:
        return f"{parts.viewer_of(request).name}: {words.upper()}"

    page: gr.Blocks
    with gr.Blocks(analytics_enabled=False) as page:
        hello = gr.Textbox(label="hello")
        words = gr.Textbox(label="words")
        loud = gr.Textbox(label="loud")
        gr.Button("Shout").click(shout, words, loud)
        ticks = gr.Textbox(label="ticks")
        gr.Timer(0.2).tick(lambda: "tick", None, ticks, queue=False)
        gr.HTML("<p id='note'>A note</p>", js_on_load="element.dataset.ready = 'yes'")
        page.load(greet, None, hello)
    return page


@contextmanager
def served(
    studio: Studio, options: ServeOptions | None = None, clock: Clock | None = None
) -> Iterator[House]:
    """Serve a studio on a free port until the block is left."""
    runner, clock = RecordedRunner(), clock or Clock()
    app = build_app(
        studio,
        runner,  # type: ignore[arg-type]
        options or ServeOptions(port=0),
        small_page,
        passwords=Passwords(CHEAP),
        clock=clock,
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", proxy_headers=False, server_header=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # The socket listens already: a request made now is answered once the server has started.
    try:
        yield House(studio, app, url, runner, clock)
    finally:
        runner.go_on.set()
        server.should_exit = True
        thread.join(20)
