"""A text of a screenplay's kind cut into headings, action sentences and dialogue, verbatim.

Reads Fountain (https://fountain.io/syntax) and plain prose alike: headings, forced ones and such before a
sentence, cues, labels and sentence ends. Must not know who is in the cast beyond their names, nor what is
filmed how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.language.scene.headings import Slugline, take_slugline
from tools.language.scene.rules import coverage_rules
from tools.language.scene.shot_list import is_direction
from tools.language.text import plain_text

_HIDDEN = re.compile(r"/\*.*?(?:\*/|\Z)|\[\[.*?(?:\]\]|\Z)", re.DOTALL)
"""Boneyard and notes: what a writer has cut or says to the reader."""
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")
_TITLE_PAGE = re.compile(r"\A\s*(?:{keys})\s*:[^\n]*\n(?:[^\n]+\n)*(?:\n|\Z)".replace(
    "{keys}", "(?i:title|credit|authors?|source|draft date|contact|copyright|revision)"
))  # fmt: skip
_READERS = re.compile(r"^(?:={3,}\s*$|=(?!=)\s*\S|#{1,6}\s*\S)")
"""Page breaks, synopses and sections."""
_SHORTEST_WRAPPED = 50
_ENDS = re.compile(r"[.!?:;\")]$")
_NEW = re.compile(r"^(?:[-*•#(@!>~.=]|\d{1,3}[.):]|(?:INT|EXT|I/E)\b)")
_NUMBER = re.compile(r"(?i)^(?:scene|sc\.?)\s*(\d{1,4})\b\s*[:.,-]*\s*")
_LABEL = re.compile(r"^([A-Za-z][A-Za-z ]{1,20}?)\s*:\s*(.*)$")
_PARENS = r"(?P<parens>(?:\s*\([^()]*\))*)"
_CUE = re.compile(rf"^(?P<forced>@?)(?P<name>[^\W\d_][\w .'-]{{0,39}}?){_PARENS}\s*\^?\s*:?$")
_SPOKEN = re.compile(rf"^@?(?P<name>[^\W\d_][\w '-]{{0,39}}?){_PARENS}\s*:\s*(?P<speech>\S.*)$")
_INSIDE = re.compile(r"\(([^()]*)\)")
_END = re.compile(r"[.!?;]+[)\]']*\s+|[.!?]+\"\s+(?=[^\W_a-z]|\")")
_ABBREVIATION = re.compile(
    r"(?i)(?:^|[\s(])(?:mr|mrs|ms|dr|st|prof|sgt|lt|capt|no|vs|[a-z]|\d{1,2})\.$"
)


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
    READER = "reader"
    """For whoever reads the script: sections, synopses."""


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


def script_text(text: str) -> str:
    """Return a text with plain quotes and single spaces, unwrapped, without what is not to be read.

    Title page, boneyard, notes and the marks of emphasis go.
    """
    shown = _HIDDEN.sub(" ", _TITLE_PAGE.sub("", plain_text(text)))
    return _unwrapped(plain_text(_EMPHASIS.sub(r"\2", shown)))


def is_screenplay(text: str) -> bool:
    """Say whether a line opens with a scene heading; a forced one is in capitals, as `.net` is none."""
    lines = (line.strip() for line in text.splitlines())
    return any(take_slugline(line) and (line[0] != "." or line.isupper()) for line in lines)


def scenes_in(text: str) -> list[str]:
    """Cut a script at its headings; what stands before the first belongs to it."""
    parts: list[list[str]] = [[]]
    has_place = False
    for line in text.splitlines():
        slugline = take_slugline(_bare(line))
        if slugline and has_place:
            parts.append([])
        has_place = has_place or slugline is not None
        parts[-1].append(line)
    return ["\n".join(lines) for lines in parts]


def elements_of(text: str, known: Sequence[str]) -> list[Element]:
    """Cut a text into its pieces.

    Args:
        text: as `script_text` gives it.
        known: names of the production's characters.
    """
    lines = text.splitlines()
    found: list[Element] = []
    index = 0
    while index < len(lines):
        taken, elements = _block(lines, index, known)
        found.extend(elements)
        index += taken
    return found


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


def _unwrapped(text: str) -> str:
    """Join a line to the one before it when that one stops in the middle of a sentence."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and _goes_on(lines[-1], line):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _goes_on(before: str, line: str) -> bool:
    last_line, following = before.rstrip(), line.strip()
    if not last_line.strip() or not following or last_line.isupper() or _NEW.match(following):
        return False
    if _ENDS.search(last_line) or (_NEW.match(last_line) and last_line[0] in "@!>~.=#"):
        return False
    return following[0].islower() or len(last_line) > _SHORTEST_WRAPPED


