"""Who is in a picture: the named of the cast, each with look and own light, and the named who are not.

Knows names, looks and how a light is given to one of several; must not know the other slots, nor what
`she` means, which only the conversation tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern
from typing import Protocol

from tools.contracts.limits import MOST_IN_FRAME
from tools.contracts.model import Contract
from tools.language.lexicon import Words, character_lexicon, word_file
from tools.language.picture.phrases import either
from tools.language.picture.setting import acts, is_light, lights_in, names_place
from tools.language.text import NAME_MARK, Text

DEFAULT_LOOK = "default"
_TIE = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|plus|with)\s+|\s*&\s*)"
_OWNER = re.compile(rf"{NAME_MARK}+(?: (?:is|being|who is|standing|sitting|'s))?,?\s*$")
_ACTS_ON = re.compile(rf"(?:'s)?\s+(?:and|with)\s+{NAME_MARK}")
_CAPITALISED = re.compile(r"(?<![./~\w-])[^\W\d_a-z][\w]{2,}(?![\w-])")
_STARTS = re.compile(r"(?:^|[.!?:\n]\s*[\"'(]?)$")
_THING = re.compile(r"\b(?:an?|the|his|her|their|my|our|its|some|this|that|of the)\s+(?:\w+\s+)?$")
"""An article before a capitalised word: `a Leica`, `the old Bible` are things."""
_ALONE = re.compile(r"\s*(?:,|$|(?:at|in|on|by|from|under|behind|with|is)\b)")
_DESCRIBES = ("ed", "ing", "ly", "less", "ful")


class CastLike(Protocol):
    """Somebody of the cast, as far as a picture knows them."""

    @property
    def name(self) -> str: ...

    @property
    def looks(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class InPicture:
    """Somebody of the cast in a picture."""

    name: str
    look: str | None = None
    light: str | None = None


class StrangerWords(Contract):
    """`prompts/picture/people.yaml`."""

    trade: Words
    both: tuple[str, ...]
    beside: tuple[str, ...]
    look_leads: tuple[str, ...]
    look_nouns: tuple[str, ...]


@lru_cache(maxsize=1)
def people_words() -> StrangerWords:
    """Read the file once."""
    return word_file(StrangerWords, "picture", "people.yaml")


def says_both(small: str) -> bool:
    """Say whether words mean two people at once: `both of them`, `the pair`."""
    return re.search(rf"\b{either(people_words().both)}\b", small) is not None


def take_people(
    text: Text, cast: Sequence[CastLike], pointed: Sequence[str]
) -> tuple[Text, tuple[InPicture, ...]]:
    """Take looks and own lights out of a text; return who is in frame.

    Args:
        text: the words that nothing has taken.
        cast: everybody who may be named, with their looks.
        pointed: who is meant where nobody is named.
    """
    names = list(text.names)
    if not names and says_both(text.small) and len(cast) == 2:
        names = [each.name for each in cast]
    names = (names or list(pointed))[:MOST_IN_FRAME]
    looks: dict[str, str] = {}
    for member in cast:
        found = _look(member, text, len(names)) if member.name in names else None
        if found:
            looks[member.name] = found[0]
            text = text.taking(found[1])
    lights = _own_lights(text, names) if len(names) > 1 else {}
    text = text.taking(*(span for span, _ in lights.values()))
    people = (
        InPicture(name, looks.get(name), lights[name][1] if name in lights else None)
        for name in names
    )
    return text, tuple(people)


def strangers_in(text: Text, left: str, place: str, *, opens: bool) -> tuple[str, ...]:
    """Return the named of a picture who are nobody of the cast; nobody in words that are shouted.

    Args:
        text: all the words, nothing taken.
        left: those that no slot took; a stranger's name is one of them.
        place: where it is; a place may be named ("in Paris"), but nobody stands behind a town.
        opens: whether nobody was named or pointed at before the words or in them.
    """
    found: list[str] = []
    beside = re.compile(rf"\b{either(people_words().beside)}\s+$")
    for match in _capitalised(text):
        name, before = match.group(), text.small[: match.start()]
        if _STARTS.search(text.text[: match.start()]) and not _acts(match, text, opens):
            continue
        is_left = _holds(left, name) and not _THING.search(before)
        if is_left or (_holds(place, name) and beside.search(before)):
            found.append(name)
    return tuple(dict.fromkeys(found))


def first_stranger(text: Text) -> str | None:
    """Return a capitalised word inside a sentence that is nobody of the cast and no word of the trade."""
    names = (m.group() for m in _capitalised(text) if not _STARTS.search(text.text[: m.start()]))
    return next(names, None)


def strangers_beside_cast(text: Text) -> tuple[str, ...]:
    """Return the strangers that are listed with somebody of the cast: `Lirien and Mara`."""
    after, before = re.compile(rf"{NAME_MARK}+{_TIE}$"), re.compile(rf"{_TIE}{NAME_MARK}+")
    found = [
        match.group()
        for match in _capitalised(text)
        if after.search(text.small[: match.start()]) or before.match(text.small, match.end())
    ]
    return tuple(dict.fromkeys(found))


def without_names(words: str, names: Sequence[str]) -> str:
    """Return words less some names and what tied these to them."""
    for name in names:
        words = re.sub(rf"(?:\b(?:and|with)\s+)?\b{re.escape(name)}\b(?:'s)?", " ", words)
    return " ".join(words.split()).strip(" ,;:&-")


def may_be_name(word: str) -> bool:
    """Say whether a capitalised word may be somebody: no list of the trade knows it."""
    lexicon = character_lexicon()
    return not lexicon.knows(word.lower()) and word.lower() not in people_words().trade


def _capitalised(text: Text) -> Iterator[Match[str]]:
    if text.text.isupper():
        return
    for match in _CAPITALISED.finditer(text.text):
        word = match.group()
        is_shout = word.isupper() and len(word) < 4
        unmasked = text.small[match.start()] == word[0].lower()
        if word[0].isupper() and unmasked and not is_shout and may_be_name(word):
            yield match


def _acts(match: Match[str], text: Text, opens: bool) -> bool:
    """Say whether the first word of a sentence is somebody, not a verb or a noun: `Petra waits`."""
    word, after = match.group().lower(), text.small[match.end() :]
    if word.endswith(_DESCRIBES) or acts(word) or names_place(word) or is_light(word):
        return False
    following = after.lstrip().split(" ")[0].strip(",.")
    if (following and acts(following)) or _ACTS_ON.match(after):
        return True
    return opens and match.start() == 0 and _ALONE.match(after) is not None


def _holds(words: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", words) is not None


def _look(member: CastLike, text: Text, count: int) -> tuple[str, tuple[int, int]] | None:
    """Return the look of somebody's that is named, and where."""
    for look in sorted(member.looks, key=len, reverse=True):
        if look.lower() == DEFAULT_LOOK:
            continue
        for match in _look_pattern(look).finditer(text.small):
            if count == 1 or _nearest(match.start(), text) == member.name:
                return look, match.span()
    return None


