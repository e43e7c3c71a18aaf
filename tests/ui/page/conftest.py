"""A studio with a character, a scene of two shots, judged takes and a conversation; nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes, trained
from tests.support.live_page import PRODUCTION, harbour_studio
from tools.compose import Studio
from tools.store.conversation import (
    start_conversation,
)
from tools.store.production import get_production
from tools.workflows.shots.decide import picks
from ui.page.views.takes import PictureSize


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
