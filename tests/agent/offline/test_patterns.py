"""Pattern files are checked when they are read: groups, short names, lengths, groups that are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from agent.offline import patterns
from agent.offline.commands import OF_A_PART, OF_THE_REST
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.references import ShotWords, TakeWords
from agent.offline.sentences import MessageWords
from agent.toolkit.registry import tools_by_name
from tools.errors import BadInput


def test_every_command_reads_a_block_that_holds_what_it_asks_for() -> None:
    for command in (*OF_THE_REST, *OF_A_PART):
        command.words.read()
    for block in (MessageWords, TakeWords, ShotWords):
        block.read()


def test_every_tool_has_a_command() -> None:
    assert {command.tool for command in (*OF_THE_REST, *OF_A_PART)} == set(tools_by_name())


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        (["a{unheard_of}"], "unknown short name"),
        (["(a"], "no pattern"),
        (["a" * 201], "201 letters"),
        (["(?P<m>a)"], "needs one of the groups"),
    ],
)
def test_a_block_that_is_wrong_is_refused(
    sources: list[str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True)
    class Wrong(Block, block="wrong", file="wrong.yaml"):
        said: Annotated[Patterns, Groups(("n",))]

    held = {**patterns._file("message.yaml"), "wrong": {"said": sources}}
    monkeypatch.setattr(patterns, "_file", lambda _: held)
    with pytest.raises(BadInput, match=problem):
        Wrong.read()


def test_a_group_that_nobody_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Few(Block, block="few", file="few.yaml"):
        said: Patterns

    monkeypatch.setattr(patterns, "_file", lambda _: {"few": {"said": ["a"], "more": ["b"]}})
    with pytest.raises(BadInput, match="expected the groups"):
        Few.read()


def test_what_stands_in_a_gap_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Gap(Block, block="gap", file="gap.yaml"):
        said: Patterns

    monkeypatch.setattr(patterns, "_file", lambda _: {"gap": {"said": ["^show{gap}picks"]}})
    taken = [*Gap.read().said.taken("show blue picks")]
    assert taken == [(0, 4), (10, 15)]
