"""The practice table, and that no sentence of any table loses a word in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent.offline.commands import OF_A_PART, OF_THE_REST
from agent.offline.conversation import Heard, Line
from agent.offline.dialogue_state import enter
from agent.offline.director import Plan, answer
from agent.offline.model import OfflineDirector
from agent.offline.patterns import Block, Patterns
from agent.offline.references import ShotWords, TakeWords
from agent.offline.sentences import MessageWords
from agent.offline.spelling import mended
from agent.prompts import system_message
from agent.scoring import SentenceRow, Table, load_table, score
from agent.tools import build_tools
from tools.language.lexicon import character_lexicon
from tools.language.picture.picture import picture_words
from tools.language.slate import slates_in
from tools.language.text import words_of

TABLES = Path(__file__).parents[1] / "sentences"
NAMES = ("first", "second", "third", "fourth", "practice")


def test_practice_sentences() -> None:
    table = load_table(TABLES / "practice.yaml")
    result = score(OfflineDirector(), table, build_tools(), system_message)
    failures = "\n".join(f"{each.row}: {each.say}\n  {each.got}" for each in result.failures)
    assert len(table.rows) >= 150
    assert result.tool_accuracy >= 0.98, failures
    assert result.accuracy >= 0.95, failures


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_lost_in_silence(name: str) -> None:
    """Every word is in an argument, said by a pattern of the command or of courtesy, or in the answer."""
    table = load_table(TABLES / f"{name}.yaml")
    lost = {row.say: words for row in table.rows if (words := _lost(row, table))}
    assert lost == {}


def _heard(row: SentenceRow, table: Table) -> Heard:
    earlier = tuple(Line(each.role == "user", each.text) for each in row.after)
    return Heard(table.studios[row.studio], row.say, earlier)


def _lost(row: SentenceRow, table: Table) -> list[str]:
    heard = _heard(row, table)
    plan = answer(heard)
    if not plan.calls:
        return []  # a question or a refusal: nothing is done
    state = enter(heard)
    text = state.text(mended(row.say, state).words)
    spans = [*_taken(text.small, plan), *((each.start, each.end) for each in text.named)]
    kept: set[str] = {word.lower() for call in plan.calls for word in _words(dict(call.args))}
    kept |= {each.lower for each in words_of(plan.text)}
    kept |= character_lexicon().stop
    if any("shots" in call.args for call in plan.calls):
        kept |= picture_words()
    return [
        word.text
        for word in words_of(text.small)
        if not word.is_mark
        and not {word.text, word.text.removesuffix("s"), word.text.partition("'")[0]} & kept
        and not any(start < word.end and word.start < end for start, end in spans)
    ]


def _taken(small: str, plan: Plan) -> Iterator[tuple[int, int]]:
    tools = {call.tool for call in plan.calls}
    blocks: list[type[Block]] = [MessageWords, TakeWords, ShotWords]
    blocks += [each.words for each in (*OF_THE_REST, *OF_A_PART) if each.tool in tools]
    for kind in blocks:
        words = kind.read()
        for field in fields(words):
            patterns = getattr(words, field.name)
            if isinstance(patterns, Patterns):
                yield from patterns.taken(small)
    yield from slates_in(small).spans
    for word in words_of(small):
        if MessageWords.read().filler.first(word.text):
            yield word.start, word.end


def _words(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, str):
        yield from (word.text for word in words_of(value))
