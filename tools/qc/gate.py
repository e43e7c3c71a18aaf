"""The gate: may a reference set be trained on? (docs/architecture.md, Distances)

Knows faces, files and a threshold; must not know pictures' pixels, jobs or how faces were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.contracts.faces import Face
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, GateImage, GateReport, Outcome
from tools.qc.csfd import REVIEW_RATIO, centroid, distance, outcome_of_ratio, set_distances
from tools.qc.readable import Readability, reading_of, unseen_is_expected

MINIMUM = 20
"""Images that a set needs (the pipeline's floor)."""
READABLE_SHARE = 0.5
"""Share of the images whose face must be found: below it, what was measured is not the set."""


@dataclass(frozen=True)
class GateInput:
    """One image of a set with the faces found in it."""

    file: str
    faces: Sequence[Face]
    framing: Framing | None = None
    """From the caption, if there is one."""
    view: View | None = None
    head_hinted: bool = True
    """Whether something like a head was seen where no face could be read; without even that, an
    unlabelled picture shows nobody."""


def gate(
    files: Sequence[GateInput],
    calibration: Calibration,
    *,
    minimum: int = MINIMUM,
) -> GateReport:
    """Judge a reference set: pass or reject, with every image's distance, verdict and reason.

    It is refused when it has fewer than `minimum` images, when faces are found in fewer than half
    of them, when the mean distance of the well-read faces is above the threshold, or when an
    image is rejected: above 1.15 of the threshold, two faces, nobody in it, or no face where the
    caption promises one. Small and turned faces are shown with their distance, left out of the mean, and
    at worst a matter for review: the embedder cannot be held to them.

    Args:
        files: the set.
        calibration: the threshold in force.
        minimum: fewest images.
    """
    single = {each.file: each.faces[0] for each in files if len(each.faces) == 1}
    counted = {name: face for name, face in single.items() if reading_of(face) is Readability.GOOD}
    distances = _distances(single, counted)
    images = tuple(_judge(each, distances.get(each.file), calibration) for each in files)
    measured = [distances[name] for name in counted if name in distances]
    mean = sum(measured) / len(measured) if measured else None
    worst = max(measured, default=None)
    reject = (
        len(files) < minimum
        or len(single) < READABLE_SHARE * len(files)
        or mean is None
        or mean > calibration.threshold
        or any(image.verdict is Outcome.REJECT for image in images)
    )
    return GateReport(
        verdict=Outcome.REJECT if reject else Outcome.PASS,
        csfd_mean=mean,
        csfd_worst=worst,
        threshold=calibration.threshold,
        images=images,
    )


def refusal_reasons(report: GateReport, *, minimum: int = MINIMUM) -> tuple[str, ...]:
    """Say in plain sentences why a report refuses its set; empty when it passes."""
    if report.verdict is not Outcome.REJECT:
        return ()
    count, read = len(report.images), sum(image.csfd is not None for image in report.images)
    reasons = []
    if count < minimum:
        reasons.append(f"{count} images, at least {minimum} are needed")
    if read < READABLE_SHARE * count or report.csfd_mean is None:
        reasons.append(f"a face could be read in {read} of {count} images, half are needed")
    if report.csfd_mean is not None and report.csfd_mean > report.threshold:
        reasons.append(
            f"mean distance {report.csfd_mean:.3f} is above the threshold {report.threshold:.3f}"
        )
    reasons += [
        f"{image.file}: {image.reason}"
        for image in report.images
        if image.verdict is Outcome.REJECT
    ]
    return tuple(reasons)


def _distances(single: dict[str, Face], counted: dict[str, Face]) -> dict[str, float]:
    """Measure counted faces against the others, and the remaining ones against all counted."""
    if len(counted) < 2:
        return {}
    embeddings = [face.embedding for face in counted.values()]
    measured = dict(zip(counted, set_distances(embeddings).each, strict=True))
    centre = centroid(embeddings)
    for name, face in single.items():
        measured.setdefault(name, distance(face.embedding, centre))
    return measured


def _judge(image: GateInput, csfd: float | None, calibration: Calibration) -> GateImage:
    if len(image.faces) == 1 and csfd is not None:
        outcome, reason = _judge_distance(image.faces[0], csfd, calibration)
    elif len(image.faces) > 1:
        outcome = Outcome.REJECT
        reason = f"{len(image.faces)} faces; a reference shows exactly one person"
    elif image.faces:
        outcome = Outcome.REVIEW
        reason = "no other well-read face in the set to compare with"
    else:
        outcome, reason = _judge_faceless(image)
    return GateImage(file=image.file, csfd=csfd, verdict=outcome, reason=reason)


def _judge_distance(face: Face, csfd: float, calibration: Calibration) -> tuple[Outcome, str]:
    limit = calibration.threshold
    outcome = outcome_of_ratio(csfd / limit)
    reading = reading_of(face)
    if reading is Readability.GOOD:
        return outcome, _distance_reason(csfd, limit, outcome)
    allowed = Outcome.PASS if outcome is Outcome.PASS else Outcome.REVIEW
    what = (
        f"face {face.box.height:.0f} pixels high" if reading is Readability.SMALL else reading.value
    )
    return allowed, f"{what}: distance {csfd:.3f} is a hint, left out of the mean"


def _distance_reason(csfd: float, limit: float, outcome: Outcome) -> str:
    if outcome is Outcome.PASS:
        return f"distance {csfd:.3f} within {limit:.3f}"
    if outcome is Outcome.REVIEW:
        return f"distance {csfd:.3f} a little above {limit:.3f}"
    return f"distance {csfd:.3f} is above {limit * REVIEW_RATIO:.3f}; re-roll or drop it"


def _judge_faceless(image: GateInput) -> tuple[Outcome, str]:
    if unseen_is_expected(image.framing, image.view):
        return Outcome.REVIEW, "no readable face, as can be in this framing or view; look at it"
    if image.framing is None and image.view is None and image.head_hinted:
        return Outcome.REVIEW, "no readable face; a head turned away or too small: look at it"
    if not image.head_hinted:
        return Outcome.REJECT, "no face, nor anything like a head; drop it"
    return Outcome.REJECT, "no readable face where the shot should show one; re-roll or drop it"
