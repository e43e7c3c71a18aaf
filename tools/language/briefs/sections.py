"""A brief cut into sentences, each with the label that a director put before it.

Knows lines, sentence ends, labels and markdown; must not know what the sentences say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.language.briefs.lexicon import CharacterLexicon

_LINE_MARKUP = re.compile(r"^[\s>#*•·\-]+(?=\S)", re.MULTILINE)
_INLINE_MARKUP = re.compile(r"\*+|__+|`+")
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<=[.!?;])\s+|\n+")
_LOOK = re.compile(
    r"^(?:look\s+['\"]?(?P<before>[\w][\w '-]{0,59}?)['\"]?|(?P<after>[\w][\w'-]{0,40}) look)"
    r"\s*[:=]\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z '\-]{1,30}?)\s*(?:[:=]|\s-\s)\s*(?P<rest>.*)$")


@dataclass(frozen=True)
class Section:
    """One sentence, with the slot that its label names or the look that it describes."""

    text: str
    label: str | None = None
    look: str | None = None


def sections_of(text: str, lexicon: CharacterLexicon) -> list[Section]:
    """Cut a brief into sentences; a `Look NAME:` line stays one section."""
    sections: list[Section] = []
    for line in _INLINE_MARKUP.sub(" ", _LINE_MARKUP.sub("", text)).splitlines():
        look = _look_of(line, lexicon)
        if look is not None:
            sections.append(look)
            continue
        sections.extend(
            _section(part.strip(), lexicon) for part in _SENTENCE_END.split(line) if part.strip()
        )
    return sections


def _look_of(line: str, lexicon: CharacterLexicon) -> Section | None:
    match = _LOOK.match(line.strip())
    if match is None or _is_label(line.partition(":")[0], lexicon):
        return None
    name = (match.group("before") or match.group("after")).strip().lower()
    return Section(match.group("rest").strip(), look=name)


def _is_label(words: str, lexicon: CharacterLexicon) -> bool:
    return " ".join(words.lower().split()) in lexicon.labels


def _section(sentence: str, lexicon: CharacterLexicon) -> Section:
    match = _LABEL.match(sentence)
    if match is None or not _is_label(match.group("label"), lexicon):
        return Section(sentence)
    label = lexicon.labels[" ".join(match.group("label").lower().split())]
    rest = match.group("rest").strip()
    return Section(rest, None if label == "text" else label)
