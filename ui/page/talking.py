"""The chat of one conversation: its messages as they are read, and a turn as it is followed.

Knows the store and the live turns; must not know Gradio's events. A turn is begun here and runs
elsewhere: who follows it may go away at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tools.errors import BadInput
from tools.store.conversation import Message, MessageRole, list_messages
from ui.page.access import Access, Here
from ui.page.chat import Chat, ChatMessage, answer_of
from ui.page.screens import Screens
from ui.page.views.answers import shown_takes
from ui.server.parts import PageParts
from ui.server.turns import LiveTurn

NEWEST = 80
"""Messages that are shown of a long conversation."""
RECENT = 5
"""Messages among which the answer of the last turn is, with reports that came since."""


class Talking:
    """Reads and follows conversations."""

    def __init__(self, parts: PageParts, access: Access, screens: Screens) -> None:
        """Talk in one studio."""
        self._parts = parts
        self._access = access
        self._screens = screens

    def messages(self, here: Here) -> list[ChatMessage]:
        """Return everything that was said, and what is being said."""
        return self._shown(here, self._turn(here), "", 0)

    def begin(self, here: Here, text: str) -> None:
        """Begin a turn; it goes on whatever becomes of the page.

        Raises:
            BadInput: nothing was said, or the last turn has not ended.
        """
        words = text.strip()
        if not words:
            raise BadInput("say what you would like to do")
        say = partial(self._parts.runner.say, here.conversation_id, words, here.viewer.name)
        if not self._parts.turns.start(here.conversation_id, say):
            raise BadInput("the agent is still at work on what you said; wait for its answer")

    def follow(self, here: Here, text: str, last: int) -> Iterator[list[ChatMessage]]:
        """Yield the chat after every change of the turn that runs, and once more when it has ended.

        Args:
            here: whose conversation.
            text: what was said, shown until it is stored.
            last: position of the last message before it.
        """
        for turn in self._parts.turns.follow(here.conversation_id):
            yield self._shown(here, turn, text.strip(), last)

    def last_position(self, here: Here) -> int:
        """Return the position of the last message; 0 when there is none."""
        rows = self._rows(here)
        return rows[-1].position if rows else 0

    def _turn(self, here: Here) -> LiveTurn | None:
        return self._parts.turns.live(here.conversation_id)

    def _shown(self, here: Here, turn: LiveTurn | None, text: str, last: int) -> list[ChatMessage]:
        rows = self._rows(here)[-NEWEST:]
        answers = [answer for row in rows if (answer := answer_of(row)) is not None]
        if turn is not None:
            answers += [tool.answer for tool in turn.tools if tool.answer is not None]
        link = self._access.link(here)
        with self._parts.studio.services.database.reading() as session:
            takes = shown_takes(session, here.production_id, answers, link)
        chat = Chat(self._screens.place(here), takes, link)
        stored = any(row.role is MessageRole.USER and row.position > last for row in rows)
        unstored = "" if stored else text
        return [*chat.stored(rows), *self._live(chat, turn, rows, unstored)]

    def _live(
        self, chat: Chat, turn: LiveTurn | None, rows: list[Message], unstored: str
    ) -> list[ChatMessage]:
        if turn is None or _is_told(turn, rows):
            return []
        return chat.live(turn, unstored)

    def _rows(self, here: Here) -> list[Message]:
        with self._parts.studio.services.database.reading() as session:
            return list_messages(session=session, conversation_id=here.conversation_id)


def _is_told(turn: LiveTurn, rows: list[Message]) -> bool:
    """Whether the stored messages tell all that the turn has to say."""
    newest = [row.text for row in rows[-RECENT:] if row.role is not MessageRole.USER]
    if turn.running:
        return bool(turn.text) and turn.text in newest
    return not turn.error or any(turn.error in text for text in newest)
