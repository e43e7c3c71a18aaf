"""The chat reads a picture as scenes and notes do: the same table of phrases through its shot reader."""

from __future__ import annotations

import pytest

from agent.offline.dialogue_state import DialogueState
from agent.offline.pictures import read_shot
from tests.tools.language.picture.test_picture import CAST, ROWS, SLOTS, Row
from tools.contracts.digest import CharacterState, StudioDigest
from tools.language.text import read_text

STUDIO = StudioDigest(
    production="Harbour",
    characters=tuple(
        CharacterState(name=member.name, person="woman", looks=member.looks or ("default",))
        for member in CAST
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.say for row in ROWS])
def test_a_picture_that_the_chat_asks_for(row: Row) -> None:
    names = [member.name for member in CAST]
    shot = read_shot(read_text(row.say, names), DialogueState(STUDIO))
    wanted = {slot: getattr(row, slot) for slot in (*SLOTS, "action")}
    assert dict(shot.slots) == {slot: str(value) for slot, value in wanted.items() if value}
