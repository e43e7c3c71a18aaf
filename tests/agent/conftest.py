"""What the tests of the agent's core share: a conversation with a scripted model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.chat import Chat, ChatMaker, open_chat, scripted


@pytest.fixture
def chat(tmp_path: Path) -> ChatMaker:
    """Open a conversation with a model that says the lines given; `own` tools by keyword."""

    def make(*script: Any, **own: Any) -> Chat:
        return open_chat(tmp_path / "studio", scripted(*script), **own)

    return make


@pytest.fixture
def plain_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards that need no character in the store; the real ones have tests of their own."""

    def card(tool: str, arguments: Mapping[str, Any], context: object) -> str:
        return f"{tool} of {arguments.get('character', 'nobody')}?"

    monkeypatch.setattr("agent.approvals.proposal_card", card)
