"""What the documents tell people to type is there: verbs, options, targets, modules and settings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from agent.chat_model import ChatSettings
from docs.house import ROOT
from tests.support.micro_studio import run_cli
from tools.settings import Settings
from ui.cli.app import build_app

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_TYPED = re.compile(r"^(?:samecast|make|python -m)\b")
_CODE = re.compile(r"`([^`\n]+)`")


def _commands(page: Path) -> Iterator[str]:
    """Lines of code blocks and words in backticks that begin a command, without what a # says of them."""
    text = page.read_text()
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    for typed in (*lines, *_CODE.findall(text)):
        if _TYPED.match(typed):
            yield re.split(r"\s#\s", typed)[0].strip()


TYPED = sorted({command for page in PAGES for command in _commands(page)})
OURS = [command for command in TYPED if command.startswith("samecast")]


@cache
def _app() -> TyperGroup:
    app = typer.main.get_command(build_app())
    assert isinstance(app, TyperGroup)
    return app


def _parse(words: list[str]) -> None:
    """Parse a command line to its verb, as the program does before it runs anything.

    A bare `samecast` or `samecast VERB` names a verb in running text; it need not be complete.
    """
    command: TyperGroup | TyperCommand = _app()
    while isinstance(command, TyperGroup) and words and words[0] != "--help":
        found = command.get_command(typer.Context(command), words[0])
        assert isinstance(found, TyperGroup | TyperCommand), words
        command, words = found, words[1:]
    if words and words != ["--help"]:
        command.make_context(command.name, words)


def test_the_documents_tell_what_to_type() -> None:
    assert len(OURS) >= 20
    assert any(command.startswith("make") for command in TYPED)


@pytest.mark.parametrize("typed", OURS)
def test_a_command_of_the_documents_is_understood(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    words = [str(tmp_path) if word in ("DIR", "PATH") else word for word in shlex.split(typed)[1:]]
    _parse(words)


def test_a_verb_or_an_option_that_is_not_there_would_be_found() -> None:
    with pytest.raises(AssertionError):
        _parse(["shot", "Ruth"])
    with pytest.raises(TyperException, match="No such option"):
        _parse(["shoot", "Ruth", "--no-such-option"])


@pytest.mark.parametrize("typed", [each for each in TYPED if each.startswith("make")])
def test_a_target_of_the_documents_is_in_the_makefile(typed: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    for word in typed.split()[1:]:
        variable = re.fullmatch(r"(\w+)=\S+", word)
        there = rf"\$\({variable[1]}\)" if variable else rf"^{re.escape(word)}:"
        assert re.search(there, makefile, re.MULTILINE), word


@pytest.mark.parametrize("typed", [each for each in TYPED if each.startswith("python")])
def test_a_module_of_the_documents_is_there(typed: str) -> None:
    assert find_spec(typed.split()[2]) is not None


def test_every_setting_of_the_documents_is_one() -> None:
    named = {
        name for page in PAGES for name in re.findall(r"SAMECAST_[A-Z_]*[A-Z]", page.read_text())
    }
    settings = {f"SAMECAST_{name.upper()}" for name in Settings.model_fields}
    settings |= {f"SAMECAST_CHAT_{name.upper()}" for name in ChatSettings.model_fields}
    assert named
    assert named - settings == set()


_LIGHT = ("create", "doctor", "production", "user")
"""Verbs that are done in seconds; what draws, trains or serves is typed in tests of its own."""


def _whole(page: Path) -> Iterator[str]:
    """Commands that can be typed as they stand: lines of blocks, and words in backticks with a name."""
    for line in page.read_text().splitlines():
        typed = line.strip().partition("`")[2].partition("`")[0] if "`" in line else line.strip()
        if typed.startswith("samecast ") and (line.startswith("    ") or '"' in typed):
            yield re.split(r"\s#\s", typed)[0].strip()


def test_light_commands_of_the_documents_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = [line for page in PAGES for line in _whole(page) if line.split()[1] in _LIGHT]
    assert {line.split()[1] for line in typed} == set(_LIGHT)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "correct horse battery")
    for line in typed:
        run = run_cli(*shlex.split(line)[1:], home=tmp_path)
        assert run.code == 0, (line, run.err)
