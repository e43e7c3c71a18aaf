"""QC of one take: identity, strangers, head count and copies joined into a verdict with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.outfits import OutfitFigure
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, Outcome, Verdict
from tools.qc.copies import Fingerprint, copied_from
from tools.qc.csfd import Vector, outcome_of_ratio, take_distance
from tools.qc.readable import Readability, reading_of, unseen_is_expected
from tools.qc.strangers import Strangers


@dataclass(frozen=True)
class KnownPerson:
    """The character as takes are held against."""

    references: Sequence[Vector]
    """Unit embeddings of the reference set, well-read faces."""
    strangers: Strangers
    """People to compare with, the character in play left out; there may be none."""
    calibration: Calibration
    """The threshold in force."""
    training_pictures: Mapping[str, Fingerprint]
    """Of the pictures that the adapter was trained on, by file name."""


@dataclass(frozen=True)
class SeenTake:
    """A take with all that was seen in it."""

    image: Image.Image
    faces: Sequence[Face]
    """Largest first."""
    fault: str | None = None
    """Why the head is not rightly formed, if it is not: a reject, whoever it is."""
    outfit: Sequence[OutfitFigure] = ()
    """How clothes and hair stand to the look."""
    outfit_faults: Sequence[str] = ()
    """What of them is another than the look's: a reject."""


@dataclass(frozen=True)
class AskedFraming:
    """What decides how a missing or distant face is taken."""

    framing: Framing
    view: View | None = None


def judge_take(take: SeenTake, person: KnownPerson, asked: AskedFraming) -> Verdict:
    """Judge a take of one character: identity, strangers, head count, copies, form and outfit."""
    copy = copied_from(take.image, person.training_pictures, person.calibration.copy_distance)
    warnings = (f"nearly equals the training picture {copy}",) if copy else ()
    faults = (*((take.fault,) if take.fault else ()), *take.outfit_faults)
    found = Verdict(
        outcome=Outcome.REVIEW,
        reasons=(),
        copy_of=copy,
        faces=len(take.faces),
        malformed=take.fault is not None,
        outfit=tuple(take.outfit),
    )
    if len(take.faces) == 1:
        found = _held_against(found, take.faces[0], person, asked)
    else:
        outcome, reason = head_count(len(take.faces), asked)
        found = found.model_copy(update={"outcome": outcome, "reasons": (reason,)})
    if found.outcome is Outcome.PASS and copy:
        found = found.model_copy(update={"outcome": Outcome.REVIEW})
    first, others = found.reasons[:1], found.reasons[1:]
    # what a person must hear first: a malformed head, except where there is no face to speak of
    reasons = (*faults, *first) if found.faces == 1 else (*first, *faults)
    return found.model_copy(
        update={
            "outcome": Outcome.REJECT if faults else found.outcome,
            "reasons": (*reasons, *warnings, *others),
        }
    )


def _held_against(found: Verdict, face: Face, person: KnownPerson, asked: AskedFraming) -> Verdict:
    """Add what the only face says of who it is."""
    strangers, embedding = person.strangers, face.embedding
    measured = take_distance(embedding, person.references)
    known = bool(strangers.centroids)
    stranger, stranger_distance = strangers.nearest(embedding) if known else ("", float("inf"))
    is_own = measured.centroid <= stranger_distance
    outcome, reason = _identity(face, measured.centroid, person.calibration, asked)
    reasons = [reason]
    if not is_own:
        reasons.append(f"nearer to {stranger} ({stranger_distance:.3f}) than to the character")
    return found.model_copy(
        update={
            "outcome": Outcome.REVIEW if outcome is Outcome.PASS and not is_own else outcome,
            "reasons": tuple(reasons),
            "csfd_own": measured.centroid,
            "csfd_other": strangers.mean_distance(embedding) if known else None,
            "csfd_nearest_reference": measured.nearest,
            "nearest": "own" if is_own else stranger,
            "small_face": reading_of(face) is Readability.SMALL,
        }
    )


def head_count(count: int, asked: AskedFraming) -> tuple[Outcome, str]:
    """Say what it means that not exactly one face was found."""
    if count:
        return Outcome.REJECT, f"{count} faces where one was asked for"
    if unseen_is_expected(asked.framing, asked.view):
        return Outcome.REVIEW, f"no readable face in a {asked.framing.value}: look at it"
    return Outcome.REJECT, f"no readable face in a {asked.framing.value}: draw it again"


def _identity(
    face: Face, csfd: float, calibration: Calibration, asked: AskedFraming
) -> tuple[Outcome, str]:
    limit = calibration.threshold
    outcome = outcome_of_ratio(csfd / limit)
    said = f"distance {csfd:.3f} to the character, threshold {limit:.3f}"
    reading = reading_of(face)
    hint = reading is Readability.SMALL or unseen_is_expected(asked.framing, asked.view)
    if outcome is Outcome.REJECT and hint and reading is not Readability.GOOD:
        return Outcome.REVIEW, f"{said}; the face is {reading.value} in this shot: look at it"
    return outcome, said
