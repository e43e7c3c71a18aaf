"""How a verb prints: for scripts, for people, for logs."""

from __future__ import annotations

import json

import pytest

from tools.contracts.progress import Progress
from ui.cli.output import number, print_json, print_table, progress_bars, say, warn


def test_answers_go_to_one_stream_and_warnings_to_the_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("done")
    warn("but")
    assert capsys.readouterr() == ("done\n", "but\n")


def test_json_is_one_value_with_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Élodie"})
    out = capsys.readouterr().out
    assert "Élodie" in out
    assert json.loads(out) == {"name": "Élodie"}
    print_json(Progress(stage="cast", done=1, total=2))
    assert json.loads(capsys.readouterr().out)["stage"] == "cast"


def test_a_table_keeps_long_cells_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("takes", ["take", "reasons"], [["5A T1", "word " * 60]])
    out = capsys.readouterr().out
    assert "takes" in out
    assert out.count("word") == 60


@pytest.mark.parametrize(
    ("value", "digits", "written"), [(None, 3, "–"), (0.12345, 3, "0.123"), (2.0, 1, "2.0")]
)
def test_numbers(value: float | None, digits: int, written: str) -> None:
    assert number(value, digits) == written


def test_a_log_gets_a_line_at_the_start_and_at_every_quarter_of_a_stage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_bars() as sink:
        for done in range(9):
            sink(Progress(stage="draw", done=done, total=8))
        sink(Progress(stage="load", done=3, total=0, note="weights"))
        sink(Progress(stage="load", done=4, total=0))
    assert capsys.readouterr().err.splitlines() == [
        *("draw 0/8", "draw 2/8", "draw 4/8", "draw 6/8", "draw 8/8"),
        "load  weights",
    ]


def test_a_terminal_gets_one_bar_a_stage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_bars() as sink:
        sink(Progress(stage="draw", done=0, total=8))
        sink(Progress(stage="draw", done=8, total=8, note="last"))
    assert "8/8 last" in capsys.readouterr().err


def test_a_table_keeps_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    """`FLUX.1 [dev]` lost its name: brackets were read as markup."""
    print_table("bases", ["name"], [["FLUX.1 [dev]"], ["[bold]Mara[/bold]"]])
    out = capsys.readouterr().out
    assert "FLUX.1 [dev]" in out
    assert "[bold]Mara[/bold]" in out
