"""The components of the page, empty.

Knows Gradio's components; must not know what will be in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from agent.policy import MAX_LETTERS
from tools.imaging.files import SUFFIXES
from ui.page.last_sent import LastSent
from ui.page.render import render
from ui.page.screens import NEEDS

TITLES = ("board", "characters", "quality", "jobs", "costs", "compare", "bases")


@dataclass(frozen=True)
class Components:
    """The components that events fill or come from."""

    seen: gr.State
    header: gr.HTML
    switch: gr.Tabs
    pages: Mapping[str, gr.Tab]
    """The tabs by name, the chat's among them."""
    tabs: Mapping[str, gr.HTML]
    """What is in each tab but the chat's."""
    chat: gr.Chatbot
    talks: gr.HTML
    box: gr.Textbox
    send: gr.Button
    desk: gr.HTML
    refresh: gr.Button
    """Pressed by the page's script after an action."""
    speak: gr.Button
    """Pressed by the page's script, which then gives `words`."""
    words: gr.Textbox


def build_components() -> Components:
    """Put every component into the page that is being built."""
    header = _html("header")
    with gr.Tabs(elem_id="tabs") as switch:
        with gr.Tab("Chat", id="chat", visible=False) as chat_page:
            chat, talks, box, send, desk = _chat_page()
        pages = {"chat": chat_page}
        tabs = {}
        for name in TITLES:
            with gr.Tab(name.capitalize(), id=name, visible=False) as pages[name]:
                tabs[name] = _html(f"view-{name}")
    assert set(tabs) == set(NEEDS)
    return Components(
        seen=gr.State(LastSent()),
        header=header,
        switch=switch,
        pages=pages,
        tabs=tabs,
        chat=chat,
        talks=talks,
        box=box,
        send=send,
        desk=desk,
        refresh=gr.Button("Refresh", elem_id="refresh", visible="hidden"),
        speak=gr.Button("Speak", elem_id="speak", visible="hidden"),
        words=gr.Textbox(visible=False),
    )


def _chat_page() -> tuple[gr.Chatbot, gr.HTML, gr.Textbox, gr.Button, gr.HTML]:
    with gr.Row(elem_id="room"):
        with gr.Column(scale=7, min_width=320):
            talks = _html("talks")
            chat = gr.Chatbot(
                elem_id="chat",
                show_label=False,
                label="conversation",
                height=None,
                allow_tags=False,
                sanitize_html=True,
                group_consecutive_messages=False,
                latex_delimiters=[],
                feedback_options=None,
                buttons=[],
                allow_file_downloads=False,
                placeholder="Describe a character, in your own words.",
            )
            with gr.Row():
                box = gr.Textbox(
                    elem_id="box",
                    show_label=False,
                    label="message",
                    placeholder="Say what you would like to see. Enter sends.",
                    lines=1,
                    max_lines=8,
                    max_length=MAX_LETTERS,
                    scale=8,
                    autofocus=True,
                )
                send = gr.Button("Send", variant="primary", scale=1, min_width=90)
            _html("attach-row", render("attach.html", suffixes=sorted(SUFFIXES)))
        with gr.Column(scale=3, min_width=280):
            desk = _html("desk")
    return chat, talks, box, send, desk


def _html(elem_id: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=None)
