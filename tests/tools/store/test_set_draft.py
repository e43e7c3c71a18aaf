from __future__ import annotations

import json

import pytest
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, at_once
from tools.contracts.model import Size
from tools.errors import UnknownName
from tools.store.character import Character
from tools.store.database import Database
from tools.store.set_draft import drop_positions, end_draft, find_draft, start_draft

OPTIONS = Size(width=64, height=128)


def test_a_draft_keeps_its_options_and_what_was_dropped(
    session: Session, character: Character
) -> None:
    draft = start_draft(session=session, character_id=character.id, options=OPTIONS)
    assert Size.model_validate_json(draft.options) == OPTIONS
    for positions in ([4, 2], [2, 9]):
        draft = drop_positions(session=session, character_id=character.id, positions=positions)
    assert draft.dropped_positions() == {2, 4, 9}
    assert json.loads(draft.dropped) == [2, 4, 9]
    again = start_draft(session=session, character_id=character.id, options=OPTIONS)
    assert again.dropped_positions() == frozenset()


def test_an_ended_draft_is_forgotten(session: Session, character: Character) -> None:
    start_draft(session=session, character_id=character.id, options=OPTIONS)
    for _ in range(2):
        end_draft(session=session, character_id=character.id)
        assert find_draft(session=session, character_id=character.id) is None
    with pytest.raises(UnknownName, match="no set is being built for this character"):
        drop_positions(session=session, character_id=character.id, positions=[1])


def test_drops_at_once_lose_none(database: Database, stored: StoredRows) -> None:
    with database.session() as session:
        start_draft(session=session, character_id=stored.character, options=OPTIONS)

    def drop(index: int) -> bool:
        with database.session() as session:
            draft = drop_positions(
                session=session, character_id=stored.character, positions=[index]
            )
        return index in draft.dropped_positions()

    assert all(at_once(drop))
    with database.reading() as session:
        kept = find_draft(session=session, character_id=stored.character)
    assert kept is not None
    assert kept.dropped_positions() == set(range(8))
