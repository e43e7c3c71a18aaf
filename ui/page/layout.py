"""The page: components, and which event calls what.

Knows Gradio; holds nothing of anybody. What is shown comes with events, each of which asks who sent
it; nothing that a browser sends is believed but its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from tools.errors import SamecastError
from ui.auth.guard import Action
from ui.page.access import Access
from ui.page.components import Components, build_components
from ui.page.last_sent import Followers, LastSent
from ui.page.render import render
from ui.page.screens import NEEDS, Screens
from ui.page.talking import Talking
from ui.page.theme import page_look
from ui.page.updates import TabUpdate, Updates
from ui.server.parts import PageParts

__all__ = ["build_page", "page_look"]

EVERY_S = 1.0
AT_ONCE = 16
"""Turns that may be followed at the same time; each waits in a thread."""

NewValues = dict[Any, Any]
"""Component to its new value."""


def build_page(parts: PageParts) -> gr.Blocks:
    """Return the page of a studio, to be mounted with `page_look`."""
    page = gr.Blocks(title="Samecast", fill_width=True, analytics_enabled=False)
    with page:
        components = build_components()
        _Wiring(parts, components).connect(page)
    page.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    return page


class _Wiring:
    """Handlers of one studio's page."""

    def __init__(self, parts: PageParts, components: Components) -> None:
        self._components = components
        self._access = Access(parts)
        self._screens = Screens(parts, self._access)
        self._talking = Talking(parts, self._access, self._screens)
        self._updates = Updates(parts, self._screens, self._talking)
        self._followers = Followers()

    def connect(self, page: gr.Blocks) -> None:
        """Say which event calls what."""
        components = self._components
        shown = [components.seen, components.chat, components.desk, *components.tabs.values()]
        page.load(
            self.arrive,
            None,
            [
                *shown,
                components.header,
                components.talks,
                components.switch,
                *components.pages.values(),
            ],
        )
        gr.Timer(EVERY_S).tick(
            self.tick, [components.seen], shown, queue=False, show_progress="hidden"
        )
        components.refresh.click(
            self.tick, [components.seen], shown, queue=False, show_progress="hidden"
        )
        for name in NEEDS:
            components.pages[name].select(
                self._opener(name),
                [components.seen],
                [components.seen, components.tabs[name]],
                queue=False,
                api_name=f"open_{name}",
            )
        spoken = [components.box, components.chat, components.seen]
        for trigger in (components.box.submit, components.send.click):
            trigger(
                self.say,
                [components.box],
                spoken,
                concurrency_limit=AT_ONCE,
                show_progress="hidden",
                # Once would drop, without a word, what is sent before the answer has ended.
                trigger_mode="multiple",
            )
        components.speak.click(
            self.say,
            [components.words],
            spoken,
            js="() => [window.samecast.words()]",
            concurrency_limit=AT_ONCE,
            show_progress="hidden",
        )

    def arrive(self, request: gr.Request) -> NewValues:
        """Show someone who opens the page everything that this person may see."""
        components = self._components
        here = _told(self._access.arrive, request)
        place = self._screens.place(here)
        update = self._updates.since(here, LastSent())
        tabs = {name: self._screens.may_open(here, name) for name in components.pages}
        chosen = here.tab if tabs.get(here.tab) else next(name for name in tabs if tabs[name])
        if chosen != "chat" and here.production_id and update.tab is None:
            update = self._updates.tab(here, update.seen, chosen)
        return {
            components.header: render("header.html", place=place),
            components.talks: render("talks.html", place=place),
            components.switch: gr.Tabs(selected=chosen),
            **{components.pages[name]: gr.Tab(visible=seen) for name, seen in tabs.items()},
            **self._new_values(update),
        }

    def tick(self, seen: LastSent, request: gr.Request) -> NewValues:
        """Show what has changed."""
        here = _told(self._access.enter, request)
        follows = self._followers.follows(request.session_hash)
        return self._new_values(self._updates.since(here, seen or LastSent(), follows=follows))

    def say(self, text: str, request: gr.Request) -> Iterator[NewValues]:
        """Begin a turn and show it word by word."""
        components = self._components
        here = _told(self._access.enter, request, Action.TALK)
        last = self._talking.last_position(here)
        _told(self._talking.begin, here, text)
        with self._followers.following(request.session_hash):
            # The box is emptied once: what is typed while the answer comes stays in it.
            emptied: NewValues = {components.box: ""}
            for messages in self._talking.follow(here, text, last):
                yield {**emptied, components.chat: messages}
                emptied = {}
        yield {components.seen: LastSent(), components.chat: self._talking.messages(here)}

    def _opener(self, name: str) -> Callable[..., NewValues]:
        def opened(seen: LastSent, request: gr.Request) -> NewValues:
            here = _told(self._access.enter, request, NEEDS[name])
            if not here.production_id:
                return {self._components.seen: seen}
            return self._new_values(self._updates.tab(here, seen or LastSent(), name))

        return opened

    def _new_values(self, update: TabUpdate) -> NewValues:
        components = self._components
        values: NewValues = {components.seen: update.seen}
        if update.chat is not None:
            values[components.chat] = update.chat
        if update.desk is not None:
            values[components.desk] = update.desk
        if update.tab is not None:
            name, html = update.tab
            values[components.tabs[name]] = html
        return values


def _told(call: Callable[..., Any], *arguments: Any) -> Any:
    """Call, and say an expected error on the page; a bug stays one, and is not shown."""
    try:
        return call(*arguments)
    except SamecastError as error:
        raise gr.Error(escape(str(error)), print_exception=False) from error
