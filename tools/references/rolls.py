"""Drawing a layer with re-rolls, as a pure state machine: each report gives the next state.

    run = start_layer(spec, planned, parents, threshold=0.07, base_seed=1)
    while run.pending:
        run = run.report(tuple(measure(draw(candidate)) for candidate in run.pending))

Knows when a candidate is kept, re-rolled or given up; must not draw or measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.contracts.references import LayerSpec, PlannedImage, SetImage
from tools.contracts.verdicts import Outcome
from tools.references.layers import choose_parents, first_strength, roll_seed

NO_FACE = "no readable face"
REPETITION = "repeats its parent"


@dataclass(frozen=True)
class Candidate:
    """One picture to draw."""

    planned: PlannedImage
    parent: SetImage
    seed: int
    strength: float
    attempt: int
    """1 for the first try."""


@dataclass(frozen=True)
class Measured:
    """What a drawn candidate measured."""

    distance: float | None
    """CSFD to the anchor portraits; None without a readable face."""
    change: float | None = None
    """Mean absolute difference from the parent, 0 to 1; None when not measured."""
    refused: str | None = None
    """Why the gate would refuse it, whatever its distance; None when it would not."""
    is_hint: bool = False
    """Whether the gate does not hold it to its distance: the face is small or turned away."""
    form: float | None = None
    """How sure a detector of heads is of the head, 1 = sure enough; None where nobody looked."""


@dataclass(frozen=True)
class Roll:
    """A try and what was thought of it."""

    candidate: Candidate
    measured: Measured
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class LayerRun:
    """Where a layer stands."""

    spec: LayerSpec
    threshold: float
    base_seed: int
    pending: tuple[Candidate, ...]
    """To be drawn next, in plan order; empty when the layer is finished."""
    settled: tuple[Roll, ...] = ()
    """One for each finished image: pass, review (kept, to be looked at) or reject (given up)."""
    rolls: tuple[Roll, ...] = ()
    """Every try so far."""

    def report(self, measured: Sequence[Measured]) -> LayerRun:
        """Take the measurements of `pending`, in its order.

        Raises:
            ValueError: not one measurement for each pending candidate.
        """
        judged = tuple(
            self._judge(candidate, found)
            for candidate, found in zip(self.pending, measured, strict=True)
        )
        history = self.rolls + judged
        again, settled = [], []
        for roll in judged:
            if roll.outcome is Outcome.PASS:
                settled.append(roll)
            elif self._is_unreadable_as_planned(roll) and _has_head(roll):
                settled.append(replace(roll, outcome=Outcome.REVIEW))
            elif roll.candidate.attempt >= self.spec.tries:
                settled.append(self._least_bad(roll, history))
            else:
                again.append(self._re_roll(roll))
        return replace(
            self, pending=tuple(again), settled=self.settled + tuple(settled), rolls=history
        )

    @property
    def kept(self) -> tuple[Roll, ...]:
        """Finished images that stay, in plan order."""
        return tuple(roll for roll in self._in_plan_order() if roll.outcome is not Outcome.REJECT)

    @property
    def given_up(self) -> tuple[Roll, ...]:
        """Finished images that were given up, in plan order; the reason says why."""
        return tuple(roll for roll in self._in_plan_order() if roll.outcome is Outcome.REJECT)

    def _is_unreadable_as_planned(self, roll: Roll) -> bool:
        measured = roll.measured
        return self.spec.keep_unreadable and measured.distance is None and measured.refused is None

    def _in_plan_order(self) -> list[Roll]:
        return sorted(self.settled, key=lambda roll: roll.candidate.planned.position)

    def _judge(self, candidate: Candidate, measured: Measured) -> Roll:
        if measured.change is not None and measured.change < self.spec.least_change:
            return Roll(candidate, measured, Outcome.REJECT, REPETITION)
        if measured.refused is not None:
            return Roll(candidate, measured, Outcome.REJECT, measured.refused)
        if measured.distance is None:
            return Roll(candidate, measured, Outcome.REJECT, NO_FACE)
        ratio = measured.distance / self.threshold
        reason = f"distance {measured.distance:.3f} is {ratio:.2f} of the threshold"
        if ratio <= self.spec.accept:
            return Roll(candidate, measured, Outcome.PASS, reason)
        outcome = Outcome.REVIEW if ratio <= self.spec.review else Outcome.REJECT
        return Roll(candidate, measured, outcome, reason)

    def _re_roll(self, roll: Roll) -> Candidate:
        """A new seed first; from the third try on another strength as well."""
        before = roll.candidate
        attempt = before.attempt + 1
        strength = before.strength
        if roll.reason == REPETITION:
            strength = min(strength + self.spec.strength_step, 1.0)
        elif attempt > 2:
            strength = max(strength - self.spec.strength_step, self.spec.strength_floor)
        planned = before.planned
        seed = roll_seed(self.base_seed, planned.layer, planned.position, attempt)
        return replace(before, seed=seed, strength=round(strength, 4), attempt=attempt)

    def _least_bad(self, last: Roll, history: Sequence[Roll]) -> Roll:
        """The best try of an image that never passed, kept for review if it is near enough."""
        position = last.candidate.planned.position
        tries = [roll for roll in history if roll.candidate.planned.position == position]
        near = [roll for roll in tries if roll.outcome is Outcome.REVIEW]
        if near:
            return min(near, key=lambda roll: roll.measured.distance or 0.0)
        hints = [roll for roll in tries if roll.measured.is_hint and roll.reason != REPETITION]
        if hints and self.spec.keep_unreadable:
            return replace(min(hints, key=_badness), outcome=Outcome.REVIEW)
        unread = [roll for roll in tries if self._is_unreadable_as_planned(roll)]
        if unread:
            return replace(max(unread, key=_form), outcome=Outcome.REVIEW)
        best = min(tries, key=_badness)
        return replace(best, reason=f"given up after {len(tries)} tries, best: {best.reason}")


def _has_head(roll: Roll) -> bool:
    return roll.measured.form is None or roll.measured.form >= 1


def _form(roll: Roll) -> float:
    return roll.measured.form or 0.0


def _badness(roll: Roll) -> float:
    distance = roll.measured.distance
    return float("inf") if distance is None or roll.reason == REPETITION else distance


def start_layer(
    spec: LayerSpec,
    planned: Sequence[PlannedImage],
    parents: Sequence[SetImage],
    *,
    threshold: float,
    base_seed: int,
) -> LayerRun:
    """The state before anything of a layer is drawn.

    Args:
        spec: the layer's row.
        planned: its images.
        parents: accepted images of the layer before (`parents_for`).
        threshold: CSFD threshold of the calibration in force, above 0.
        base_seed: the set's seed; every try's seed follows from it.
    """
    chosen = choose_parents(planned, parents) if planned else ()
    pending = tuple(
        Candidate(
            planned=image,
            parent=parent,
            seed=roll_seed(base_seed, image.layer, image.position, 1),
            strength=first_strength(spec, image, parent),
            attempt=1,
        )
        for image, parent in zip(planned, chosen, strict=True)
    )
    return LayerRun(spec=spec, threshold=threshold, base_seed=base_seed, pending=pending)
