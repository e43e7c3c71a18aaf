"""A text of a screenplay's kind cut into headings, action sentences and dialogue, verbatim.

Knows sluglines, cues, labels and sentence ends; must not know who is in the cast beyond their names,
nor what is filmed how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.listed_shots import is_direction
from tools.language.scenes.parse_scene import scene_words
from tools.language.scenes.sluglines import Slugline, take_slugline

_NUMBER = re.compile(r"^(?:scene|sc\.?)\s*(\d{1,4})\b\s*[:.,-]*\s*", re.IGNORECASE)
_LABEL = re.compile(r"^([A-Za-z][A-Za-z ]{1,20}?)\s*:\s*(.*)$")
_PARENS = r"(?P<parens>(?:\s*\([^()]*\))*)"
_CUE = re.compile(rf"^(?P<name>[A-Z][A-Z0-9 .'-]{{0,39}}?){_PARENS}\s*:?$")
_SPOKEN = re.compile(rf"^(?P<name>[A-Za-z][\w '-]{{0,39}}?){_PARENS}\s*:\s*(?P<speech>\S.*)$")
_END = re.compile(r"[.!?;]+[)\]']*\s+|[.!?]+\"\s+(?=[A-Z\"])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|prof|sgt|lt|capt|no|vs|[a-z]|\d{1,2})\.$", re.IGNORECASE
)
_MARKUP = " *#\t"


class ElementKind(StrEnum):
    """What a piece of the text is."""

    HEADING = "heading"
    CAST = "cast"
    STYLE = "style"
    ACTION = "action"
    DIALOGUE = "dialogue"
    ANNOUNCED = "announced"
    """The words that open a list of shots."""
    LISTED = "listed"
    """A shot as the text itself asks for it."""
    ASIDE = "aside"


@dataclass(frozen=True)
class Element:
    """A piece of the text, in its own words."""

    kind: ElementKind
    text: str
    number: int | None = None
    place: str | None = None
    light: str | None = None
    speaker: str | None = None
    manner: str | None = None
    """The parenthetical of a speech, without brackets."""
    off_screen: bool = False


def elements_of(text: str, known: Sequence[str]) -> list[Element]:
    """Cut a text into its pieces.

    Args:
        text: with plain quotes and single spaces.
        known: names of the production's characters.
    """
    lines = [line.strip(_MARKUP) for line in text.splitlines()]
    found: list[Element] = []
    index = 0
    while index < len(lines):
        taken, elements = _block(lines, index, known)
        found.extend(elements)
        index += taken
    return found


def _block(lines: Sequence[str], index: int, known: Sequence[str]) -> tuple[int, list[Element]]:
    """Read a speech with its cue, or one line."""
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if _is_cue(lines[index], following, known):
        block = [lines[index]]
        while index + len(block) < len(lines) and lines[index + len(block)]:
            block.append(lines[index + len(block)])
        return len(block), [_speech(block)]
    return 1, [*_line(lines[index], known)]


def _is_cue(line: str, following: str, known: Sequence[str]) -> bool:
    match = _CUE.match(line)
    if match is None or not following or _is_aside(line) or take_slugline(line):
        return False
    names = {name.lower() for name in known}
    is_said_aloud = following.startswith("(") or any(letter.islower() for letter in following)
    return match["name"].strip().lower() in names or (
        is_said_aloud and len(match["name"].split()) <= 3 and not match["name"].endswith(".")
    )


def _speech(block: Sequence[str]) -> Element:
    match = _CUE.match(block[0])
    assert match is not None
    parens = [*_parens(match["parens"])]
    parens += [inside for line in block[1:] for inside in _parens(line)]
    return _dialogue("\n".join(block), match["name"].strip(), parens)


def _dialogue(text: str, name: str, parens: Sequence[str]) -> Element:
    rules = coverage_rules()
    folded = [paren.lower().strip(" .") for paren in parens]
    manner = next(
        (
            paren
            for paren, low in zip(parens, folded, strict=True)
            if low not in rules.page_marks and low not in rules.off_screen
        ),
        None,
    )
    off_screen = any(low in rules.off_screen for low in folded)
    return Element(ElementKind.DIALOGUE, text, speaker=name, manner=manner, off_screen=off_screen)


def _parens(text: str) -> list[str]:
    return [inside.strip() for inside in re.findall(r"\(([^()]*)\)", text) if inside.strip()]


def _line(line: str, known: Sequence[str]) -> Iterator[Element]:
    number = _NUMBER.match(line)
    if number and int(number[1]):
        yield Element(ElementKind.HEADING, number[0].strip(), number=int(number[1]))
        line = line[number.end() :]
    slugline = take_slugline(line)
    if slugline:
        yield _heading(slugline)
        line = line[slugline.length :].lstrip(" .:-")
    for sentence in sentences_of(line):
        yield _sentence(sentence, known)


def _heading(slugline: Slugline) -> Element:
    return Element(
        ElementKind.HEADING,
        slugline.text,
        number=slugline.number,
        place=slugline.place,
        light=slugline.light,
    )


def _sentence(sentence: str, known: Sequence[str]) -> Element:
    if _is_aside(sentence):
        return Element(ElementKind.ASIDE, sentence)
    if is_direction(sentence):
        return Element(ElementKind.ACTION, sentence)
    return _labelled(sentence) or _spoken(sentence, known) or Element(ElementKind.ACTION, sentence)


def _labelled(sentence: str) -> Element | None:
    label = _LABEL.match(sentence)
    slot = scene_words().scene_labels.get(label[1].lower()) if label else None
    if label is None or slot is None:
        return None
    value = label[2].strip(" .")
    if slot in ("cast", "style"):
        return Element(ElementKind(slot), sentence)
    if slot == "action" or not value:
        return Element(ElementKind.ACTION, value or sentence)
    place, light = (value, None) if slot == "place" else (None, value)
    return Element(ElementKind.HEADING, sentence, place=place, light=light)


def _spoken(sentence: str, known: Sequence[str]) -> Element | None:
    """Read `MARA (smiling): I never left.` on one line."""
    match = _SPOKEN.match(sentence)
    if match is None:
        return None
    name = match["name"].strip()
    is_known = name.lower() in {each.lower() for each in known}
    words = name.lower().split()
    is_cue = name.isupper() and len(words) <= 2 and not set(words) & coverage_rules().things
    if not (is_known or is_cue):
        return None
    return _dialogue(sentence, name, _parens(match["parens"]))


def _is_aside(line: str) -> bool:
    return line.lower().strip(" .:()") in coverage_rules().set_aside


def sentences_of(line: str) -> list[str]:
    """Cut a line at sentence ends that are outside quotation marks and no abbreviations."""
    parts: list[str] = []
    start = 0
    for match in _END.finditer(line):
        before = line[start : match.end()].rstrip()
        if before.count('"') % 2 or _ABBREVIATION.search(before):
            continue
        parts.append(before)
        start = match.end()
    parts.append(line[start:].strip())
    return [part for part in parts if any(letter.isalnum() for letter in part)]
