"""What a director's note on a take changes in the shot that is drawn next.

Knows the rules of `prompts/scenes/notes.yaml`. Only the scene part of a shot changes: the cast and
their looks stay, and so does the anchor byte for byte, but for the light on a person when the note
speaks of it. Words that contradict the identity block change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.contracts.briefs import CharacterBrief
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.planning import Change, Revision
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.notes.note_action import action_asked, take_denied_actions, wears
from tools.language.notes.note_identity import identity_phrase
from tools.language.notes.note_light import light_asked
from tools.language.notes.note_rules import note_rules
from tools.language.notes.note_text import NoteText
from tools.language.notes.note_things import things_asked
from tools.language.prompt.prompt import light_on
from tools.language.prompt.vocabulary import Vocabulary
from tools.language.scenes.action_words import clipped
from tools.language.scenes.camera_words import (
    Said,
    angles_in,
    any_of,
    expressions_in,
    framings_in,
    lenses_in,
    views_in,
)
from tools.language.scenes.whereabouts import place_span
from tools.language.text import plain_text

_SIZES = tuple(Framing)
_BARE_LENS = re.compile(
    r"\b(?:on|with|use|try|to|a|an)\s+(?:an?\s+)?(?P<length>14|18|20|21|24|25|28|32|35|40|50|65|75|80|85|90|100|105|135|150|180|200)\b(?!\s*(?:mm|year|%|step|\d))",
    re.IGNORECASE,
)
_ENOUGH = re.compile(r"^\s+enough\b", re.IGNORECASE)
_LESS_AFTER = re.compile(r"^\s+(?:a bit |a little |much |far )?less\b", re.IGNORECASE)
_WHERE_FELT = re.compile(
    r"\s+(?:enough|so \w+|(?:in|on) (?:her|his|their|the) (?:eyes|face|mouth|lips))\b",
    re.IGNORECASE,
)
_IS_TOO = re.compile(r"^\s+(?:is|are|looks?|feels?)\s+(?:far |way |much )?too\s+\w+", re.IGNORECASE)
_SOFTENED = re.compile(r"\b(?:less|so|quite so|as)\b", re.IGNORECASE)


@dataclass
class _Reading:
    """A shot while a note changes it."""

    note: NoteText
    shot: ShotRequest
    values: dict[str, object] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def change(self, name: str, new: str, words: str) -> None:
        """Set a field, unless it is so already."""
        old = getattr(self.shot, name)
        if old == new:
            self.note.idle.append(words)
            return
        self.values[name] = new
        self.changes.append(Change(field=name, old=None if old is None else str(old), new=new))

    def take(self, said: Said) -> None:
        """Mark a phrase as understood."""
        self.note.take(said.start, said.end)


def revise(
    shot: ShotRequest,
    note: str,
    vocabulary: Vocabulary,
    brief: CharacterBrief | None = None,
    *,
    keep_anchor: bool = False,
) -> Revision:
    """Read a note on a take and return the shot as it is to be drawn next.

    Args:
        shot: the shot as it was drawn.
        note: the director's words.
        vocabulary: the base's words, by which the light of the anchor is kept.
        brief: the character in frame; without it a signature light cannot be known.
        keep_anchor: the director chose to keep the identity: words against it are passed over and
            the rest of the note is done.
    """
    reading = _Reading(NoteText(" ".join(plain_text(note).split())), shot)
    names = tuple(member.character for member in shot.cast)
    _camera(reading)
    _expression(reading)
    light = _light(reading, names)
    _place(reading)
    identity = None if keep_anchor else _identity(reading, brief, names)
    if identity is not None:
        return Revision(shot=shot, identity=identity)
    _action(reading, names)
    _things(reading)
    revised = shot.model_copy(update=reading.values)
    kept = None if light else _kept_light(shot, revised, vocabulary, brief)
    if kept:
        revised = revised.model_copy(update={"cast": _lit(revised, kept, brief)})
    return Revision(
        shot=ShotRequest.model_validate(revised.model_dump()),
        changes=tuple(reading.changes),
        unused=tuple(dict.fromkeys(reading.note.unused())),
        light_kept=kept,
    )


def _camera(reading: _Reading) -> None:
    """Read lens, angle, side and framing, in this order: `wide lens` is no framing."""
    _lens(reading)
    _angle(reading)
    for said in _wanted(reading, views_in(reading.note.text)):
        reading.change("view", View(said.meaning), said.words)
        break
    _framing(reading)


def _lens(reading: _Reading) -> None:
    for said in _wanted(reading, lenses_in(reading.note.text)):
        number = re.match(r"\d+", said.words)
        reading.change("lens", f"{number[0]}mm" if number else said.meaning, said.words)
        return
    bare = _BARE_LENS.search(reading.note.text)
    if bare:
        reading.note.take(*bare.span())
        reading.change("lens", f"{bare['length']}mm", bare.group())


def _angle(reading: _Reading) -> None:
    note = reading.note
    faults = [(height, note.find(words)) for height, words in note_rules().heights.items()]
    for _, match in faults:
        if match:
            note.take(*match.span())
    for said in _wanted(reading, angles_in(note.text)):
        reading.change("angle", said.meaning, said.words)
        return
    for height, match in faults:
        if match:
            reading.change("angle", height, match.group())


def _wanted(reading: _Reading, found: list[Said]) -> list[Said]:
    """Take all phrases of a list and return those that are not denied."""
    free = [said for said in found if reading.note.is_free(said.start, said.end)]
    for said in free:
        reading.take(said)
    return [s for s in free if not s.negated and not reading.note.is_denied(s.start)]


def _framing(reading: _Reading) -> None:
    note, rules = reading.note, note_rules()
    step = 0
    for words, direction in ((rules.closer, -1), (rules.wider, 1)):
        while match := note.find(words):
            note.take(*match.span())
            step = direction
    sizes = _wanted(reading, framings_in(note.text))
    if sizes:
        reading.change("framing", Framing(sizes[0].meaning), sizes[0].words)
        return
    shown = _shown(note)
    if shown is not None:
        reading.change("framing", shown, "what is to be seen")
    elif step:
        at = min(max(_SIZES.index(reading.shot.framing) + step, 0), len(_SIZES) - 1)
        reading.change("framing", _SIZES[at], "closer" if step < 0 else "wider")


def _shown(note: NoteText) -> Framing | None:
    """Return the size that holds what the note wants in frame."""
    rules = note_rules()
    verbs = "|".join(map(re.escape, rules.see_verbs))
    leads = (
        (rules.only, r"\b(?:just|only)\s+(?:(?:see|show|on)\s+)?(?:the\s+|her\s+|his\s+)?"),
        (rules.show, rf"\b(?:{verbs})\s+(?:more of\s+)?(?:the\s+|her\s+|his\s+|their\s+)?"),
    )
    for table, lead in leads:
        for size, words in table.items():
            match = re.search(lead + any_of(words).pattern, note.text, re.IGNORECASE)
            if match and note.is_free(*match.span()) and not note.is_denied(match.start()):
                note.take(*match.span())
                return size
    return None


def _expression(reading: _Reading) -> None:
    note = reading.note
    found = [said for said in expressions_in(note.text) if note.is_free(said.start, said.end)]
    wanted = [said for said in found if not _is_too_much(note, said)]
    for said in found:
        after = note.text[said.end :]
        tail = _WHERE_FELT.match(after) or _IS_TOO.match(after)
        note.take(said.start, said.end + (tail.end() if tail else 0))
    if wanted:
        reading.change("expression", Expression(wanted[0].meaning), wanted[0].words)
    elif found:
        softened = _SOFTENED.search(note.text) is not None
        laughing = found[0].meaning == Expression.LAUGHING and softened
        less = Expression.SMILING if laughing else Expression.NEUTRAL
        reading.change("expression", less, found[0].words)


def _is_too_much(note: NoteText, said: Said) -> bool:
    """Say whether less of an expression is asked for: `not so`, `too`, `less`, but `not ... enough`."""
    after = note.text[said.end :]
    if _ENOUGH.match(after):
        return False
    after_says_less = _LESS_AFTER.match(after) or _IS_TOO.match(after)
    return said.negated or note.is_denied(said.start) or bool(after_says_less)


def _light(reading: _Reading, names: tuple[str, ...]) -> bool:
    """Read the light; returns whether it is that of the people in frame."""
    members = reading.shot.cast
    person = next((member.light for member in members if member.light), None)
    asked = light_asked(reading.note, reading.shot.light, person, names)
    if asked is None:
        return False
    if not asked.on_person or not members:
        reading.change("light", clipped(asked.light), asked.words)
        return False
    if all(member.light == asked.light for member in members):
        reading.note.idle.append(asked.words)
        return True
    reading.values["cast"] = tuple(
        member.model_copy(update={"light": asked.light}) for member in members
    )
    reading.changes.append(Change(field="cast.light", old=person, new=asked.light))
    return True


def _place(reading: _Reading) -> None:
    note = reading.note
    for span in place_span(note.text):
        if note.is_free(span.start, span.end):
            note.take(span.start, span.end)
            if not note.is_denied(span.start) and "place" not in reading.values:
                reading.change("place", span.place, span.place)


def _identity(
    reading: _Reading, brief: CharacterBrief | None, names: tuple[str, ...]
) -> str | None:
    """Look for identity among what the scene's fields left; a thing that is handled is an action."""
    trial = NoteText(reading.note.text, list(reading.note.taken))
    acts = action_asked(trial, names)
    if acts is None or wears(acts):
        trial = reading.note
    return identity_phrase(trial, brief)


