"""Shot lists inside a text: `three shots: a wide, a medium as she turns, a close-up of her hands`.

Knows how a list opens and where its items begin; what an item shows, the one reading of a picture says.
"""

from __future__ import annotations

import re
from re import Pattern

from tools.language.numbers import cardinal
from tools.language.picture.camera import (
    MeantPhrase,
    angles_in,
    framings_in,
    implied_in,
    views_in,
)
from tools.language.picture.lens import lenses_in
from tools.language.picture.picture import as_meant
from tools.language.text import Text, read_text, small

_BEGINNING = 40
"""Letters in which a size stands that a line begins with."""
_ITEM_START = re.compile(
    r"(?:^|[,;.:]|\band\b|\bthen\b|\bfinally\b)\s*"
    r"(?:(?:and|then|finally|also|one|another|\d{1,2}[.):])\s+)*(?:(?:an?|the|one)\s+)?$"
)
_LINE_LEAD = re.compile(
    r"^(?:\(?\d{1,2}[.):]\s*|shot\s+\w{1,3}\s*[:.)-]?\s*|[a-z][.):]\s+|[-*•]\s*)?(?:(?:an?|the)\s+)?$"
)
_JOINED = re.compile(r"(?i)^(?:and|then|finally)\s+|[\s,;]+(?:and|then|finally)$")
_DIRECTION = re.compile(
    r"^\s*(?:$|[:,.-]|of\b|on\b|as\b|from\b|at\b|in\b|with\b|shot\b|while\b|when\b|over\b)"
)
_LEADS_ON = re.compile(r"(?i)^[\s:,.-]*(?:(?:shot|of|on|as|where|when|while|with)\b\s*)?[\s:,-]*")


def list_in(line: str) -> tuple[str, str, list[str]] | None:
    """Find a list that is announced on a line.

    Returns:
        What stands before it, the announcement, and the items; None without a list.
    """
    for opening in _opening().finditer(line):
        body = line[opening.end() :]
        starts = _item_starts(small(body))
        if starts and starts[0] <= 6:
            ends = [*starts[1:], len(body)]
            items = [body[a:b].strip(" ,;") for a, b in zip(starts, ends, strict=True)]
            return (
                line[: opening.start()].strip(),
                opening[0].strip(),
                [_JOINED.sub("", i) for i in items],
            )
    return None


def is_direction(line: str) -> bool:
    """Say whether a line or a sentence begins with a size: `Close on her hands`, `1. Wide`, `Two-shot`.

    Other camera words may stand before it: `Low angle close-up`.
    """
    low = _begun(line).small
    found = sizes_in(low)
    if not found or not _LINE_LEAD.match(_without_camera(low[: found[0].start])):
        return False
    return bool(_DIRECTION.match(low[found[0].end :])) or found[0].words.endswith((" on", " of"))


def _begun(line: str) -> Text:
    """Return a line with the typing errors at its beginning mended."""
    start = as_meant(read_text(line[:_BEGINNING]))
    rest = read_text(line[_BEGINNING:])
    return Text(start.text + rest.text, start.small + rest.small)


def _without_camera(low: str) -> str:
    """Return words less heights, sides and lenses, and the commas behind them."""
    for find in (lenses_in, views_in, angles_in):
        for said in reversed(find(low)):
            low = f"{low[: said.start].rstrip()} {low[said.end :].lstrip(' ,')}".lstrip()
    return low


def sizes_in(low: str) -> list[MeantPhrase]:
    """Find sizes, and words that bring one with them: `two-shot`."""
    return sorted([*framings_in(low), *implied_in(low)], key=lambda said: said.start)


def shown_in(text: str) -> str:
    """Return what a listed shot shows: the words behind its size."""
    begun = _begun(text)
    sizes = sizes_in(begun.small)
    return _LEADS_ON.sub("", begun.text[sizes[0].end if sizes else 0 :]).strip(" ,.;:-")


def _opening() -> Pattern[str]:
    return re.compile(
        r"(?i)\b(?:(?:in|as|with|plan|make|give me|i want|i'd like|do|shoot)\s+)*"
        rf"(?:(?:{cardinal()}|a few|these|the)\s+)?(?:shots?(?: list)?|set-?ups?)\b(?:\s+please)?\s*[:,-]\s*"
    )


def _item_starts(low: str) -> list[int]:
    starts: list[int] = []
    for said in sizes_in(low):
        lead = _ITEM_START.search(low[: said.start])
        if lead is not None:
            begin = lead.start()
            while begin < said.start and low[begin] in " ,;.:":
                begin += 1
            starts.append(begin)
    return starts