def _bare(line: str) -> str:
    """Return a line without the marks of a list or a heading before it; `#12A#` behind it stays."""
    return line.strip(" *\t").lstrip("#* \t")


def _block(lines: Sequence[str], index: int, known: Sequence[str]) -> tuple[int, list[Element]]:
    """Read a speech with its cue, or one line."""
    line = _bare(lines[index])
    following = _bare(lines[index + 1]) if index + 1 < len(lines) else ""
    if _is_cue(line, following, known):
        block = [line]
        while index + len(block) < len(lines) and _bare(lines[index + len(block)]):
            block.append(_bare(lines[index + len(block)]))
        return len(block), [_speech(block)]
    return 1, [*_line(lines[index].strip(), known)]


def _is_cue(line: str, following: str, known: Sequence[str]) -> bool:
    match = _CUE.match(line)
    if match is None or not following or _is_aside(line) or take_slugline(line):
        return False
    name = match["name"].strip()
    if match["forced"]:
        return True
    is_shouted = name == name.upper()
    if not is_shouted:
        return False
    is_said_aloud = following.startswith("(") or any(letter.islower() for letter in following)
    short = len(name.split()) <= 3 and not name.endswith(".")
    return name.lower() in {each.lower() for each in known} or (
        name.isupper() and is_said_aloud and short
    )


def _speech(block: Sequence[str]) -> Element:
    name, _, extension = block[0].strip("@^: ").partition("(")
    parens = [inside for line in (f"({extension}", *block[1:]) for inside in _parens(line)]
    return _dialogue("\n".join(block), name.strip(), parens)


def _dialogue(text: str, name: str, parens: Sequence[str]) -> Element:
    rules = coverage_rules()
    known = rules.page_marks | rules.off_screen
    folded = [paren.lower().strip(" .") for paren in parens]
    pairs = zip(parens, folded, strict=True)
    manner = next((paren for paren, low in pairs if low not in known), None)
    off_screen = not rules.off_screen.isdisjoint(folded)
    return Element(ElementKind.DIALOGUE, text, speaker=name, manner=manner, off_screen=off_screen)


def _parens(text: str) -> list[str]:
    return [inside.strip() for inside in _INSIDE.findall(text) if inside.strip()]


def _line(line: str, known: Sequence[str]) -> Iterator[Element]:
    """Read one line: Fountain's marks in front of it first, then headings, then its sentences."""
    bare = _bare(line)
    if _READERS.match(line) and not (_NUMBER.match(bare) or take_slugline(bare)):
        yield Element(ElementKind.READER, line)
    elif line.startswith(("~", ">")):
        yield Element(ElementKind.ASIDE, line.strip("~>< "))
    elif line.startswith("!"):
        yield from (_sentence(sentence, known) for sentence in sentences_of(line[1:]))
    else:
        yield from _headed(bare, known)


def _headed(line: str, known: Sequence[str]) -> Iterator[Element]:
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
    place, light = slugline.place, slugline.light
    return Element(
        ElementKind.HEADING, slugline.text, number=slugline.number, place=place, light=light
    )


def _sentence(sentence: str, known: Sequence[str]) -> Element:
    if _is_aside(sentence):
        return Element(ElementKind.ASIDE, sentence)
    if is_direction(sentence):
        return Element(ElementKind.ACTION, sentence)
    return _labelled(sentence) or _spoken(sentence, known) or Element(ElementKind.ACTION, sentence)


def _labelled(sentence: str) -> Element | None:
    label = _LABEL.match(sentence)
    slot = coverage_rules().labels.get(label[1].lower()) if label else None
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
    words = name.lower().split()
    is_known = name.lower() in {each.lower() for each in known}
    is_cue = name.isupper() and len(words) <= 2 and coverage_rules().things.isdisjoint(words)
    if not (is_known or is_cue):
        return None
    return _dialogue(sentence, name, _parens(match["parens"]))


def _is_aside(line: str) -> bool:
    low = line.lower().strip(" .:()")
    is_transition = line.isupper() and line.endswith("TO:")
    return low in coverage_rules().set_aside or is_transition
