"""Lines of a text put together where an editor had wrapped them."""

from __future__ import annotations

import re

_SHORTEST_WRAPPED = 50
_ENDS = re.compile(r"[.!?:;\")]$")
_NEW = re.compile(r"^(?:[-*•#(]|\d{1,3}[.):]|(?:INT|EXT|I/E)\b)")


def joined_lines(text: str) -> str:
    """Join a line to the one before it when that one stops in the middle of a sentence."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and _goes_on(lines[-1], line):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _goes_on(before: str, line: str) -> bool:
    last_line = before.rstrip()
    following = line.strip()
    if not last_line.strip() or not following or last_line.isupper() or _NEW.match(following):
        return False
    if _ENDS.search(last_line):
        return False
    return following[0].islower() or len(last_line) > _SHORTEST_WRAPPED
