"""Slips of the keyboard are read as what was meant, asked about, or left; free words stay as typed."""

from __future__ import annotations

import pytest

from agent.offline.conversation import Heard
from agent.offline.dialogue_state import enter
from agent.offline.spelling import mended
from tests.support.director_says import answer, calls, studio


def _meant(words: str, name: str = "pair") -> str:
    return mended(words, enter(Heard(studio(name), words))).words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trian Lirien", "train Lirien"),
        ("recieve the finsihed files", "receive the finished files"),
        ("shoot 12A thru 12C", "shoot 12A through 12C"),
        ("INT. KITCHEN - NIGHT", "INT. KITCHEN - NIGHT"),
        ("Cast Zoran", "Cast Zoran"),
        ("~/shoots/lirien_tets", "~/shoots/lirien_tets"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert _meant(typed).lower() == meant.lower()


def test_a_slip_in_a_name_is_that_cast_member() -> None:
    assert calls("pair", "cast Dar o's friend Lirein") == [("cast", {"character": "Lirien"})]


def test_another_name_is_asked_about_and_never_somebody_else() -> None:
    for say in ("close-up of Dario at the bar", "Élodie is in her forties now", "train Liriana"):
        reply = answer("pair", say)
        assert reply.tool_calls == []
        assert str(reply.text).endswith("?")


def test_free_words_stay_as_they_were_typed() -> None:
    ((tool, args),) = calls("takes", "rejcet 2, teh lihgt is too hard, agian")
    assert (tool, args) == (
        "reject",
        {"takes": ["2"], "note": "teh lihgt is too hard", "again": True},
    )
