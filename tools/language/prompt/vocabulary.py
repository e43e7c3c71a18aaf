"""What a base understands: its slots, their order, and the nearest words that it knows.

Knows the files of `prompts/bases/`; must not know who is in the picture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from re import Pattern

from pydantic import Field
from rapidfuzz import fuzz, process

from tools.contracts.briefs import Person
from tools.contracts.model import Contract
from tools.errors import UnknownName
from tools.language.lexicon import word_file
from tools.language.numbers import is_number, years_of
from tools.language.text import with_article

_SPELLING_CUTOFF = 86
"""Likeness in per cent from which a phrase counts as a misspelling of a known one: `brick wal`."""

_NEGATION = re.compile(r"(?:no|not|never|without|nothing|\w+n't)\b")
"""A text encoder reads `no beard` as a beard, so what is negated stays out of every prompt."""
_OPENING = frozenset({"framing", "medium"})


class StyleRule(Contract):
    """A form that takes a colour: `{colour} bob haircut`."""

    template: str
    words: tuple[str, ...] = ()
    told_as: dict[str, str] = Field(default_factory=dict)
    """By class noun, the form in whose words it is asked for: the base draws something nearer with them."""
    drawn_as: dict[str, str] = Field(default_factory=dict)
    """By class noun, what is to be seen when this form is asked for, where its name does not say it."""


class SlotRule(Contract):
    """How one slot is said; an empty rule says a phrase as it was given."""

    words: tuple[str, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    hints: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    styles: dict[str, StyleRule] = Field(default_factory=dict)
    default_style: str | None = None
    colours: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    silent: tuple[str, ...] = ()
    prefix: str = ""
    noun: str | None = None
    """What makes an open base's phrase complete: `dark` becomes `dark skin`."""
    complete: tuple[str, ...] = ()
    """Words, or parts of words, that make a phrase complete without the noun."""
    article: bool = False


class Vocabulary(Contract):
    """Prompt rules of one base, as `prompts/bases/NAME.yaml` holds them."""

    name: str
    closed: bool
    """True when only the listed words are understood."""
    max_people: int = Field(ge=1, le=4)
    medium: str
    negative: str | None
    """None for a base that takes no negative prompt."""
    default_light: str
    class_nouns: dict[Person, str]
    ages: dict[str, float]
    """Age words of a closed base, each with the highest age in years that it stands for."""
    opening: dict[str, str]
    sheet: str
    sheet_place: str
    scene_order: tuple[str, ...]
    trait_order: tuple[str, ...]
    slots: dict[str, SlotRule]

    def understands(self, slot: str) -> bool:
        """Say whether a slot has a place in this base's prompts."""
        return slot in {*_OPENING, *self.scene_order, *self.trait_order, *self.slots}

    def nearest(
        self, slot: str, phrase: str, *, colour: str | None = None, on: str | None = None
    ) -> str | None:
        """Return the words of this base for a phrase.

        Args:
            slot: a slot of the scene or a trait.
            phrase: what was said.
            colour: the colour to use where the phrase names none.
            on: class noun of who has or wears it, where that is known.

        Returns:
            The words to use, an empty string when the base draws it without being told, or None
            when it has nothing near.
        """
        rule = self.slots.get(slot, SlotRule())
        said = _folded(phrase)
        if said in rule.silent:
            return ""
        if not self.understands(slot) or _NEGATION.match(said):
            return None
        if not self.closed:
            return _completed(rule, phrase)
        if rule.styles:
            return _styled(rule, said, colour, on)
        return _listed(rule, said)

    def drawn(self, slot: str, phrase: str, on: str) -> str | None:
        """Return what is to be seen where a phrase is asked for, if that is not what it says.

        Args:
            slot: a trait.
            phrase: what was said.
            on: class noun of who has or wears it.
        """
        rule = self.slots.get(slot, SlotRule())
        style = _style_in(rule, _folded(phrase))
        return None if style is None else rule.styles[_told(rule, style, on)].drawn_as.get(on)

    def colour_in(self, slot: str, phrase: str) -> str | None:
        """Return the colour word of this base that a phrase names, if any."""
        return _earliest(self.slots.get(slot, SlotRule()).colours, _folded(phrase))

    def dressed(self, slot: str, words: str) -> str:
        """Add what the slot's rule puts before its words: an article, `wearing`."""
        rule = self.slots.get(slot, SlotRule())
        return rule.prefix + (with_article(words) if rule.article else words)

    def subject(self, person: Person, age: str | None) -> str:
        """Return who is seen, without an article: `middle-aged woman`, `woman in her fifties`."""
        noun = self.class_nouns[person]
        if not age:
            return noun
        if self.closed:
            word = self.age_word(age)
            return f"{word} {noun}" if word else noun
        return _aged(noun, age)

    def age_word(self, age: str) -> str | None:
        """Return a closed base's word for an age; None when the phrase names no age."""
        years = years_of(age)
        if years is None:
            return None
        middle = sum(years) / 2
        return next((word for word, highest in self.ages.items() if middle <= highest), None)


