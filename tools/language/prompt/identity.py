"""The identity block: the locked sentence of what never changes, and of the look in use.

Knows briefs, looks and the words of a base; must not know the shot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.contracts.limits import LONGEST_BLOCK
from tools.contracts.model import Contract
from tools.contracts.shots import Removal, Replacement
from tools.errors import BadInput, UnknownName
from tools.language.change_words import names_colour
from tools.language.lexicon import english
from tools.language.numbers import years_of
from tools.language.prompt.lint import lint
from tools.language.prompt.vocabulary import Vocabulary
from tools.language.text import words_of

DEFAULT_LOOK = "default"
_MANY_OF_A_CLOSED_BASE = frozenset({"marks"})
_WORN = frozenset({"wardrobe", "headwear", "recurring"})


class WrittenIdentity(Contract):
    """A character's identity in the words of one base; the same inputs give the same bytes."""

    text: str = Field(min_length=1, max_length=LONGEST_BLOCK)
    subject: str
    """Who is seen, without an article: `young man`."""
    class_noun: str
    """The class that the character belongs to: `man`."""
    replaced: tuple[Replacement, ...] = ()
    left_out: tuple[str, ...] = ()
    """What the base does not understand, as `slot: words`."""
    removed: tuple[Removal, ...] = ()


@dataclass
class _BlockNotes:
    """What happened to the words on their way into the block."""

    noun: str
    """Class noun of the character."""
    replaced: list[Replacement] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)


def identity_block(brief: CharacterBrief, look: str, vocabulary: Vocabulary) -> WrittenIdentity:
    """Write the identity block of a character in a look, for a base.

    Args:
        brief: the character.
        look: a look's name, or `default`.
        vocabulary: the base's words and their order.

    Raises:
        UnknownName: the brief has no such look.
        BadInput: the block would be longer than 1,200 characters.
    """
    traits = _traits(brief, look_of(brief, look))
    card = _BlockNotes(vocabulary.class_nouns[brief.person])
    subject = _subject(brief, traits.pop("age"), vocabulary, card)
    said = {slot: _said(slot, traits, vocabulary, card) for slot in vocabulary.trait_order}
    _place_recurring(traits.get("recurring", []), said, vocabulary, card)
    card.left_out.extend(
        f"{slot}: {phrase}"
        for slot in ("tone", "free")
        if slot not in vocabulary.trait_order
        for phrase in traits[slot]
    )
    text = ", ".join(part for part in said.values() if part) or subject
    if len(text) > LONGEST_BLOCK:
        raise BadInput(
            f"{brief.name}: identity block of {len(text)} characters; keep it under {LONGEST_BLOCK}"
        )
    return WrittenIdentity(
        text=text,
        subject=subject,
        class_noun=vocabulary.class_nouns[brief.person],
        replaced=tuple(card.replaced),
        left_out=tuple(card.left_out),
        removed=tuple(card.removed),
    )


def in_other_clothes(
    brief: CharacterBrief, look: str, vocabulary: Vocabulary, garment: str
) -> WrittenIdentity:
    """Write the block of a look with a garment in place of its clothes; hats and all else stay.

    Raises:
        UnknownName: the brief has no such look.
    """
    worn = look_of(brief, look)
    looks = tuple(
        each.model_copy(update={"wardrobe": (garment,)}) if each == worn else each
        for each in brief.looks
    )
    dressed = brief.model_copy(update={"wardrobe": (garment,), "looks": looks})
    return identity_block(dressed, look, vocabulary)


def look_of(brief: CharacterBrief, name: str) -> LookBrief:
    """Return a look by name; the default look changes nothing.

    Raises:
        UnknownName: the message lists the looks that there are.
    """
    found = next((look for look in brief.looks if look.name == name), None)
    if found is None and name != DEFAULT_LOOK:
        known = ", ".join([DEFAULT_LOOK, *(look.name for look in brief.looks)])
        raise UnknownName(f"{brief.name} has no look '{name}'; there are {known}")
    return found or LookBrief(name=DEFAULT_LOOK)


def is_replacement(said: str, used: str) -> bool:
    """Say whether other words are used than were said; word order and articles do not count."""
    return _bare(said) != _bare(used)


def replacement_words(each: Replacement) -> str:
    """Say a replacement in one sentence without its full stop."""
    if each.drawn is None:
        return f"“{each.said}” is not known to the base; “{each.used}” goes in its place"
    return f"“{each.said}”: this base draws {each.drawn} for it; the block says “{each.used}”"


def _bare(phrase: str) -> list[str]:
    return sorted(
        word.lower
        for word in words_of(phrase)
        if not word.is_mark and word.lower not in english().small
    )


