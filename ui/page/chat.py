"""What the chat shows: the stored messages, and the turn that runs.

Pure: values in, messages of Gradio's chat out. Must not know the store. Words are escaped here, so
that a tag in a brief is read and never run; the history is never taken from a browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import gradio as gr

from agent.answer import Answer
from tools.store.conversation import Message, MessageRole
from ui.page.render import render
from ui.page.views.answers import answer_view
from ui.page.views.place import PlaceView
from ui.page.views.takes import PictureLink, TakeView
from ui.server.turns import LiveTurn

ChatMessage = dict[str, Any]
"""As `gr.Chatbot` takes it: `role` and `content`."""


class Chat:
    """Turns what was said into what one person sees."""

    def __init__(self, place: PlaceView, takes: Mapping[str, TakeView], link: PictureLink) -> None:
        """Show a conversation.

        Args:
            place: who looks, and where.
            takes: every take that the answers show, as it stands now, by slate.
            link: makes addresses of pictures.
        """
        self._place = place
        self._takes = takes
        self._link = link

    def stored(self, messages: Sequence[Message]) -> list[ChatMessage]:
        """Return the stored messages."""
        return [self._message(message) for message in messages]

    def live(self, turn: LiveTurn, unstored: str = "") -> list[ChatMessage]:
        """Return what a turn adds to the stored messages while it runs, or why it broke.

        Args:
            turn: as far as it is.
            unstored: what the person said, while it is not among the stored messages.
        """
        begun = [{"role": "user", "content": shown(unstored)}] if unstored else []
        if not turn.running:
            return [*begun, _spoken(f"**It could not go on.** {shown(turn.error)}")]
        answers = [tool.answer for tool in turn.tools if tool.answer is not None]
        pictures = [part for answer in answers for part in self._pictures(answer)]
        working = [tool for tool in turn.tools if not tool.ended]
        parts: list[str | gr.HTML] = [shown(turn.text)] if turn.text else []
        if working or not turn.text:
            parts.append(html(render("working.html", tools=working)))
        return [*begun, _spoken(*parts, *pictures)]

    def _message(self, message: Message) -> ChatMessage:
        if message.role is MessageRole.USER:
            own = message.author == self._place.name
            words = message.text if own else f"{message.author}: {message.text}"
            return {"role": "user", "content": shown(words)}
        answer = answer_of(message)
        return _spoken(shown(message.text), *(self._pictures(answer) if answer else ()))

    def _pictures(self, answer: Answer) -> list[gr.HTML]:
        view = answer_view(answer, self._takes, self._link)
        if view.is_empty:
            return []
        return [html(render("answer.html", answer=view, place=self._place))]


def answer_of(message: Message) -> Answer | None:
    """Return the answer that a stored message keeps, if any."""
    return Answer.model_validate_json(message.answer) if message.answer else None


_FENCE = re.compile(r"^([ >]*(?:`{3,}|~{3,}))[^\n]*$", re.MULTILINE)
"""A fence with what its block is said to be, which decides how it is drawn."""


def shown(words: str) -> str:
    """Return words as Markdown in which no tag is one, no picture or link is made, no diagram is drawn.

    The studio's own pictures come beside the words; whatever else a model writes must not fetch or lead
    anywhere.
    """
    plain = _FENCE.sub(r"\1", escape(words, quote=False))
    return plain.replace("![", "!\\[").replace("](", "]\\(").replace("]:", "]\\:")


def html(content: str) -> gr.HTML:
    """Return a part of a message that the templates made."""
    return gr.HTML(content, js_on_load=None, render=False)


def _spoken(*parts: str | gr.HTML) -> ChatMessage:
    return {"role": "assistant", "content": [part for part in parts if part != ""]}
