"""A studio with a character, a scene of two shots, judged takes and a conversation; nothing drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import gradio as gr
import pytest

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes, trained
from tests.support.live_page import PRODUCTION, harbour_studio
from tests.support.served_page import CHEAP, RecordedRunner
from tools.compose import Studio
from tools.store.conversation import (
    start_conversation,
)
from tools.store.production import get_production
from tools.workflows.shots.decide import picks
from ui.auth.guard import Guard
from ui.auth.logins import Logins
from ui.auth.passwords import Passwords
from ui.page.access import Access, Here
from ui.page.screens import Screens
from ui.page.talking import Talking
from ui.page.updates import Updates
from ui.page.views.takes import PictureSize
from ui.server.media import MediaLinks
from ui.server.options import ServeOptions
from ui.server.parts import PageParts
from ui.server.turns import LiveTurns


@dataclass(frozen=True)
class Filled:
    """A filled studio."""

    studio: Studio
    production_id: str
    conversation_id: str


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    studio = harbour_studio(tmp_path)
    services = studio.services
    for asked, verdicts in ((shot("12A"), [PASSED, REJECTED, PASSED]), (shot("12B"), [PASSED])):
        plan(services, asked, production=PRODUCTION)
        takes(services, asked, verdicts, production=PRODUCTION)
    trained(services, base="maquette", production=PRODUCTION)
    with services.database.session() as session:
        production = get_production(session=session, name=PRODUCTION)
        conversation = start_conversation(session=session, production_id=production.id)
    return Filled(studio, production.id, conversation.id)


def link(digest: str, size: PictureSize) -> str:
    """An address that tells what it was made of."""
    return f"/media/{digest}?size={size}"


def pick(filled: Filled, slate: str, note: str = "") -> None:
    picks.pick(filled.studio.services, "Harbour", [slate], "Ida", note)


@dataclass(frozen=True)
class Tab:
    """Ida's tab on the filled studio."""

    filled: Filled
    turns: LiveTurns
    talking: Talking
    updates: Updates
    screens: Screens
    parts: PageParts
    here: Callable[..., Here]


@pytest.fixture
def tab(filled: Filled) -> Tab:
    services = filled.studio.services
    logins = Logins(services.database, Passwords(CHEAP))
    ida = logins.named("Ida")
    assert ida is not None
    parts = PageParts(
        studio=filled.studio,
        runner=RecordedRunner(),  # type: ignore[arg-type]
        turns=LiveTurns(),
        media=MediaLinks(b"secret"),
        guard=Guard(services.database, logins),
        viewer_of=lambda _: ida,
        options=ServeOptions(port=0),
    )
    access = Access(parts)
    screens = Screens(parts, access)
    talking = Talking(parts, access, screens)

    def here(**asked: str) -> Here:
        address = {"production": filled.production_id, **asked}
        return access.enter(cast("gr.Request", SimpleNamespace(query_params=address)))

    return Tab(filled, parts.turns, talking, Updates(parts, screens, talking), screens, parts, here)
