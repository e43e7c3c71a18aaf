"""The page's theme: the same by day and by night, with nothing from elsewhere."""

from __future__ import annotations

import gradio as gr

from ui.page.theme import INK, LAMP, WALL, page_look


def test_the_page_is_dark_whatever_the_system_prefers() -> None:
    theme = page_look().theme
    assert isinstance(theme, gr.themes.Base)
    dark = {name: value for name, value in vars(theme).items() if name.endswith("_dark")}
    said = {name: value for name, value in dark.items() if value is not None}
    assert len(said) > 15
    assert [name for name, value in said.items()
            if getattr(theme, name.removesuffix("_dark")) != value] == []  # fmt: skip
    assert (theme.body_background_fill, theme.body_text_color) == (WALL, INK)
    assert theme.button_primary_background_fill == LAMP


def test_what_the_dark_theme_leaves_open_stays_as_in_the_light() -> None:
    plain, ours = gr.themes.Base(), page_look().theme
    assert isinstance(ours, gr.themes.Base)
    open_ones = [n for n, v in vars(ours).items() if n.endswith("_dark") and v is None]
    assert open_ones
    for name in open_ones:
        light = name.removesuffix("_dark")
        assert getattr(ours, light) == getattr(plain, light), light


def test_fonts_are_the_computers_own() -> None:
    theme = page_look().theme
    assert isinstance(theme, gr.themes.Base)
    assert theme._stylesheets == []


def test_style_and_script_are_the_shipped_ones() -> None:
    look = page_look()
    assert "{" in look.css
    assert "samecast" in look.js
