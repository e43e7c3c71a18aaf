"""Pictures inside the terminal, where it is one that can show them.

Knows the escape codes of kitty and iTerm2 (also WezTerm's); must not know what a picture shows.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import StrEnum

MAX_SIDE = 384
CHUNK = 4096
"""Letters that kitty takes in one code."""


class Terminal(StrEnum):
    """How a terminal takes pictures."""

    NONE = "none"
    KITTY = "kitty"
    ITERM = "iterm"


def terminal_of(environment: Mapping[str, str]) -> Terminal:
    """Tell from the environment how pictures can be shown; a multiplexer in between hides it."""
    if "TMUX" in environment or environment.get("TERM", "").startswith("screen"):
        return Terminal.NONE
    if "KITTY_WINDOW_ID" in environment or environment.get("TERM") == "xterm-kitty":
        return Terminal.KITTY
    if environment.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm"):
        return Terminal.ITERM
    return Terminal.NONE


def inline_picture(data: bytes, terminal: Terminal) -> str:
    """Return the code that shows a picture, of at most 384 pixels a side; empty where none can be.

    Raises:
        BadPicture: the bytes are no picture.
    """
    if terminal is Terminal.NONE:
        return ""
    encoded = base64.b64encode(_small_png(data)).decode("ascii")
    if terminal is Terminal.ITERM:
        return f"\x1b]1337;File=inline=1;preserveAspectRatio=1:{encoded}\x07\n"
    return _kitty(encoded) + "\n"


def _kitty(encoded: str) -> str:
    chunks = [encoded[start : start + CHUNK] for start in range(0, len(encoded), CHUNK)]
    codes = []
    for index, chunk in enumerate(chunks):
        head = "f=100,a=T," if index == 0 else ""
        more = int(index < len(chunks) - 1)
        codes.append(f"\x1b_G{head}m={more};{chunk}\x1b\\")
    return "".join(codes)


def _small_png(data: bytes) -> bytes:
    from tools.imaging.pictures import decode_picture, encode_png

    picture = decode_picture(data, "picture")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return encode_png(picture)
