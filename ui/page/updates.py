"""What a tab is sent every second: only what is no longer as it was seen.

Knows screens, talking and marks; must not know Gradio's components.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from tools.store.stamps import chat_stamp, takes_stamp
from ui.page.access import Here
from ui.page.chat import ChatMessage
from ui.page.last_sent import LastSent
from ui.page.screens import NEEDS, Screens
from ui.page.talking import Talking
from ui.server.parts import PageParts

STAMPED = frozenset({"board", "quality", "compare"})
"""Tabs that show takes only, so that their stamp tells whether they are worth drawing."""


@dataclass(frozen=True)
class TabUpdate:
    """What changed; None is what did not."""

    seen: LastSent
    chat: list[ChatMessage] | None = None
    desk: str | None = None
    tab: tuple[str, str] | None = None
    """Name and HTML."""


class Updates:
    """Finds out what a tab must be sent."""

    def __init__(self, parts: PageParts, screens: Screens, talking: Talking) -> None:
        """Look at one studio."""
        self._parts = parts
        self._screens = screens
        self._talking = talking

    def since(self, here: Here, seen: LastSent, *, follows: bool = False) -> TabUpdate:
        """Return what is no longer as it was seen.

        Args:
            here: who looks, and where.
            seen: what this tab has.
            follows: whether it gets the chat word by word from elsewhere.
        """
        if not here.production_id:
            return TabUpdate(seen)
        update = TabUpdate(seen)
        stamp = self._takes(here)
        if here.conversation_id:
            update = self._desk(here, update)
            update = update if follows else self._chat(here, update, stamp)
        return self._tab(here, update, stamp)

    def tab(self, here: Here, seen: LastSent, name: str) -> TabUpdate:
        """Return a tab that was opened just now."""
        html = self._screens.tab(name, here)
        mark = replace(seen, tab=name + self._takes(here), html=_digest(html))
        return TabUpdate(mark, tab=(name, html))

    def _takes(self, here: Here) -> str:
        with self._parts.studio.services.database.reading() as session:
            return takes_stamp(session=session, production_id=here.production_id)

    def _chat(self, here: Here, update: TabUpdate, stamp: str) -> TabUpdate:
        turn = self._parts.turns.live(here.conversation_id)
        with self._parts.studio.services.database.reading() as session:
            said = chat_stamp(session=session, conversation_id=here.conversation_id)
        mark = said + stamp
        if update.seen.chat == mark and update.seen.turn is turn:
            return update
        chat = self._talking.messages(here)
        return replace(update, seen=replace(update.seen, chat=mark, turn=turn), chat=chat)

    def _desk(self, here: Here, update: TabUpdate) -> TabUpdate:
        html = self._screens.desk(here)
        mark = _digest(html)
        if mark == update.seen.desk:
            return update
        return replace(update, seen=replace(update.seen, desk=mark), desk=html)

    def _tab(self, here: Here, update: TabUpdate, stamp: str) -> TabUpdate:
        name = here.tab
        mark = name + stamp
        if name not in NEEDS or (name in STAMPED and mark == update.seen.tab):
            return update
        if not self._parts.guard.may(here.viewer, NEEDS[name], here.production_id):
            return update
        html = self._screens.tab(name, here)
        seen = replace(update.seen, tab=mark, html=_digest(html))
        changed = seen.html != update.seen.html
        return replace(update, seen=seen, tab=(name, html) if changed else None)


def _digest(html: str) -> str:
    return sha256(html.encode()).hexdigest()
