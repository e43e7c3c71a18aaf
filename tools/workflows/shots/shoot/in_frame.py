"""Who is in frame, and what this studio can draw of them: one person a frame.

Knows described shots; must not know the cast nor what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.shots import ShotRequest
from tools.errors import BadInput

NO_SLATE = "1"
"""Stands in a request for the slate that it gets when it is stored."""


def require_one_person(shot: ShotRequest) -> str:
    """Return who is in frame.

    Raises:
        BadInput: nobody, or more than one.
    """
    names = [each.character for each in shot.cast]
    if len(names) == 1:
        return names[0]
    which = "the shot" if shot.slate == NO_SLATE else shot.slate
    who = " and ".join(names) or "nobody"
    raise BadInput(
        f"{which} has {who} in frame; this studio draws one person a frame so far. "
        "Make it one shot for each person"
    )


def by_character(shots: Sequence[ShotRequest]) -> dict[str, list[ShotRequest]]:
    """Group shots by the one person in frame, in the order asked.

    Raises:
        BadInput: nobody or several people in frame.
    """
    groups: dict[str, list[ShotRequest]] = {}
    for shot in shots:
        groups.setdefault(require_one_person(shot), []).append(shot)
    return groups
