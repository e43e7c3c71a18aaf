"""`samecast chat` for a person: questions, pictures, plain text."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from PIL import Image
from rich.console import Console

from agent.answer import Answer, AnswerPicture
from tests.support.chat import Chat, open_chat, scripted
from tests.support.scripted_model import calls
from tools.errors import BadInput
from tools.imaging.pictures import encode_png
from ui.cli.chat_screen import Screen, plain
from ui.cli.inline_pictures import Terminal, inline_picture, terminal_of


def talk_on_screen(
    talk: Chat, monkeypatch: pytest.MonkeyPatch, *typed: str, approve: bool = False
) -> str:
    """Type lines, end the input, and return all that was printed."""
    keys = iter(typed)

    def read(prompt: str = "") -> str:
        try:
            return next(keys)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)
    out = StringIO()
    console = Console(file=out, width=200, markup=False, highlight=False)
    Screen(talk.studio, talk.runner, talk.id, "director", approve=approve, console=console).run()
    return out.getvalue()


@pytest.fixture(autouse=True)
def _cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.approvals.proposal_card", lambda tool, *_: f"{tool} Lirien?")


TRAIN = calls(("train", {"character": "Lirien"}))


@pytest.mark.parametrize(("key", "made"), [("y", ["train"]), ("n", []), ("", [])])
def test_a_proposal_is_asked_and_only_yes_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, made: list[str]
) -> None:
    talk = open_chat(tmp_path, scripted(TRAIN, AIMessage("So be it.")))

    printed = talk_on_screen(talk, monkeypatch, "Train her", key)

    assert printed.count("train Lirien?") == 1
    assert "So be it." in printed
    assert talk.calls.names == made


def test_a_proposal_that_was_left_open_is_asked_again_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = open_chat(tmp_path, scripted(TRAIN, AIMessage("So be it.")))
    talk_on_screen(talk, monkeypatch, "Train her")
    assert talk.calls.names == []

    talk_on_screen(talk, monkeypatch, "y")

    assert talk.calls.names == ["train"]


def test_a_failure_is_one_line_and_the_talk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = open_chat(tmp_path, scripted(AIMessage("Good.")))

    printed = talk_on_screen(talk, monkeypatch, "x" * 20_001, "  ", "Hello")

    assert "at most 20000 fit into one" in printed
    assert "Good." in printed


def test_pictures_are_paths_with_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = open_chat(
        tmp_path,
        scripted(calls(("show_takes", {})), AIMessage("One take.")),
        show_takes=lambda *_: Answer(text="One take.", pictures=(picture,)),
    )
    stored = talk.studio.services.files.put_bytes(encode_png(Image.new("RGB", (64, 64))), ".png")
    picture = AnswerPicture(digest=stored.digest, label="12A T1\x1b[2J", number=1)

    printed = talk_on_screen(talk, monkeypatch, "Show me the takes")

    assert f"1. 12A T1[2J  {stored.path}" in printed
    assert "\x1b" not in printed


def test_no_control_code_of_a_model_reaches_the_terminal() -> None:
    assert plain("a\x1b]0;title\x07b\r\nc\td") == "a]0;titleb\nc\td"


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        ({}, Terminal.NONE),
        ({"TERM": "xterm-256color"}, Terminal.NONE),
        ({"TERM": "xterm-kitty"}, Terminal.KITTY),
        ({"KITTY_WINDOW_ID": "1"}, Terminal.KITTY),
        ({"TERM_PROGRAM": "iTerm.app"}, Terminal.ITERM),
        ({"TERM_PROGRAM": "WezTerm"}, Terminal.ITERM),
        ({"KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, Terminal.NONE),
    ],
)
def test_the_terminal_is_known_by_its_environment(
    environment: dict[str, str], terminal: Terminal
) -> None:
    assert terminal_of(environment) is terminal


def test_a_picture_is_sent_in_the_form_that_the_terminal_takes() -> None:
    data: Any = encode_png(Image.effect_noise((900, 500), 80).convert("RGB"))

    assert inline_picture(data, Terminal.NONE) == ""
    kitty = inline_picture(data, Terminal.KITTY)
    assert kitty.startswith("\x1b_Gf=100,a=T,m=1;")
    assert "\x1b_Gm=0;" in kitty
    assert all(len(part) < 4200 for part in kitty.split("\x1b\\"))
    assert inline_picture(data, Terminal.ITERM).startswith("\x1b]1337;File=inline=1")


def test_an_error_cannot_drive_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loud(*_: object) -> None:
        raise BadInput("no \x1b]52;c;eA==\x07such thing")

    talk = open_chat(tmp_path, scripted(AIMessage("Good.")))
    monkeypatch.setattr(talk.runner, "say", loud)

    shown = talk_on_screen(talk, monkeypatch, "Hello")

    assert "no ]52;c;eA==such thing" in shown
    assert "\x1b]" not in shown
