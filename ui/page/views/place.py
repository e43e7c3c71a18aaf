"""Where a viewer is: which production and conversation, and which others there are to choose.

Knows the store; must not know HTML, nor whether the viewer may be there: `ui.page.access` asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tools.store.conversation import Conversation, list_conversations
from tools.store.production import Production
from ui.viewer import Viewer

MOST_CONVERSATIONS = 50


@dataclass(frozen=True)
class Option:
    """Something to choose."""

    id: str
    label: str


@dataclass(frozen=True)
class PlaceView:
    """Where a viewer is."""

    name: str
    role: str
    is_director: bool
    has_account: bool
    production_id: str
    """Empty where there is none yet."""
    conversation_id: str
    """Empty for reviewers."""
    productions: tuple[Option, ...]
    conversations: tuple[Option, ...]


def place_view(
    session: Session,
    viewer: Viewer,
    productions: Sequence[Production],
    production_id: str,
    conversation_id: str,
) -> PlaceView:
    """Read what a viewer may choose from."""
    rows = (
        list_conversations(session=session, production_id=production_id)
        if viewer.is_director and production_id
        else []
    )
    return PlaceView(
        name=viewer.name,
        role=viewer.role.value,
        is_director=viewer.is_director,
        has_account=viewer.user_id is not None,
        production_id=production_id,
        conversation_id=conversation_id,
        productions=tuple(Option(row.id, row.name) for row in productions),
        conversations=tuple(_choice(row) for row in rows[:MOST_CONVERSATIONS]),
    )


def _choice(row: Conversation) -> Option:
    begun = row.created_at.strftime("%d %b %H:%M")
    return Option(row.id, f"{row.title}, {begun}" if row.title else begun)
