"""Which face is whose: assignment of faces to characters in frame, margins, blends, head count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.contracts.faces import Face
from tools.contracts.verdicts import Calibration, Outcome
from tools.qc.csfd import Vector, centroid, distance, outcome_of_ratio

BLEND_MARGIN = 0.15
"""A face nearer to its own character by less than this share of the threshold is a blend."""


@dataclass(frozen=True)
class Assignment:
    """One character with the face given to it."""

    character: str
    face: int | None
    """Index into the faces; None when no face is left for the character."""
    own: float | None
    other: float | None
    """Distance to the nearest other character; None with a single one."""
    outcome: Outcome
    reason: str

    @property
    def margin(self) -> float | None:
        """How much nearer the own character is than the next; negative when it is not."""
        return None if self.own is None or self.other is None else self.other - self.own


@dataclass(frozen=True)
class WhosWho:
    """All characters in frame, and the heads counted."""

    assignments: tuple[Assignment, ...]
    faces: int
    expected: int
    """Faces that should be seen: characters less those turned away."""
    outcome: Outcome
    reasons: tuple[str, ...]


def assign_faces(
    faces: Sequence[Face],
    references: Mapping[str, Sequence[Vector]],
    calibration: Calibration,
    *,
    turned_away: frozenset[str] = frozenset(),
) -> WhosWho:
    """Give each character the face that fits all best (Hungarian method).

    For two characters in one frame.

    Args:
        faces: what was found in the take.
        references: unit embeddings of the reference set by character.
        calibration: the threshold in force.
        turned_away: characters whose head is not expected to be read, as over a shoulder.

    Returns:
        Pass when every expected character has its face; reject on a wrong head count, a face
        that is too far or one that lies between two characters.
    """
    names = list(references)
    table = _distance_table(faces, [references[name] for name in names])
    given = _best_assignment(table)
    assignments = tuple(
        _judge(name, given.get(row), table, row, calibration, away=name in turned_away)
        for row, name in enumerate(names)
    )
    expected = len(names) - len(turned_away & set(names))
    counts = _count_reasons(len(faces), expected, len(names))
    problems = [each for each in assignments if each.outcome is not Outcome.PASS]
    reasons = counts + tuple(f"{each.character}: {each.reason}" for each in problems)
    outcomes = {each.outcome for each in assignments} | ({Outcome.REJECT} if counts else set())
    return WhosWho(assignments, len(faces), expected, _worst(outcomes), reasons)


def _distance_table(
    faces: Sequence[Face], references: Sequence[Sequence[Vector]]
) -> NDArray[np.float64]:
    """Measure characters against faces, shape (characters, faces)."""
    table = np.zeros((len(references), len(faces)))
    for row, embeddings in enumerate(references):
        centre = centroid(embeddings)
        table[row] = [distance(face.embedding, centre) for face in faces]
    return table


def _best_assignment(table: NDArray[np.float64]) -> dict[int, int]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(table)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def _judge(
    name: str,
    face: int | None,
    table: NDArray[np.float64],
    row: int,
    calibration: Calibration,
    *,
    away: bool,
) -> Assignment:
    if face is None:
        outcome = Outcome.PASS if away else Outcome.REJECT
        reason = "turned away, as the shot says" if away else "no face is left for this character"
        return Assignment(name, None, None, None, outcome, reason)
    own = float(table[row, face])
    rest = np.delete(table[:, face], row)
    other = float(rest.min()) if len(rest) else None
    limit = calibration.threshold
    outcome, reason = outcome_of_ratio(own / limit), f"distance {own:.3f} (threshold {limit:.3f})"
    if other is not None and other - own < BLEND_MARGIN * limit:
        outcome = Outcome.REJECT
        reason = f"blended face: {own:.3f} to its own character, {other:.3f} to another"
    return Assignment(name, face, own, other, outcome, reason)


def _count_reasons(found: int, expected: int, characters: int) -> tuple[str, ...]:
    if expected <= found <= characters:
        return ()
    return (f"{found} faces found, {expected} expected of {characters} characters",)


def _worst(outcomes: set[Outcome]) -> Outcome:
    for outcome in (Outcome.REJECT, Outcome.REVIEW):
        if outcome in outcomes:
            return outcome
    return Outcome.PASS
