"""What the page is built from: the one value that `ui.page.layout.build_page` gets.

Holds parts, no logic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from agent.conversation.turns import ConversationRunner
from tools.compose import Studio
from ui.auth.guard import Guard
from ui.server.media import MediaLinks
from ui.server.options import ServeOptions
from ui.server.turns import LiveTurns
from ui.viewer import Viewer


@dataclass(frozen=True)
class PageLook:
    """How the page looks: what Gradio takes when a page is mounted, not when it is built."""

    theme: gr.themes.Base | None = None
    """Its fonts must be local: nothing is loaded from elsewhere."""
    css: str = ""
    js: str = ""
    head: str = ""


@dataclass(frozen=True)
class PageParts:
    """The parts of one served studio."""

    studio: Studio
    runner: ConversationRunner
    turns: LiveTurns
    """Begin a turn here, never in a handler: a handler ends with its tab."""
    media: MediaLinks
    """Addresses of pictures; a page shows pictures in no other way."""
    guard: Guard
    """To be asked in every handler."""
    viewer_of: Callable[[gr.Request], Viewer]
    """Who sent an event, by its login and the database; raises `Refused` when nobody may."""
    options: ServeOptions
