from __future__ import annotations

import pytest
from sqlmodel import Session

from tools.errors import UnknownName
from tools.store.character import (
    Character,
    Look,
)
from tools.store.identity_block import (
    IdentityBlockCreate,
    block_in_force,
    confirm_block,
    propose_block,
)


def test_a_block_is_in_force_once_confirmed_and_never_rewritten(
    session: Session, character: Character, look: Look
) -> None:
    def propose(text: str) -> str:
        block = IdentityBlockCreate(
            character_id=character.id, look_id=look.id, vocabulary="maquette", text=text
        )
        return propose_block(session=session, block=block).id

    def in_force() -> tuple[int, str] | None:
        block = block_in_force(session=session, look_id=look.id, vocabulary="maquette")
        return None if block is None else (block.version, block.text)

    first = propose("green eyes, red hair")
    assert in_force() is None
    confirm_block(session=session, block_id=first)
    assert in_force() == (1, "green eyes, red hair")
    assert propose("green eyes, red hair") == first
    second = propose("green eyes, grey hair")
    assert in_force() == (1, "green eyes, red hair")
    confirm_block(session=session, block_id=second)
    assert in_force() == (2, "green eyes, grey hair")
    assert block_in_force(session=session, look_id=look.id, vocabulary="sdxl") is None
    with pytest.raises(UnknownName, match="no identity block"):
        confirm_block(session=session, block_id="none")