def _action(reading: _Reading, names: tuple[str, ...]) -> None:
    asked = action_asked(reading.note, names)
    take_denied_actions(reading.note)
    if asked:
        reading.change("action", clipped(asked), asked)


def _things(reading: _Reading) -> None:
    """Add what no slot takes to the free words, or take it out of them."""
    old = reading.shot.free_words
    new = things_asked(reading.note, old)
    if new != old:
        reading.values["free_words"] = new
        reading.changes.append(
            Change(field="free_words", old=", ".join(old) or None, new=", ".join(new) or None)
        )


def _kept_light(
    before: ShotRequest, after: ShotRequest, vocabulary: Vocabulary, brief: CharacterBrief | None
) -> str | None:
    """Return the light that the anchor of the brief's character named, when it would change."""
    member = next((each for each in before.cast if brief and each.character == brief.name), None)
    if brief is None or member is None:
        return None
    was = light_on(member.light, brief.signature_light, before.light, vocabulary)
    would_be = light_on(member.light, brief.signature_light, after.light, vocabulary)
    return was if was != would_be else None


def _lit(
    shot: ShotRequest, light: str, brief: CharacterBrief | None
) -> tuple[CharacterInShot, ...]:
    name = brief.name if brief else None
    return tuple(
        member.model_copy(update={"light": light}) if member.character == name else member
        for member in shot.cast
    )
