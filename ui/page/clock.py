"""What a tab is sent every second: only what is no longer as it was seen.

Knows screens, talking and marks; must not know Gradio's components.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from tools.store.stamps import chat_stamp, takes_stamp
from ui.page.chat import ChatMessage
from ui.page.screens import NEEDS
from ui.page.seen import Seen

if TYPE_CHECKING:
    from ui.page.access import Here
    from ui.page.screens import Screens
    from ui.page.talking import Talking
    from ui.server.parts import PageParts

STAMPED = frozenset({"board", "quality", "compare"})
"""Tabs that show takes only, so that their stamp tells whether they are worth drawing."""


@dataclass(frozen=True)
class News:
    """What changed; None is what did not."""

    seen: Seen
    chat: list[ChatMessage] | None = None
    desk: str | None = None
    tab: tuple[str, str] | None = None
    """Name and HTML."""


class Clock:
    """Finds out what is new."""

    def __init__(self, parts: PageParts, screens: Screens, talking: Talking) -> None:
        """Look at one studio."""
        self._parts = parts
        self._screens = screens
        self._talking = talking

    def news(self, here: Here, seen: Seen, *, follows: bool = False) -> News:
        """Return what is no longer as it was seen.

        Args:
            here: who looks, and where.
            seen: what this tab has.
            follows: whether it gets the chat word by word from elsewhere.
        """
        if not here.production_id:
            return News(seen)
        news = News(seen)
        stamp = self._takes(here)
        if here.conversation_id:
            news = self._desk(here, news)
            news = news if follows else self._chat(here, news, stamp)
        return self._tab(here, news, stamp)

    def tab(self, here: Here, seen: Seen, name: str) -> News:
        """Return a tab that was opened just now."""
        html = self._screens.tab(name, here)
        mark = replace(seen, tab=name + self._takes(here), html=_digest(html))
        return News(mark, tab=(name, html))

    def _takes(self, here: Here) -> str:
        with self._parts.studio.services.database.reading() as session:
            return takes_stamp(session=session, production_id=here.production_id)

    def _chat(self, here: Here, news: News, stamp: str) -> News:
        turn = self._parts.turns.live(here.conversation_id)
        with self._parts.studio.services.database.reading() as session:
            said = chat_stamp(session=session, conversation_id=here.conversation_id)
        mark = said + stamp
        if news.seen.chat == mark and news.seen.turn is turn:
            return news
        chat = self._talking.messages(here)
        return replace(news, seen=replace(news.seen, chat=mark, turn=turn), chat=chat)

    def _desk(self, here: Here, news: News) -> News:
        html = self._screens.desk(here)
        mark = _digest(html)
        if mark == news.seen.desk:
            return news
        return replace(news, seen=replace(news.seen, desk=mark), desk=html)

    def _tab(self, here: Here, news: News, stamp: str) -> News:
        name = here.tab
        mark = name + stamp
        if name not in NEEDS or (name in STAMPED and mark == news.seen.tab):
            return news
        if not self._parts.guard.may(here.viewer, NEEDS[name], here.production_id):
            return news
        html = self._screens.tab(name, here)
        seen = replace(news.seen, tab=mark, html=_digest(html))
        changed = seen.html != news.seen.html
        return replace(news, seen=seen, tab=(name, html) if changed else None)


def _digest(html: str) -> str:
    return sha256(html.encode()).hexdigest()