@lru_cache(maxsize=16)
def load_vocabulary(name: str) -> Vocabulary:
    """Read the prompt rules of a base.

    Raises:
        UnknownName: no such file; the message lists the known ones.
        BadInput: the file does not hold a vocabulary.
    """
    folder = files("prompts").joinpath("bases")
    known = sorted(
        entry.name.removesuffix(".yaml")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    )
    if name not in known:
        raise UnknownName(f"no prompt rules for base '{name}'; there are {', '.join(known)}")
    return word_file(Vocabulary, "bases", f"{name}.yaml")


def _aged(noun: str, age: str) -> str:
    """Say an age in free English beside a noun."""
    if is_number(age):
        return f"{age.lower()}-year-old {noun}"
    if age.lower().startswith("in "):
        return f"{noun} {age}"
    return (
        f"{age.lower()} {noun}"
        if re.fullmatch(r"[A-Za-z]+(?:-[A-Za-z]+)*", age)
        else f"{noun}, {age}"
    )


def _folded(phrase: str) -> str:
    return " ".join(phrase.lower().replace("’", "'").split()).strip(" .,;")


def _completed(rule: SlotRule, phrase: str) -> str:
    if rule.noun is None or any(part in phrase.lower() for part in rule.complete):
        return phrase
    if " as " in phrase:
        return f"{rule.noun} {phrase}"
    return f"{phrase.replace(', ', ' ')} {rule.noun}"


def _style_in(rule: SlotRule, said: str) -> str | None:
    return next(
        (name for name, style in rule.styles.items() if _position(style.words, said) is not None),
        rule.default_style,
    )


def _told(rule: SlotRule, style: str, on: str | None) -> str:
    return rule.styles[style].told_as.get(on or "", style)


def _styled(rule: SlotRule, said: str, colour: str | None, on: str | None) -> str | None:
    style = _style_in(rule, said)
    found = _earliest(rule.colours, said)
    if style is None or (
        style == rule.default_style and found is None and not _names(rule, style, said)
    ):
        return None
    template = rule.styles[_told(rule, style, on)].template
    return " ".join(template.format(colour=found or colour or "").split())


def _names(rule: SlotRule, style: str, said: str) -> bool:
    return _position(rule.styles[style].words, said) is not None


def _listed(rule: SlotRule, said: str) -> str | None:
    if said in rule.words:
        return said
    exact = _longest_inside(rule.words, said)
    if exact is not None:
        return exact
    return _earliest(rule.synonyms, said) or _earliest(rule.hints, said) or _misspelt(rule, said)


def _longest_inside(words: Sequence[str], said: str) -> str | None:
    inside = [word for word in words if _position((word,), said) is not None]
    return max(inside, key=len, default=None)


def _misspelt(rule: SlotRule, said: str) -> str | None:
    known = {word: word for word in rule.words} | {
        synonym: word
        for word, synonyms in rule.synonyms.items()
        for synonym in synonyms
        if len(synonym) > 5
    }
    close = process.extractOne(
        said, sorted(known), scorer=fuzz.ratio, score_cutoff=_SPELLING_CUTOFF
    )
    return known[close[0]] if close else None


def _earliest(table: Mapping[str, Sequence[str]], said: str) -> str | None:
    """Return the entry whose word stands first in a phrase, of two at one place the longer."""
    best: tuple[int, int, str] | None = None
    for entry, words in table.items():
        place = _position(words, said)
        if place is not None and (best is None or place < best[:2]):
            best = (*place, entry)
    return best[2] if best else None


def _position(words: Sequence[str], said: str) -> tuple[int, int] | None:
    """Return where a word of a list first stands in a phrase, and minus its length."""
    places = [
        (match.start(), -len(word))
        for word in words
        for match in (_as_word(word).search(said),)
        if match
    ]
    return min(places, default=None)


@lru_cache(maxsize=4096)
def _as_word(word: str) -> Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
