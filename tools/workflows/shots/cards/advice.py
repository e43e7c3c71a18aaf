"""What helps where no take of a shot passed: from the verdicts, in a director's words.

Knows verdicts and framings; must not draw nor change a shot.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.photography import Framing, View
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Outcome, Verdict

_SMALL = frozenset({Framing.THREE_QUARTER, Framing.FULL, Framing.WIDE})
_PROFILES = frozenset({View.LEFT_PROFILE, View.RIGHT_PROFILE})

_LIKED = "a sketch for review may be liked"
_SKETCH_FAR = "the face is not near enough: train, then say “make it real”"
_TAKE_FAR = "draw it again, or train a longer version: the face is not near enough"


def advice(shot: ShotRequest, verdicts: Sequence[Verdict], *, sketched: bool = False) -> str:
    """Return what to try for a shot whose takes did not pass, or whose sketches did not."""
    hints = []
    if all(verdict.outcome is Outcome.REVIEW for verdict in verdicts):
        hints.append("look at them: " + (_LIKED if sketched else "a take for review may be picked"))
    if any(verdict.malformed for verdict in verdicts):
        hints.append("draw it again: a head came out malformed")
    if any(verdict.faces == 0 and not verdict.malformed for verdict in verdicts):
        hints.append(_for_no_face(shot))
    if any(verdict.faces > 1 for verdict in verdicts):
        hints.append("draw it again: more than one face came out")
    if any(verdict.copy_of for verdict in verdicts):
        hints.append("change light or place, so that it does not repeat a reference image")
    if any(_wears_another(verdict) for verdict in verdicts):
        hints.append("draw it again: clothes or hair came out in another colour")
    if any(_is_too_far(verdict) for verdict in verdicts):
        hints.append(_SKETCH_FAR if sketched else _TAKE_FAR)
    return "; ".join(dict.fromkeys(hints)) or "draw it again with another seed"


def _for_no_face(shot: ShotRequest) -> str:
    if shot.framing in _SMALL:
        return "a closer framing makes the face large enough to be read"
    if shot.view in _PROFILES:
        return "a frontal or three-quarter view lets the face be read"
    return "draw it again: no face could be read"


def _wears_another(verdict: Verdict) -> bool:
    return any(figure.is_wrong for figure in verdict.outfit)


def _is_too_far(verdict: Verdict) -> bool:
    other_fault = verdict.malformed or _wears_another(verdict)
    return verdict.outcome is Outcome.REJECT and verdict.csfd_own is not None and not other_fault
