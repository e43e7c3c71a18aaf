"""The sentence table: how it is read, and how a model's answers are compared with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.offline.model import OfflineDirector
from agent.prompts import system_message
from agent.scoring import Score, load_table, score
from agent.tools import build_tools
from tools.errors import BadInput

STUDIOS = {"one": {"production": "Harbour", "characters": [{"name": "Lirien", "person": "woman"}]}}


def _write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "table.yaml"
    path.write_text(yaml.safe_dump({"studios": STUDIOS, "rows": list(rows)}), encoding="utf-8")
    return path


def _row(say: str, tool: str, **args: object) -> dict[str, Any]:
    return {"say": say, "studio": "one", "calls": [{"tool": tool, "args": args}]}


def _score(folder: Path, *rows: dict[str, Any]) -> Score:
    table = load_table(_write(folder, *rows))
    return score(OfflineDirector(), table, build_tools(), system_message)


def test_right_rows(tmp_path: Path) -> None:
    result = _score(
        tmp_path,
        _row("Cast Lirien", "cast", character="Lirien", candidates=4),
        {"say": "hello", "studio": "one", "expect": "chat"},
    )
    assert (result.rows, result.tool_accuracy, result.accuracy) == (2, 1.0, 1.0)
    assert result.failures == ()


def test_free_text_is_compared_as_words(tmp_path: Path) -> None:
    row = _row(
        "Give her a scar, on the chin!",
        "change_character",
        character="Lirien",
        change="Scar on chin",
    )
    assert _score(tmp_path, row).accuracy == 1.0


def test_wrong_arguments_and_wrong_tools_are_told_apart(tmp_path: Path) -> None:
    result = _score(
        tmp_path,
        _row("Cast Lirien", "cast", character="Lirien", candidates=6),
        _row("Cast Lirien", "train", character="Lirien"),
        {"say": "Cast Lirien", "studio": "one", "expect": "question"},
        _row("hello", "status"),
    )
    assert (result.tools_right, result.arguments_right) == (1, 0)
    assert [failure.row for failure in result.failures] == [1, 2, 3, 4]
    assert "'candidates': 6" in result.failures[0].expected
    assert result.failures[2].expected == "question"
    assert result.failures[3].got.startswith("no call: Hello.")


def test_the_order_of_calls_counts(tmp_path: Path) -> None:
    row = {
        "say": "Cast Lirien, then train her",
        "studio": "one",
        "calls": [
            {"tool": "train", "args": {"character": "Lirien"}},
            {"tool": "cast", "args": {"character": "Lirien"}},
        ],
    }
    assert _score(tmp_path, row).tools_right == 0


def test_earlier_messages_are_part_of_a_row(tmp_path: Path) -> None:
    row = {
        **_row("six", "cast", character="Lirien", candidates=6),
        "after": [
            {"role": "user", "text": "Cast her"},
            {"role": "assistant", "text": "How many faces?"},
        ],
    }
    result = _score(tmp_path, row)
    assert result.failures[0].say == "six"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"say": "x", "studio": "two", "expect": "chat"}, r"row 1 \('x'\): no studio 'two'; there are one"),
        (_row("x", "fly"), r"row 1 .*there is no tool 'fly'"),
        (_row("x", "cast"), "row 1 .*cast cannot be called like this: character"),
        ({"say": "x", "studio": "one"}, "row 1 .*a row has calls, or says what to expect instead"),
        ({"say": "x", "studio": "one", "wish": 1}, "rows.0.wish"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load_table(_write(tmp_path, row))


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected a YAML file with studios and rows"):
        load_table(tmp_path / "missing.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("rows: [", encoding="utf-8")
    with pytest.raises(BadInput, match="expected a YAML file with studios and rows"):
        load_table(broken)
