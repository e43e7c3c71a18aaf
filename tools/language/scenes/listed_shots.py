"""Shot lists inside a text: `three shots: a wide, a medium as she turns, a close-up of her hands`.

Knows how a list opens and where its items begin; must not know who is in frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.language.scenes.camera_words import Said, angles_in, framings_in, lenses_in, views_in

_OPENING = re.compile(
    r"\b(?:(?:in|as|with|plan|make|give me|i want|i'd like|do|shoot)\s+)*"
    r"(?:(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|a few|these|the)\s+)?"
    r"(?:shots?(?: list)?|set-?ups?)\b(?:\s+please)?\s*[:,-]\s*",
    re.IGNORECASE,
)
_ITEM_START = re.compile(
    r"(?:^|[,;.:]|\band\b|\bthen\b|\bfinally\b)\s*(?:(?:and|then|finally|also|one|another|\d{1,2}[.):])\s+)*(?:(?:an?|the|one)\s+)?$",
    re.IGNORECASE,
)
_LINE_LEAD = re.compile(
    r"^(?:\(?\d{1,2}[.):]\s*|shot\s+\w{1,3}\s*[:.)-]?\s*|[A-Z][.):]\s+|[-*•]\s*)?(?:(?:an?|the)\s+)?$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^(?:and|then|finally)\s+|[\s,;]+(?:and|then|finally)$", re.IGNORECASE)
_DIRECTION = re.compile(
    r"^\s*(?:$|[:,.-]|of\b|on\b|as\b|from\b|at\b|in\b|shot\b|while\b|when\b)", re.IGNORECASE
)
_LEADS_ON = re.compile(
    r"^[\s:,.-]*(?:(?:shot|of|on|as|where|when|while|with)\b\s*)?[\s:,-]*", re.IGNORECASE
)


@dataclass(frozen=True)
class ListedShot:
    """One shot of a list in its own words."""

    text: str
    framing: Said
    view: str | None
    angle: str | None
    lens: str | None
    rest: str
    """What it shows: the words behind the framing, without camera words."""


def list_in(line: str) -> tuple[str, str, list[str]] | None:
    """Find a list that is announced on a line.

    Returns:
        What stands before it, the announcement, and the items; None without a list.
    """
    for opening in _OPENING.finditer(line):
        body = line[opening.end() :]
        starts = _item_starts(body)
        if starts and starts[0] <= 6:
            ends = [*starts[1:], len(body)]
            items = [body[a:b].strip(" ,;") for a, b in zip(starts, ends, strict=True)]
            items = [_JOINED.sub("", item) for item in items]
            return line[: opening.start()].strip(), opening[0].strip(), items
    return None


def is_direction(line: str) -> bool:
    """Say whether a line or a sentence begins with a framing: `Close on her hands`, `1. Wide`."""
    found = framings_in(line)
    if not found or not _LINE_LEAD.match(line[: found[0].start]):
        return False
    return bool(_DIRECTION.match(line[found[0].end :])) or found[0].words.lower().endswith(" on")


def read_listed(text: str) -> ListedShot:
    """Read one shot of a list; its text must hold a framing."""
    framing = framings_in(text)[0]
    tail = text[framing.end :]
    found = {"view": views_in(tail), "angle": angles_in(tail), "lens": lenses_in(tail)}
    spans = sorted((said.start, said.end) for each in found.values() for said in each)
    first = {name: each[0] if each else None for name, each in found.items()}
    angle = first["angle"]
    return ListedShot(
        text=text,
        framing=framing,
        view=first["view"].meaning if first["view"] else None,
        angle=angle.words.lower() if angle else None,
        lens=first["lens"].meaning if first["lens"] else None,
        rest=_LEADS_ON.sub("", _longest(tail, spans)).strip(" ,.;:-"),
    )


def _item_starts(body: str) -> list[int]:
    starts: list[int] = []
    for said in framings_in(body):
        lead = _ITEM_START.search(body[: said.start])
        if lead is not None:
            begin = lead.start()
            while begin < said.start and body[begin] in " ,;.:":
                begin += 1
            starts.append(begin)
    return starts


def _longest(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the longest piece of a text between spans."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = max(at, end)
    pieces.append(text[at:])
    return max(pieces, key=lambda piece: len(piece.strip(" ,.;:-")))
