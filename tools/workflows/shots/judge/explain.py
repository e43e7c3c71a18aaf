"""Why QC judged a take as it did: every number, and in plain words what it means.

Knows judgements; must not judge by other rules than QC's own.
"""

from __future__ import annotations

from tools.contracts.model import Contract
from tools.contracts.outfits import OutfitFigure
from tools.contracts.verdicts import Calibration, Verdict
from tools.errors import BadInput
from tools.qc.csfd import REVIEW_RATIO
from tools.services import Services
from tools.store.take import take_of_slate
from tools.workflows.digest import production_row
from tools.workflows.shots.judge.shoot_judge import HeldAgainst, drawn_over, held_against
from tools.workflows.shots.judge.take_evidence import (
    Judged,
    evidence_of,
    judge_again,
    judge_of,
    stored_verdict,
    threshold_of,
)


class Explanation(Contract):
    """A take's judgement."""

    take: str
    character: str
    digest: str
    verdict: Verdict
    calibration: Calibration
    is_sketch: bool = False
    drawn_over: str | None = None
    """What a sketch was drawn over; None: from its words alone."""
    held_against: HeldAgainst = "the reference set"
    stranger: str | None = None
    """Name of the nearest person who is not the character."""
    stranger_distance: float | None = None


def explain_take(services: Services, production: str, slate: str) -> Explanation:
    """Return why a take was judged as it was.

    Args:
        services: the studio.
        production: the film or series.
        slate: the take, as `12A T3`.

    Raises:
        UnknownName: there is no such take.
        BadInput: it was not drawn or not judged yet.
        Refused: the reference set that it was held against has no readable face.
    """
    owner = production_row(services, production).id
    with services.database.reading() as session:
        take = take_of_slate(session=session, production_id=owner, slate=slate)
        evidence = evidence_of(services, session, take)
    if take.digest is None or take.verdict is None:
        raise BadInput(f"{take.slate} was not judged yet; wait until its shoot has ended")
    judge = judge_of(services, evidence)
    # Without a judge there is nothing to judge by again; then it is what was stored of the verdict.
    judged = (
        judge_again(services, evidence, judge)
        if judge is not None
        else Judged(stored_verdict(evidence.take), None)
    )
    return Explanation(
        take=take.slate,
        character=evidence.character,
        digest=take.digest,
        verdict=judged.verdict,
        calibration=threshold_of(services, evidence),
        is_sketch=take.is_sketch,
        drawn_over=drawn_over(evidence.adapter) if evidence.adapter else None,
        held_against=held_against(judge),
        stranger=judged.stranger.name if judged.stranger else None,
        stranger_distance=judged.stranger.distance if judged.stranger else None,
    )


def explanation_lines(found: Explanation) -> list[str]:
    """Return an explanation as sentences, the outcome first."""
    verdict = found.verdict
    lines = [f"{found.take} is a {verdict.outcome.value}: {'; '.join(verdict.reasons)}."]
    lines += _sketch(found)
    if found.held_against != "nothing":
        lines += [_own(found), *_references(found), *_others(found)]
    lines.append(_faces(verdict))
    lines += [_outfit(each) for each in verdict.outfit]
    lines += _copy(found)
    return lines


def _sketch(found: Explanation) -> list[str]:
    if not found.is_sketch:
        return []
    over = f"over {found.drawn_over}" if found.drawn_over else "from its words alone"
    return [
        f"{found.take} is a sketch: drawn without a LoRA, {over}. It is held against "
        f"{found.held_against}, it is never delivered, and its verdict says nothing about the take "
        "that training will bring."
    ]


def _own(found: Explanation) -> str:
    limit, own = found.calibration.threshold, found.verdict.csfd_own
    origin = f"threshold {limit:.3f} for {found.calibration.embedder}, {_origin(found.calibration)}"
    if own is None:
        return (
            f"Distance to {found.character}: none, because no single face could be read ({origin})."
        )
    return (
        f"Distance to {found.character}: {own:.3f}, which is {own / limit:.2f} of the {origin}. "
        f"0 is the same face; up to 1 of the threshold passes, up to {REVIEW_RATIO} is for a "
        "person to decide, above is rejected."
    )


def _origin(calibration: Calibration) -> str:
    rate = calibration.false_accept_rate
    return calibration.origin + (
        f" ({rate * 100:.0f} % of strangers would pass)" if rate is not None else ""
    )


def _references(found: Explanation) -> list[str]:
    nearest = found.verdict.csfd_nearest_reference
    if nearest is None:
        return []
    if found.held_against == "the chosen portrait":
        return [f"Nearest portrait of the chosen face: {nearest:.3f}."]
    return [
        f"Nearest reference image: {nearest:.3f}; "
        "that one picture of the set is most like this face."
    ]


def _others(found: Explanation) -> list[str]:
    if found.verdict.csfd_other is None:
        return []
    mean = f"mean of the strangers {found.verdict.csfd_other:.3f}"
    if found.stranger is None or found.stranger_distance is None:
        return [f"Other people: {mean}."]
    nearer = (
        f"the face is nearer to {found.character}"
        if found.verdict.nearest == "own"
        else f"the face is nearer to {found.stranger} than to {found.character}"
    )
    return [
        f"Nearest stranger: {found.stranger} at {found.stranger_distance:.3f}, {mean}; {nearer}."
    ]


def _faces(verdict: Verdict) -> str:
    small = "; it is small, so that its distance counts in no mean" if verdict.small_face else ""
    return f"Faces found: {verdict.faces}, where one was asked for{small}."


def _outfit(figure: OutfitFigure) -> str:
    share = f"{figure.sureness * 100:.0f} % sure"
    if figure.seen == figure.wanted:
        return f"Colour of the {figure.part.value}: {figure.seen} ({share}), as it should be."
    held = f"{figure.distance:.1f} from {figure.wanted}, threshold {figure.threshold:.1f}"
    judged = "another one" if figure.is_wrong else "too near to it to be called wrong"
    return f"Colour of the {figure.part.value}: {figure.seen} ({share}); {held}: {judged}."


def _copy(found: Explanation) -> list[str]:
    if (
        found.is_sketch
    ):  # it is drawn over what it is held against: likeness is no fault, nor looked for
        return []
    if found.verdict.copy_of is None:
        return ["Copy check: it repeats no picture of the reference set."]
    return [f"Copy check: it nearly equals {found.verdict.copy_of}, so it shows nothing new."]
