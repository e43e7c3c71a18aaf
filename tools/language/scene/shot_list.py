"""Shot lists inside a text: `three shots: a wide, a medium as she turns, a close-up of her hands`.

Knows how a list opens and where its items begin; what an item shows, the one reading of a picture says.
"""

from __future__ import annotations

import re

from tools.language.numbers import cardinal
from tools.language.picture.camera import Said, framings_in, implied_in
from tools.language.text import small

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
    """Say whether a line or a sentence begins with a size: `Close on her hands`, `1. Wide`, `Two-shot`."""
    low = small(line)
    found = sizes_in(low)
    if not found or not _LINE_LEAD.match(low[: found[0].start]):
        return False
    return bool(_DIRECTION.match(low[found[0].end :])) or found[0].words.endswith((" on", " of"))


def sizes_in(low: str) -> list[Said]:
    """Find sizes, and words that bring one with them: `two-shot`."""
    return sorted([*framings_in(low), *implied_in(low)], key=lambda said: said.start)


def shown_in(text: str) -> str:
    """Return what a listed shot shows: the words behind its size."""
    size = sizes_in(small(text))[0]
    return _LEADS_ON.sub("", text[size.end :]).strip(" ,.;:-")


def _opening() -> re.Pattern[str]:
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
