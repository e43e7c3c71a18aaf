"""Issue 6: at least 90 % of the director sentences are right in tool and arguments, in each half.

The halves hold 98 %; the third and the fourth table were said by people who had not read the grammar.
Read blind, the fourth had 82 % of tools and arguments right; it holds what was learned from it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.offline.model import OfflineDirector
from agent.prompts import system_message
from agent.scoring import load_table, score
from agent.tools import build_tools

TABLES = Path(__file__).parents[1] / "sentences"


@pytest.mark.parametrize(
    ("name", "least"), [("first", 0.98), ("second", 0.98), ("third", 0.9), ("fourth", 1.0)]
)
def test_a_table_of_sentences(name: str, least: float) -> None:
    table = load_table(TABLES / f"{name}.yaml")
    result = score(OfflineDirector(), table, build_tools(), system_message)
    failures = "\n".join(
        f"{each.row}: {each.say}\n  expected {each.expected}\n  got      {each.got}"
        for each in result.failures
    )
    assert result.accuracy >= least, f"{name}: {result.accuracy:.3f} right\n{failures}"


def test_both_halves_hold_the_sentences_that_the_issue_asks_for() -> None:
    tables = [load_table(TABLES / f"{half}.yaml") for half in ("first", "second")]
    said = [row.say for table in tables for row in table.rows]
    assert len(said) >= 150
    assert min(len(table.rows) for table in tables) >= 75