def _traits(brief: CharacterBrief, look: LookBrief) -> dict[str, list[str]]:
    """Collect the phrases of each slot as they are in this look, the look's own first."""
    headwear = look.headwear or brief.headwear
    styling = look.hair_styling
    hair = None if styling and names_colour(styling) else brief.hair
    traits: dict[str, list[str]] = {
        "age": _present(look.ageing, brief.age),
        "skin": _present(brief.skin),
        "hair": _present(styling, hair),
        "eyes": _present(brief.eyes),
        "facial_hair": _without(_present(look.facial_hair or brief.facial_hair), look.without),
        "marks": [*brief.marks, *look.injuries],
        "build": _present(brief.build),
        "headwear": _without(_present(headwear), look.without),
        "wardrobe": _without(look.wardrobe or brief.wardrobe, look.without),
        "recurring": _without(brief.recurring, look.without),
        "tone": [*brief.tone],
        "free": [*brief.free_words],
    }
    return traits


def _present(*phrases: str | None) -> list[str]:
    return [phrase for phrase in phrases if phrase]


def _without(items: Iterable[str], taken_off: Sequence[str]) -> list[str]:
    nouns = {phrase.lower().split()[-1] for phrase in taken_off}
    return [item for item in items if not nouns & set(item.lower().split())]


def _subject(
    brief: CharacterBrief, ages: list[str], vocabulary: Vocabulary, card: _BlockNotes
) -> str:
    age = next((age for age in ages if years_of(age) is not None), None)
    card.left_out.extend(
        f"age: {other}" for other in ages if other != age and years_of(other) is None
    )
    subject = vocabulary.subject(brief.person, age)
    noun = vocabulary.class_nouns[brief.person]
    if noun != brief.person:
        card.replaced.append(Replacement(slot="person", said=brief.person, used=noun))
    word = vocabulary.age_word(age) if age and vocabulary.closed else None
    if age and word and is_replacement(age, word):
        card.replaced.append(Replacement(slot="age", said=age, used=word))
    return subject


def _said(
    slot: str, traits: dict[str, list[str]], vocabulary: Vocabulary, card: _BlockNotes
) -> str:
    if slot == "recurring" and vocabulary.closed:
        return ""
    phrases = [_linted(slot, phrase, card) for phrase in traits.get(slot, [])]
    if not vocabulary.closed:
        return _joined_open(slot, [phrase for phrase in phrases if phrase], vocabulary, card)
    colour = vocabulary.colour_in("hair", " ".join(traits["hair"])) if "hair" in slot else None
    used: list[str] = []
    for phrase in phrases:
        words = vocabulary.nearest(slot, phrase, colour=colour, on=card.noun) if phrase else ""
        if words is None or (used and slot not in _MANY_OF_A_CLOSED_BASE):
            card.left_out.append(f"{slot}: {phrase}")
        elif words:
            _note(slot, phrase, words, vocabulary, card)
            used.append(words)
    return ", ".join(vocabulary.dressed(slot, words) for words in dict.fromkeys(used))


def _linted(slot: str, phrase: str, card: _BlockNotes) -> str:
    """Clean a phrase; what is worn is never touched."""
    if slot in _WORN:
        return phrase
    cleaned = lint(phrase)
    card.removed.extend(cleaned.removed)
    return cleaned.text


def _note(slot: str, said: str, used: str, vocabulary: Vocabulary, card: _BlockNotes) -> None:
    drawn = vocabulary.drawn(slot, said, card.noun)
    if drawn or is_replacement(said, used):
        card.replaced.append(Replacement(slot=slot, said=said, used=used, drawn=drawn))


def _joined_open(slot: str, phrases: list[str], vocabulary: Vocabulary, card: _BlockNotes) -> str:
    found = {phrase: vocabulary.nearest(slot, phrase) for phrase in phrases}
    card.left_out.extend(f"{slot}: {phrase}" for phrase, words in found.items() if words is None)
    spoken = [words for words in found.values() if words]
    if slot != "wardrobe" or not spoken:
        return ", ".join(vocabulary.dressed(slot, words) for words in spoken)
    rule = vocabulary.slots["wardrobe"]
    items = [vocabulary.dressed("wardrobe", words).removeprefix(rule.prefix) for words in spoken]
    listed = " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]
    return rule.prefix + listed


def _place_recurring(
    items: list[str], said: dict[str, str], vocabulary: Vocabulary, card: _BlockNotes
) -> None:
    """Give a recurring item the clothes or the hat of a closed base where the look has none."""
    if not vocabulary.closed:
        return
    for item in items:
        slot = next(
            (
                slot
                for slot in ("wardrobe", "headwear")
                if not said.get(slot) and vocabulary.nearest(slot, item)
            ),
            None,
        )
        words = vocabulary.nearest(slot, item, on=card.noun) if slot else None
        if slot is None or not words:
            card.left_out.append(f"recurring: {item}")
            continue
        _note(slot, item, words, vocabulary, card)
        said[slot] = vocabulary.dressed(slot, words)
