"""The page: components, and which event calls what.

Knows Gradio; holds nothing of anybody. What is shown comes with events, each of which asks who sent
it; nothing that a browser sends is believed but its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from tools.errors import SamecastError
from ui.auth.guard import Action
from ui.page.access import Access
from ui.page.clock import Clock, News
from ui.page.look import page_look
from ui.page.render import render
from ui.page.room import Room, furnish
from ui.page.screens import NEEDS, Screens
from ui.page.seen import Followers, Seen
from ui.page.talking import Talking

if TYPE_CHECKING:
    from ui.server.parts import PageParts

__all__ = ["build_page", "page_look"]

EVERY_S = 1.0
AT_ONCE = 16
"""Turns that may be followed at the same time; each waits in a thread."""

Updates = dict[Any, Any]
"""Component to its new value."""


def build_page(parts: PageParts) -> gr.Blocks:
    """Return the page of a studio, to be mounted with `page_look`."""
    page = gr.Blocks(title="Samecast", fill_width=True, analytics_enabled=False)
    with page:
        room = furnish()
        _Wiring(parts, room).connect(page)
    page.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    return page


class _Wiring:
    """Handlers of one studio's page."""

    def __init__(self, parts: PageParts, room: Room) -> None:
        self._room = room
        self._access = Access(parts)
        self._screens = Screens(parts, self._access)
        self._talking = Talking(parts, self._access, self._screens)
        self._clock = Clock(parts, self._screens, self._talking)
        self._followers = Followers()

    def connect(self, page: gr.Blocks) -> None:
        """Say which event calls what."""
        room = self._room
        shown = [room.seen, room.chat, room.desk, *room.tabs.values()]
        page.load(
            self.arrive, None, [*shown, room.header, room.talks, room.switch, *room.pages.values()]
        )
        gr.Timer(EVERY_S).tick(self.tick, [room.seen], shown, queue=False, show_progress="hidden")
        room.refresh.click(self.tick, [room.seen], shown, queue=False, show_progress="hidden")
        for name in NEEDS:
            room.pages[name].select(
                self._opener(name),
                [room.seen],
                [room.seen, room.tabs[name]],
                queue=False,
                api_name=f"open_{name}",
            )
        spoken = [room.box, room.chat, room.seen]
        for trigger in (room.box.submit, room.send.click):
            trigger(
                self.say,
                [room.box],
                spoken,
                concurrency_limit=AT_ONCE,
                show_progress="hidden",
                # Once would drop, without a word, what is sent before the answer has ended.
                trigger_mode="multiple",
            )
        room.speak.click(
            self.say,
            [room.words],
            spoken,
            js="() => [window.samecast.words()]",
            concurrency_limit=AT_ONCE,
            show_progress="hidden",
        )

    def arrive(self, request: gr.Request) -> Updates:
        """Show someone who opens the page everything that this person may see."""
        room = self._room
        here = _told(self._access.arrive, request)
        place = self._screens.place(here)
        news = self._clock.news(here, Seen())
        tabs = {name: self._screens.may_open(here, name) for name in room.pages}
        chosen = here.tab if tabs.get(here.tab) else next(name for name in tabs if tabs[name])
        if chosen != "chat" and here.production_id and news.tab is None:
            news = self._clock.tab(here, news.seen, chosen)
        return {
            room.header: render("header.html", place=place),
            room.talks: render("talks.html", place=place),
            room.switch: gr.Tabs(selected=chosen),
            **{room.pages[name]: gr.Tab(visible=seen) for name, seen in tabs.items()},
            **self._updates(news),
        }

    def tick(self, seen: Seen, request: gr.Request) -> Updates:
        """Show what has changed."""
        here = _told(self._access.enter, request)
        follows = self._followers.follows(request.session_hash)
        return self._updates(self._clock.news(here, seen or Seen(), follows=follows))

    def say(self, text: str, request: gr.Request) -> Iterator[Updates]:
        """Begin a turn and show it word by word."""
        room = self._room
        here = _told(self._access.enter, request, Action.TALK)
        last = self._talking.last_position(here)
        _told(self._talking.begin, here, text)
        with self._followers.following(request.session_hash):
            # The box is emptied once: what is typed while the answer comes stays in it.
            emptied: Updates = {room.box: ""}
            for messages in self._talking.follow(here, text, last):
                yield {**emptied, room.chat: messages}
                emptied = {}
        yield {room.seen: Seen(), room.chat: self._talking.messages(here)}

    def _opener(self, name: str) -> Callable[..., Updates]:
        def opened(seen: Seen, request: gr.Request) -> Updates:
            here = _told(self._access.enter, request, NEEDS[name])
            if not here.production_id:
                return {self._room.seen: seen}
            return self._updates(self._clock.tab(here, seen or Seen(), name))

        return opened

    def _updates(self, news: News) -> Updates:
        room = self._room
        updates: Updates = {room.seen: news.seen}
        if news.chat is not None:
            updates[room.chat] = news.chat
        if news.desk is not None:
            updates[room.desk] = news.desk
        if news.tab is not None:
            name, html = news.tab
            updates[room.tabs[name]] = html
        return updates


def _told(call: Callable[..., Any], *arguments: Any) -> Any:
    """Call, and say an expected error on the page; a bug stays one, and is not shown."""
    try:
        return call(*arguments)
    except SamecastError as error:
        raise gr.Error(escape(str(error)), print_exception=False) from error
