"""Who sent an event and where that person is, asked anew for every event.

Knows the page's address, the guard and the rows; must not know what is shown. The address names a
production and a conversation: a wish, which counts only as far as the rows allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr
from sqlmodel import Session

from tools.store.conversation import Conversation, list_conversations
from tools.store.production import Production, list_productions
from ui.auth.guard import Action
from ui.page.views.takes import PictureLink, PictureSize
from ui.server.parts import PageParts
from ui.viewer import Viewer

FIRST_PRODUCTION = "studio"
"""What the first production is called when the first thing said is about a character, not a film."""


@dataclass(frozen=True)
class Here:
    """A permitted person in a place."""

    viewer: Viewer
    productions: tuple[Production, ...]
    """All that this person may see."""
    production: Production | None
    """The open one; None where there is none yet."""
    conversation_id: str
    """The open one of a director; empty for reviewers."""
    asked: Mapping[str, str]
    """The rest of the address: which tab is open, which takes are compared."""

    @property
    def tab(self) -> str:
        """Name of the open tab."""
        return self.asked.get("tab") or ("chat" if self.viewer.is_director else "board")

    @property
    def production_id(self) -> str:
        """Id of the open production, or nothing."""
        return self.production.id if self.production else ""


class Access:
    """Asks for every event who and where."""

    def __init__(self, parts: PageParts) -> None:
        """Use a studio's rows and guard."""
        self._parts = parts

    def arrive(self, request: gr.Request) -> Here:
        """Let someone in who opens the page; a director gets a production and a conversation.

        Raises:
            Refused: nobody is signed in.
        """
        here = self.enter(request)
        if here.viewer.is_director and not here.conversation_id:
            name = here.production.name if here.production else FIRST_PRODUCTION
            self._parts.runner.open(name)
            here = self.enter(request)
        return here

    def enter(self, request: gr.Request, action: Action = Action.SEE) -> Here:
        """Return where the sender of an event is, if he may do this there.

        Raises:
            Refused: nobody is signed in, or this person may not.
            UnknownName: there is no such production any more.
        """
        viewer = self._parts.viewer_of(request)
        asked = {str(name): str(value) for name, value in dict(request.query_params).items()}
        with self._parts.studio.services.database.reading() as session:
            rows = list_productions(session=session)
            seen = tuple(row for row in rows if viewer.sees(row.id))
            production = _chosen(seen, asked.get("production", ""))
            conversation = (
                _conversation(session, production.id, asked.get("conversation", ""))
                if production is not None and viewer.is_director
                else None
            )
        if production is not None or action is not Action.SEE:
            self._parts.guard.require(viewer, action, production.id if production else None)
        return Here(viewer, seen, production, conversation.id if conversation else "", asked)

    def link(self, here: Here) -> PictureLink:
        """Return what makes addresses of the open production's pictures."""

        def link(digest: str, size: PictureSize) -> str:
            return self._parts.media.url(here.production_id, digest, size)

        return link


def _chosen(productions: tuple[Production, ...], wanted: str) -> Production | None:
    """The wanted one, else the newest."""
    for row in productions:
        if row.id == wanted:
            return row
    return max(productions, key=lambda row: row.created_at, default=None)


def _conversation(session: Session, production_id: str, wanted: str) -> Conversation | None:
    """The wanted one of this production, else its newest."""
    rows = list_conversations(session=session, production_id=production_id)
    return next((row for row in rows if row.id == wanted), rows[0] if rows else None)
