"""Pictures in the terminals that can show them, and nothing in the others."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tools.errors import BadPicture
from tools.imaging.pictures import encode_png
from ui.cli.inline_pictures import CHUNK, MAX_SIDE, Terminal, inline_picture, terminal_of

NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 256, (600, 400, 3), np.uint8))


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        ({"KITTY_WINDOW_ID": "1"}, Terminal.KITTY),
        ({"TERM": "xterm-kitty"}, Terminal.KITTY),
        ({"TERM_PROGRAM": "iTerm.app"}, Terminal.ITERM),
        ({"TERM_PROGRAM": "WezTerm"}, Terminal.ITERM),
        ({"TERM": "xterm-256color"}, Terminal.NONE),
        ({}, Terminal.NONE),
        ({"KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, Terminal.NONE),
        ({"KITTY_WINDOW_ID": "1", "TERM": "screen-256color"}, Terminal.NONE),
    ],
)
def test_which_terminal_it_is(environment: dict[str, str], terminal: Terminal) -> None:
    assert terminal_of(environment) is terminal


def shown(encoded: str) -> tuple[int, int]:
    with Image.open(BytesIO(base64.b64decode(encoded))) as picture:
        return picture.size


def test_kittys_codes_hold_the_whole_picture_in_pieces() -> None:
    code = inline_picture(encode_png(NOISE), Terminal.KITTY)
    pieces = re.findall("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", code)
    assert len(pieces) > 2
    assert pieces[0][0] == "f=100,a=T,m=1"
    assert {head for head, _ in pieces[1:-1]} == {"m=1"}
    assert pieces[-1][0] == "m=0"
    assert max(len(data) for _, data in pieces) <= CHUNK
    assert max(shown("".join(data for _, data in pieces))) == MAX_SIDE


def test_iterms_code_holds_it_in_one() -> None:
    code = inline_picture(encode_png(NOISE), Terminal.ITERM)
    head, _, data = code.partition(":")
    assert head.startswith("\x1b]1337;File=inline=1")
    assert shown(data.removesuffix("\x07\n")) == (256, 384)


def test_a_terminal_without_pictures_gets_nothing_and_no_picture_is_refused() -> None:
    assert inline_picture(b"not looked at", Terminal.NONE) == ""
    with pytest.raises(BadPicture):
        inline_picture(b"words", Terminal.KITTY)
