"""A layered reference set while it is being built and reviewed.

Knows the table and its queries; must not know layers nor how they are drawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from pydantic import BaseModel
from sqlmodel import Field, Session

from tools.errors import UnknownName
from tools.store.model import StoreModel, canonical_json, insert_or_update


class SetDraft(StoreModel, table=True):
    """The set that is being built for a character."""

    __tablename__ = "set_draft"

    character_id: str = Field(primary_key=True, foreign_key="character.id", max_length=32)
    options: str
    """JSON of the options that it is built with."""
    dropped: str = "[]"
    """JSON list of the planned positions that a person took out."""

    def dropped_positions(self) -> frozenset[int]:
        """Return the positions that a person took out."""
        return frozenset(int(position) for position in json.loads(self.dropped))


def start_draft(*, session: Session, character_id: str, options: BaseModel) -> SetDraft:
    """Begin a new draft in place of the last one; nothing is dropped yet."""
    insert_or_update(
        session,
        SetDraft,
        keys={"character_id": character_id},
        values={"options": canonical_json(options), "dropped": "[]"},
    )
    return session.get_one(SetDraft, character_id, populate_existing=True)


def find_draft(*, session: Session, character_id: str) -> SetDraft | None:
    """Return the character's draft, if one is being built."""
    return session.get(SetDraft, character_id)


def drop_positions(*, session: Session, character_id: str, positions: Collection[int]) -> SetDraft:
    """Take planned positions out of the draft, beside those taken out before.

    Raises:
        UnknownName: no set is being built for this character.
    """
    draft = session.get(SetDraft, character_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise UnknownName("no set is being built for this character; build references first")
    draft.dropped = json.dumps(sorted(draft.dropped_positions() | set(positions)))
    session.add(draft)
    session.flush()
    return draft


def end_draft(*, session: Session, character_id: str) -> None:
    """Forget the draft once its set is stored, or nobody wants it; none is nothing to forget."""
    draft = session.get(SetDraft, character_id)
    if draft is not None:
        session.delete(draft)
        session.flush()