def _look_pattern(look: str) -> Pattern[str]:
    words = people_words()
    said = r"(?: (?:the|a|an|her|his) | )".join(map(re.escape, look.lower().split()))
    lead = rf"(?:{either(words.look_leads)} )?(?:(?:the|a|an|her|his|their|that) )?"
    return re.compile(rf"(?<![\w-]){lead}{said}(?: {either(words.look_nouns)})?(?![\w-])")


def _nearest(at: int, text: Text) -> str | None:
    """Return whose name stands last before a place, else the first one after it."""
    before = [each.name for each in text.named if each.start < at]
    after = [each.name for each in text.named if each.start > at]
    return before[-1] if before else (after[0] if after else None)


def _own_lights(text: Text, names: Sequence[str]) -> dict[str, tuple[tuple[int, int], str]]:
    """Take `Lirien by candlelight, Daro in moonlight` apart; one light for all is nobody's own."""
    found: dict[str, tuple[tuple[int, int], str]] = {}
    for match in lights_in(text.small, led=True):
        owner = _OWNER.search(text.small[: match.start()])
        name = _nearest(match.start(), text) if owner else None
        if name in names and name is not None:
            found.setdefault(name, (match.span(), text.said(*match.span("said"))))
    last = max((span[1] for span, _ in found.values()), default=0)
    others_follow = any(each.start >= last for each in text.named)
    return found if len(found) > 1 or (found and others_follow) else {}
