"""How the page looks: a dark, quiet room, with nothing loaded from elsewhere.

Knows Gradio's theme and the assets; must not know what is shown.
"""

from __future__ import annotations

import gradio as gr

from ui.page.render import asset
from ui.server.parts import PageLook

WALL, DESK, SHEET, EDGE = "#15161a", "#1c1e23", "#24262d", "#34373f"
INK, FAINT, LAMP = "#e9e6df", "#a3a6af", "#dba54a"


def page_look() -> PageLook:
    """Return the theme, the style sheet and the script."""
    return PageLook(theme=_theme(), css=asset("studio.css"), js=asset("studio.js"))


def _theme() -> gr.themes.Base:
    """Gradio's plain theme in the room's colours, the same whatever the system prefers."""
    theme = gr.themes.Base(
        primary_hue="amber",
        neutral_hue="zinc",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill_dark=WALL,
        body_text_color_dark=INK,
        body_text_color_subdued_dark=FAINT,
        background_fill_primary_dark=DESK,
        background_fill_secondary_dark=WALL,
        block_background_fill_dark=DESK,
        block_border_color_dark=EDGE,
        border_color_primary_dark=EDGE,
        border_color_accent_dark=LAMP,
        color_accent_soft_dark=SHEET,
        input_background_fill_dark=SHEET,
        input_border_color_dark=EDGE,
        input_border_color_focus_dark=LAMP,
        button_primary_background_fill_dark=LAMP,
        button_primary_background_fill_hover_dark="#e8b661",
        button_primary_text_color_dark=WALL,
    )
    dark = {name: value for name, value in vars(theme).items() if name.endswith("_dark")}
    for name, value in dark.items():
        # None there means: as in the light.
        if value is not None:
            setattr(theme, name.removesuffix("_dark"), value)
    return theme
