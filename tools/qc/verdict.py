"""QC of one take: identity, strangers, head count and copies joined into a verdict with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, Outcome, Verdict
from tools.qc.copies import Fingerprint, copied_from
from tools.qc.csfd import Vector, outcome_of_ratio, take_distance
from tools.qc.readable import Readability, reading_of, unseen_is_expected
from tools.qc.strangers import Strangers


def judge_take(
    image: Image.Image,
    faces: Sequence[Face],
    references: Sequence[Vector],
    strangers: Strangers,
    calibration: Calibration,
    framing: Framing,
    training_pictures: Mapping[str, Fingerprint],
    *,
    view: View | None = None,
    fault: str | None = None,
) -> Verdict:
    """Judge a take of one character.

    Args:
        image: the take.
        faces: what was found in it, largest first.
        references: unit embeddings of the character's reference set, well-read faces.
        strangers: people to compare with, the character in play left out; there may be none.
        calibration: the threshold in force.
        framing: shot size that was asked for; decides what a missing face means.
        training_pictures: fingerprints of the pictures the adapter was trained on, by file name.
        view: view that was asked for; a profile that is too far is a matter for review.
        fault: why the head is not rightly formed, if it is not: a reject, whoever it is.
    """
    copy = copied_from(image, training_pictures, calibration.copy_distance)
    warnings = (f"nearly equals the training picture {copy}",) if copy else ()
    if len(faces) != 1:
        outcome, reason = head_count(len(faces), framing, view)
        faults = (fault,) if fault else ()
        return Verdict(
            outcome=Outcome.REJECT if fault else outcome,
            reasons=(reason, *faults, *warnings),
            copy_of=copy,
            faces=len(faces),
            malformed=fault is not None,
        )
    measured = take_distance(faces[0].embedding, references)
    embedding, known = faces[0].embedding, bool(strangers.centroids)
    stranger, stranger_distance = strangers.nearest(embedding) if known else ("", float("inf"))
    is_own = measured.centroid <= stranger_distance
    outcome, reason = _identity(faces[0], measured.centroid, calibration, framing, view)
    reasons = [reason, *warnings]
    if not is_own:
        reasons.append(f"nearer to {stranger} ({stranger_distance:.3f}) than to the character")
    if outcome is Outcome.PASS and (copy or not is_own):
        outcome = Outcome.REVIEW
    if fault:
        outcome, reasons = Outcome.REJECT, [fault, *reasons]
    return Verdict(
        outcome=outcome,
        reasons=tuple(reasons),
        csfd_own=measured.centroid,
        csfd_other=strangers.mean_distance(embedding) if known else None,
        csfd_nearest_reference=measured.nearest,
        nearest="own" if is_own else stranger,
        copy_of=copy,
        faces=1,
        small_face=reading_of(faces[0]) is Readability.SMALL,
        malformed=fault is not None,
    )


def head_count(count: int, framing: Framing, view: View | None) -> tuple[Outcome, str]:
    """Say what it means that not exactly one face was found."""
    if count:
        return Outcome.REJECT, f"{count} faces where one was asked for"
    if unseen_is_expected(framing, view):
        return Outcome.REVIEW, f"no readable face in a {framing.value}: look at it"
    return Outcome.REJECT, f"no readable face in a {framing.value}: draw it again"


def _identity(
    face: Face, csfd: float, calibration: Calibration, framing: Framing, view: View | None
) -> tuple[Outcome, str]:
    limit = calibration.threshold
    outcome = outcome_of_ratio(csfd / limit)
    said = f"distance {csfd:.3f} to the character, threshold {limit:.3f}"
    reading = reading_of(face)
    hint = reading is Readability.SMALL or unseen_is_expected(framing, view)
    if outcome is Outcome.REJECT and hint and reading is not Readability.GOOD:
        return Outcome.REVIEW, f"{said}; the face is {reading.value} in this shot: look at it"
    return outcome, said
