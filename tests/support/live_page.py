"""The real page over a real server in this process: real runner, silent tools, cheap passwords."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from langchain_core.language_models.chat_models import BaseChatModel

from agent.checkpoints import open_checkpoints
from agent.conversation.turns import ConversationRunner
from agent.offline.model import OfflineDirector
from agent.tools import ToolFunction
from tests.support.chat import Calls
from tests.support.filled_studio import trained
from tests.support.served_page import CHEAP, add_people
from tools.compose import Studio, build_services
from tools.contracts.briefs import CharacterBrief
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.jobs.local_worker import LocalWorker
from tools.settings import Settings
from tools.store.production import get_production
from tools.store.reference_set import list_images, record_gate
from tools.workflows.people.create import CreateRequest, create
from ui.auth.passwords import Passwords
from ui.page.layout import build_page, page_look
from ui.server.app import build_app
from ui.server.options import ServeOptions
from ui.server.turns import LiveTurns

PRODUCTION = "Harbour"
DARO = CharacterBrief(name="Daro", person="man", age="young", skin="tan skin", eyes="green eyes")


@dataclass(frozen=True)
class LivePage:
    """A served page."""

    studio: Studio
    runner: ConversationRunner
    turns: LiveTurns
    calls: Calls
    url: str

    def production(self, name: str = PRODUCTION) -> str:
        """Return a production's id."""
        with self.studio.services.database.reading() as session:
            return get_production(session=session, name=name).id


def harbour_studio(home: Path, *, people: bool = True) -> Studio:
    """A studio with Daro in the production Harbour; `people` adds accounts (see `add_people`)."""
    services = build_services(Settings(home=home, device="cpu", threads=1, base="maquette"))
    studio = Studio(services, LocalWorker(services.database, {}))
    if people:
        add_people(studio)
    create(services, CreateRequest(production=PRODUCTION, brief=DARO))
    return studio


def passed_set(studio: Studio) -> None:
    """Give Daro a reference set of one picture that the gate has passed."""
    version = trained(studio.services, base="maquette", production=PRODUCTION)
    with studio.services.database.session() as session:
        (image,) = list_images(session=session, set_id=version.reference_set_id)
        judged = GateImage(file=image.digest, csfd=0.02, verdict=Outcome.PASS, reason="")
        report = GateReport(
            verdict=Outcome.PASS,
            csfd_mean=0.02,
            csfd_worst=0.02,
            threshold=0.05,
            images=(judged,),
        )
        record_gate(session=session, set_id=version.reference_set_id, report=report)


@contextmanager
def live_page(
    studio: Studio,
    model: BaseChatModel | None = None,
    *,
    works: bool = False,
    **tools: ToolFunction,
) -> Iterator[LivePage]:
    """Serve a studio on a free port until the block is left.

    Args:
        studio: what is served; its jobs are run by nobody.
        model: the chat model; None is the offline director.
        works: whether the tools are the real ones.
        tools: in place of the silent ones, by name.
    """
    calls, turns = Calls(), LiveTurns()
    runner = ConversationRunner(
        studio,
        model or OfflineDirector(),
        open_checkpoints(studio.services.settings.home),
        works_here=works,
        functions=None if works else calls.functions(**tools),
    )
    app = build_app(
        studio,
        runner,
        ServeOptions(port=0),
        build_page,
        turns=turns,
        look=page_look(),
        passwords=Passwords(CHEAP),
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="error",
            proxy_headers=False,
            server_header=False,
            # A tab that is still open keeps its stream: it is not waited for.
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield LivePage(
            studio, runner, turns, calls, f"http://127.0.0.1:{listening.getsockname()[1]}"
        )
    finally:
        server.should_exit = True
        thread.join(20)
