"""A character brief from free text, by rules: the same text always gives the same brief.

Knows slots and labels; asks no model. What no slot takes is kept as free words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief, LookBrief, Person
from tools.contracts.limits import LONGEST_TEXT, MOST_FREE_WORDS
from tools.errors import BadInput
from tools.language.contradictions import refuse_contradictions, refuse_two_persons
from tools.language.lexicon import SLOTS, SlotName, character_lexicon, one_line
from tools.language.names import find_name, person_of_title, tidy_name, working_name
from tools.language.numbers import Age, years_of
from tools.language.sentence import SentenceReading, read_sentence
from tools.language.spelling import typing_errors
from tools.language.syntax import clean
from tools.language.text import plain_text, words_of

_SINGLE: tuple[SlotName, ...] = (
    "skin",
    "hair",
    "eyes",
    "facial_hair",
    "build",
    "headwear",
    "signature_light",
)
_SHORTEST_MENDED = 4
"""`hiar` and `eyse` are what a trait hangs on."""
_LIST_BREAK = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?=an?\s|the\s)")
_LINE_MARKUP = re.compile(r"^[\s>#*•·\-]+(?=\S)", re.MULTILINE)
_INLINE_MARKUP = re.compile(r"\*+|__+|`+")
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<=[.!?;])\s+|\n+")
_LOOK = re.compile(
    r"^(?:look\s+['\"]?(?P<before>[\w][\w '-]{0,59}?)['\"]?|(?P<after>[\w][\w'-]{0,40}) look)"
    r"\s*[:=]\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z '\-]{1,30}?)\s*(?:[:=]|\s-\s)\s*(?P<rest>.*)$")
_DETERMINER = re.compile(r"^(?:an?|the|some|his|her|their|my)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class _Section:
    """One sentence, with the slot that its label names or the look that it describes."""

    text: str
    label: str | None = None
    look: str | None = None


@dataclass
class _BriefDraft:
    """A brief while its sentences are being read."""

    phrases: dict[SlotName, list[str]] = field(default_factory=lambda: {slot: [] for slot in SLOTS})
    recurring: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    ages: list[Age] = field(default_factory=list)
    nouns: list[tuple[str, str]] = field(default_factory=list)
    pronouns: list[str] = field(default_factory=list)
    looks: list[LookBrief] = field(default_factory=list)


def parse_character(text: str, *, name: str | None = None) -> CharacterBrief:
    """Read a brief of up to 4,000 characters into slots.

    Args:
        text: free text, bullet list or labelled lines; `Look NAME: ...` lines describe looks.
        name: the character's name; without it the text's own, else a working name made from the
            text, marked `name_is_invented`.

    Raises:
        BadInput: empty, too long, or contradictory (the message names both phrases).
    """
    plain = _as_meant(plain_text(clean(text).text))
    _refuse_unusable(plain)
    sections = _sections_of(plain)
    said_name = _labelled_name(sections) or find_name(_unlabelled(sections))
    draft = _BriefDraft()
    for section in sections:
        _read_section(section, said_name, draft)
    refuse_two_persons(draft.nouns)
    refuse_contradictions(draft.phrases, draft.ages)
    chosen = tidy_name(name or said_name or "")
    return _brief(draft, chosen or working_name(plain), not chosen, said_name)


def _as_meant(text: str) -> str:
    """Mend typing errors in small letters; a word with a capital may be a name."""
    for known in character_lexicon().spelled:
        for start, end, word in reversed(typing_errors(text, known, _SHORTEST_MENDED)):
            text = text[:start] + word + text[end:]
    return text


def _refuse_unusable(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"the brief has {len(text)} characters; shorten it to {LONGEST_TEXT}")
    words = [word.lower for word in words_of(text) if not word.is_mark]
    if all(word in character_lexicon().stop for word in words):
        raise BadInput(
            "the brief is empty; say who the character is, "
            "for instance: a wiry nurse in her fifties, short grey hair, scar on the cheek"
        )


def _labelled_name(sections: Sequence[_Section]) -> str | None:
    for section in sections:
        first = section.text.partition(",")[0].strip(" .;")
        if (
            section.label == "name"
            and first
            and not character_lexicon().knows(first.split()[0].lower())
        ):
            return first
    return None


def _unlabelled(sections: Sequence[_Section]) -> str:
    return "\n".join(
        section.text for section in sections if section.label is None and not section.look
    )


def _read_section(section: _Section, name: str | None, draft: _BriefDraft) -> None:
    if section.look is not None:
        _read_look(section, name, draft)
    elif section.label is None or section.label in ("name", "person"):
        _add(draft, read_sentence(section.text, name))
    elif section.text.strip(" .;"):
        _read_labelled(section.label, section.text.strip(" .;"), draft)


def _read_labelled(label: str, value: str, draft: _BriefDraft) -> None:
    if label == "age":
        low, high = years_of(value) or (0, 120)
        draft.ages.append(Age(value, 0, 0, low, high))
    elif label == "recurring":
        draft.recurring.extend(_items(value))
    else:
        slot = next(slot for slot in SLOTS if slot == label)
        is_list = slot in ("wardrobe", "marks", "tone")
        draft.phrases[slot].extend(_items(value) if is_list else [_DETERMINER.sub("", value)])


def _items(value: str) -> list[str]:
    parts = (_DETERMINER.sub("", part.strip()) for part in _LIST_BREAK.split(value))
    return [part for part in parts if part]


def _add(draft: _BriefDraft, reading: SentenceReading) -> None:
    for chunk in reading.chunks:
        # "His signature light is candlelight" names the slot before it fills it.
        named = (
            chunk.slot == "signature_light" and chunk.phrase.lower() in character_lexicon().labels
        )
        if chunk.phrase and not named:
            draft.phrases[chunk.slot].append(chunk.phrase)
    draft.recurring.extend(reading.recurring)
    draft.free.extend([*reading.free, *(f"without {item}" for item in reading.without)])
    draft.ages.extend(reading.ages)
    draft.nouns.extend(reading.nouns)
    draft.pronouns.extend(reading.pronouns)


def _read_look(section: _Section, name: str | None, draft: _BriefDraft) -> None:
    reading = read_sentence(section.text, name)
    said: dict[str, list[str]] = {}
    for chunk in reading.chunks:
        said.setdefault(chunk.slot, []).append(chunk.phrase)
    ages = [age.phrase for age in reading.ages]
    look = {
        "wardrobe": _unique(said.pop("wardrobe", [])),
        "headwear": _joined(said.pop("headwear", [])),
        "hair_styling": _joined(said.pop("hair", [])),
        "facial_hair": _joined(said.pop("facial_hair", [])),
        "injuries": _unique(said.pop("marks", [])),
        "ageing": _joined(ages),
        "without": _unique(reading.without),
    }
    try:
        draft.looks.append(LookBrief.model_validate({"name": section.look, **look}))
    except ValidationError as error:
        raise BadInput(f"look {section.look}: {one_line(error)}") from error
    draft.free.extend([*reading.free, *(phrase for phrases in said.values() for phrase in phrases)])
    draft.recurring.extend(reading.recurring)


def _brief(draft: _BriefDraft, name: str, invented: bool, said_name: str | None) -> CharacterBrief:
    single: dict[str, str | None] = {slot: _joined(draft.phrases[slot]) for slot in _SINGLE}
    values: Mapping[str, object] = {
        **single,
        "name": name,
        "name_is_invented": invented,
        "person": _person(draft, said_name),
        "age": _joined([age.phrase for age in draft.ages]),
        "marks": _unique(draft.phrases["marks"]),
        "wardrobe": _unique(draft.phrases["wardrobe"]),
        "tone": _unique(draft.phrases["tone"]),
        "recurring": _unique(draft.recurring),
        "looks": tuple(draft.looks),
        "free_words": _packed(draft.free),
    }
    try:
        return CharacterBrief.model_validate(values)
    except ValidationError as error:
        raise BadInput(f"the brief does not fit: {one_line(error)}") from error


def _person(draft: _BriefDraft, said_name: str | None) -> Person:
    title = person_of_title(said_name) if said_name else None
    known = [kind for _, kind in draft.nouns] + ([title] if title else []) + draft.pronouns
    # A beard says what no noun and no pronoun said; bases draw a "person" of their own choosing.
    known += ["man"] if draft.phrases["facial_hair"] else []
    kinds: tuple[Person, ...] = ("woman", "man", "girl", "boy")
    return next((kind for kind in kinds if known and kind == known[0]), "person")


def _joined(phrases: Iterable[str]) -> str | None:
    return ", ".join(_unique(phrases)) or None


def _unique(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))


def _packed(runs: Sequence[str], longest: int = 300) -> tuple[str, ...]:
    """Keep runs apart while they fit in the contract, else pack neighbours into one phrase."""
    pieces = [piece for run in runs for piece in _cut(run, longest)]
    if len(pieces) <= MOST_FREE_WORDS:
        return tuple(pieces)
    packed = [pieces[0]]
    for piece in pieces[1:]:
        if len(packed[-1]) + len(piece) + 2 <= longest:
            packed[-1] += f", {piece}"
        else:
            packed.append(piece)
    return tuple(packed)


def _cut(run: str, longest: int) -> Iterable[str]:
    while len(run) > longest:
        at = run.rfind(" ", 0, longest)
        at = at if at > 0 else longest
        yield run[:at]
        run = run[at:].strip()
    if run:
        yield run


def _sections_of(text: str) -> list[_Section]:
    """Cut a brief into sentences; a `Look NAME:` line stays one section."""
    sections: list[_Section] = []
    for line in _INLINE_MARKUP.sub(" ", _LINE_MARKUP.sub("", text)).splitlines():
        look = _look_of(line)
        if look is not None:
            sections.append(look)
            continue
        sections.extend(
            _labelled_section(part.strip()) for part in _SENTENCE_END.split(line) if part.strip()
        )
    return sections


def _look_of(line: str) -> _Section | None:
    match = _LOOK.match(line.strip())
    if match is None or _is_label(line.partition(":")[0]):
        return None
    name = (match.group("before") or match.group("after")).strip().lower()
    return _Section(match.group("rest").strip(), look=name)


def _is_label(words: str) -> bool:
    return " ".join(words.lower().split()) in character_lexicon().labels


def _labelled_section(sentence: str) -> _Section:
    match = _LABEL.match(sentence)
    if match is None or not _is_label(match.group("label")):
        return _Section(sentence)
    label = character_lexicon().labels[" ".join(match.group("label").lower().split())]
    rest = match.group("rest").strip()
    return _Section(rest, None if label == "text" else label)
