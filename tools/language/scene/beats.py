"""What happens in a sentence, one after the other: who does what, as an action or as a look.

Knows verbs, clauses and people; must not know shots. Further actions of the same person in one sentence
stay one beat, because one picture shows them as well as three would.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.language.picture.camera import expressions_in
from tools.language.picture.setting import verb_words
from tools.language.scene.followed import Followed
from tools.language.scene.rules import coverage_rules
from tools.language.scene.strangers import name_pattern, strangers_in
from tools.language.text import small, words_of

_JOINT = re.compile(
    r"\s*[,;:]?\s+(?:and then|but then|then|and|but|while|when|as|until|before)\s+|\s*[,;:]\s+"
)
_MASKED = re.compile(r'"[^"]*"?|\([^()]*\)')
_PRONOUN = re.compile(r"(?i)(?:she|he|they)\b")
_ADVERB = re.compile(r"(?i)^(?:[a-z]+ly|then|now|just|still|again|slowly|once more)\s+")
_DENIED = re.compile(r"(?i)\b(?:not|never|nothing|no longer)\b|n't\b")
_SUBORDINATE = re.compile(
    r"(?i)^(?:and |but |then )?(?:when|as|while|before|after|once|until|because|since)\s+"
    r"(?:she|he|they|[A-Z]\w+)\b[^,;]*?"
    r"\s(?P<second>(?:she|he|they)\s[a-z]+)"
)
_THING = re.compile(r"(?:the|a)\s+\w+\s+(?:is|are|opens|falls|rings|goes)\b")
_NAMES_ONLY = re.compile(r"\W*(?:(?:and|with)\W+)?$")
_POSSESSIVE = re.compile(r"(?i)^(?:her|his|their|[A-Z][\w-]*'s)\s+")
_LEAD = r"(?:[^,]{1,60},\s+)?(?:(?:and|but|then|now|so|when|as|while|finally|suddenly|[A-Za-z]+ly|okay)\s+)*"
_PRONOUN_FIRST = re.compile(
    r"(?i)^(?:[\w'-]+,?\s+){0,8}?(?:she|he|they|both)\b\s*(?:both\s+|just\s+)?"
)
_APPOSITIVE = re.compile(
    r"^\s*(?:\([^()]*\)\s*)*(?:,?\s*in (?:the|her|his|their) [\w' -]{1,50}? look\b\s*)?(?:,\s+)?"
)
_DANGLING = re.compile(
    r"(?i)(?:\s+(?:an?|the|to|at|with|for|of|by|from|on|in|and|her|his|their|past|behind|beside|towards?))+$"
)
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
    pieces: tuple[str, ...]
    """What is not between quotation marks, in its own words."""

    @property
    def outside(self) -> str:
        """The pieces as one text."""
        return " ".join(self.pieces)


def quoted_speech(sentence: str) -> Quoted | None:
    """Part a sentence at its quotation marks, when somebody speaks between them.

    Lettering (`a sign reads "OPEN"`) is no speech: words before it lead up to it without a comma, a
    colon or a verb of speech.
    """
    match = _QUOTE.search(sentence)
    if match is None:
        return None
    before = sentence[: match.start()].rstrip()
    pieces = tuple(filter(None, (piece.strip(" ,.") for piece in _QUOTE.split(sentence))))
    words = {word.lower for piece in pieces for word in words_of(piece)}
    if before and before[-1] not in ",:.!?" and not words & verb_words().speech:
        return None
    return Quoted(speech=sentence[match.start() : match.end()], pieces=pieces)


def beats_of(sentence: str, people: Followed) -> list[Beat]:
    """Read the beats of a sentence in order; people are followed on the way."""
    beats: list[Beat] = []
    for clause in _clauses_of(sentence, people.known):
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
            reaction=_is_reaction(clause.text, predicate),
            denied=_is_denied(clause.text),
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
    return bool(opening[:2] and set(opening[:2]) & verb_words().speech)


def predicate_of(clause: str, names: Sequence[str], *, elided: bool) -> str:
    """Return a clause without its subject; the subject's name must be at its start."""
    if elided:
        return clause
    pronoun = _PRONOUN_FIRST.match(clause)
    if pronoun:
        return clause[pronoun.end() :]
    subjects = "|".join(name_pattern(name).pattern for name in names)
    if not subjects:
        return clause
    both = rf"(?:{subjects})(?!'s)(?:(?:,|,? and|\s*&)\s+(?:{subjects}))*"
    match = re.match(rf"^{_LEAD}{both}", clause)
    if match is None:
        return clause
    rest = clause[match.end() :]
    lead = _APPOSITIVE.match(rest)
    return rest[lead.end() :] if lead else rest


