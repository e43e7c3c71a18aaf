"""What happens in a sentence, one after the other: who does what, as an action or as a look.

Knows clauses and people; must not know shots. Further actions of the same person in one sentence
stay one beat, because one picture shows them as well as three would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tools.language.scenes.action_words import predicate_of
from tools.language.scenes.clauses import clauses_of, is_denied, is_reaction
from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.who import Followed
from tools.language.text import words_of

_QUOTE = re.compile(r'"[^"]*"?')
_SPEECH_REACH = 6


@dataclass(frozen=True)
class Beat:
    """A piece of a sentence in its own words."""

    text: str
    start: int
    end: int
    actors: tuple[str, ...]
    leads: tuple[str, ...]
    """Those of them who act."""
    stranger: bool
    """Somebody who is not in the cast acts."""
    cut_at: int | None
    """Where `text` reaches somebody who is not in the cast."""
    elided: bool
    reaction: bool
    denied: bool
    speaks: bool
    """The clause says who speaks."""


@dataclass(frozen=True)
class Quoted:
    """A sentence with a speech in it."""

    speech: str
    outside: str
    """What is not between quotation marks."""


def quoted_speech(sentence: str) -> Quoted | None:
    """Part a sentence at its quotation marks, when somebody speaks between them.

    Lettering (`a sign reads "OPEN"`) is no speech: words before it lead up to it without a comma, a
    colon or a verb of speech.
    """
    match = _QUOTE.search(sentence)
    if match is None:
        return None
    before = sentence[: match.start()].rstrip()
    outside = _QUOTE.sub(" ", sentence).strip(" ,.")
    words = {word.lower for word in words_of(outside)}
    if before and before[-1] not in ",:.!?" and not words & coverage_rules().speech:
        return None
    return Quoted(speech=sentence[match.start() : match.end()], outside=outside)


def beats_of(sentence: str, people: Followed) -> list[Beat]:
    """Read the beats of a sentence in order; people are followed on the way."""
    beats: list[Beat] = []
    for clause in clauses_of(sentence, people.known):
        acting = people.acting(clause.text, elided=clause.elided)
        predicate = predicate_of(clause.text, people.known, elided=clause.elided)
        beat = Beat(
            text=clause.text,
            start=clause.start,
            end=clause.end,
            actors=acting.actors,
            leads=acting.leads,
            stranger=acting.stranger,
            cut_at=acting.cut_at,
            elided=clause.elided,
            reaction=is_reaction(clause.text, predicate),
            denied=is_denied(clause.text),
            speaks=_speaks(predicate) or _speaks(clause.text),
        )
        if beats and _go_together(beats[-1], beat):
            beats[-1] = _joined(sentence, beats[-1], beat)
        else:
            beats.append(beat)
    return beats


def _go_together(before: Beat, beat: Beat) -> bool:
    same = (
        beat.elided
        and not before.speaks
        and before.reaction == beat.reaction
        and before.denied == beat.denied
    )
    return same and before.actors[:1] == beat.actors[:1] and before.stranger == beat.stranger


def _joined(sentence: str, before: Beat, beat: Beat) -> Beat:
    text = sentence[before.start : beat.end].strip()
    shift = beat.start - before.start
    later = None if beat.cut_at is None else beat.cut_at + shift
    return replace(
        before,
        text=text,
        end=beat.end,
        cut_at=later if before.cut_at is None else before.cut_at,
        actors=tuple(dict.fromkeys([*before.actors, *beat.actors]))[:4],
        speaks=before.speaks or beat.speaks,
    )


def _speaks(words: str) -> bool:
    opening = [word.lower for word in words_of(words)[:_SPEECH_REACH]]
    return bool(opening[:2] and set(opening[:2]) & coverage_rules().speech)
