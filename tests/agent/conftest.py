"""What the tests of the agent's core share: a conversation with a scripted model."""

from __future__ import annotations

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