def before_stranger(words: str, at: int) -> str:
    """Cut an action before the words that bring in somebody who is not in the cast."""
    return _DANGLING.sub("", words[:at].rstrip(" ,;:"))


@dataclass(frozen=True)
class _Clause:
    """A piece of a sentence with one subject."""

    start: int
    end: int
    text: str
    elided: bool
    """The subject is that of the clause before."""


def _clauses_of(sentence: str, known: Sequence[str]) -> list[_Clause]:
    """Cut a sentence at new subjects and further verbs; the pieces keep their own words."""
    masked = _MASKED.sub(lambda match: "_" * len(match[0]), sentence)
    cuts = [(0, 0, False)]
    for joint in _JOINT.finditer(masked):
        rest = masked[joint.end() :]
        if _is_compound(masked[cuts[-1][1] : joint.start()], known):
            continue
        if _begins_with_subject(rest, known):
            cuts.append((joint.start(), joint.end(), False))
        elif _begins_with_verb(rest):
            cuts.append((joint.start(), joint.end(), True))
    cuts = [piece for cut in _with_ends(cuts, len(sentence)) for piece in _main_clause(masked, cut)]
    ends = [start for start, _, _ in cuts[1:]] + [len(sentence)]
    pieces = [
        _Clause(begin, end, sentence[begin:end].strip(), elided)
        for (_, begin, elided), end in zip(cuts, ends, strict=True)
    ]
    return [piece for piece in pieces if any(letter.isalnum() for letter in piece.text)]


def _is_reaction(clause: str, predicate: str) -> bool:
    """Say whether a clause is a look, an expression or a part of the face or the hands."""
    rules, verbs = coverage_rules(), verb_words()
    possessive = _POSSESSIVE.match(clause)
    if possessive:
        opening = [word.lower for word in words_of(clause[possessive.end() :])[:2]]
        return bool(rules.parts & set(opening))
    while adverb := _ADVERB.match(predicate):
        predicate = predicate[adverb.end() :]
    words = [word.lower for word in words_of(predicate) if not word.is_mark]
    if not words:
        return False
    if words[0] in verbs.looks:
        return True
    return words[0] in rules.states and any(
        said.start < 40 for said in expressions_in(small(predicate))
    )


def _is_denied(clause: str) -> bool:
    """Say whether a clause tells what does not happen."""
    return bool(_DENIED.search(_MASKED.sub(" ", clause)))


def _with_ends(
    cuts: Sequence[tuple[int, int, bool]], length: int
) -> list[tuple[int, int, bool, int]]:
    ends = [start for start, _, _ in cuts[1:]] + [length]
    return [(*cut, end) for cut, end in zip(cuts, ends, strict=True)]


def _main_clause(text: str, cut: tuple[int, int, bool, int]) -> list[tuple[int, int, bool]]:
    """Cut `when she gets to the top she screams` where its main clause begins."""
    start, begin, elided, end = cut
    match = _SUBORDINATE.match(text[begin:end])
    if match is None:
        return [(start, begin, elided)]
    at = begin + match.start("second")
    return [(start, begin, elided), (at, at, False)]


def _is_compound(before: str, known: Sequence[str]) -> bool:
    """Say whether only names stand before a joint: `Mara and Jonah walk` has one subject."""
    rest = before
    for name in known:
        rest = name_pattern(name).sub("", rest)
    return rest != before and bool(_NAMES_ONLY.fullmatch(rest))


def _begins_with_subject(rest: str, known: Sequence[str]) -> bool:
    if _PRONOUN.match(rest):
        return True
    if any(rest.startswith((name, name.upper())) for name in known):
        return True
    strangers = strangers_in(rest, known)
    return bool(strangers and strangers[0].start == 0) or bool(_THING.match(rest))


def _begins_with_verb(rest: str) -> bool:
    verbs = verb_words()
    word = re.match(r"[a-z]+", _ADVERB.sub("", rest))
    return word is not None and word[0] in verbs.verbs | verbs.looks
