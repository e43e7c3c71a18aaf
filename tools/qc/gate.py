"""The gate: may a reference set be trained on? (docs/architecture.md, Distances)

Knows faces, files, fingerprints and a calibration; must not know jobs or how faces were found. What
one image is judged by stands in `tools.qc.image_rules`, what the set is judged by here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from tools.contracts.faces import Face
from tools.contracts.verdicts import Calibration, GateReport, Outcome
from tools.qc.copies import repeats
from tools.qc.csfd import centroid, distance, set_distances
from tools.qc.image_rules import GateInput, ImageFacts, judge_image
from tools.qc.readable import Readability, reading_of, unseen_is_expected
from tools.qc.structure import face_groups, pair_threshold

MINIMUM = 20
"""Different images that a set needs (the pipeline's floor)."""
READABLE_SHARE = 0.5
"""Share of the images whose face must be found: below it, what was measured is not the set."""
MOST_NAMED = 5
"""Repeated images named in one sentence."""


@dataclass(frozen=True)
class _Measured:
    """What was measured over the whole set."""

    single: Mapping[str, Face]
    """Faces of the images that have one, by file."""
    counted: Mapping[str, Face]
    """Those of them that are well read, repeated pictures once."""
    repeated: Mapping[str, str]
    """Repeated pictures with the one that they repeat."""
    groups: tuple[tuple[str, ...], ...]
    """The counted files by person, the largest group first."""
    distances: Mapping[str, float]
    """Each face against the centroid of the others of the largest group."""

    @property
    def people(self) -> tuple[tuple[str, ...], ...]:
        """The groups of two images and more; one image apart is judged by its own distance."""
        return tuple(group for group in self.groups if len(group) > 1)

    @property
    def mean(self) -> float | None:
        """The set's CSFD."""
        values = [self.distances[name] for name in self.counted if name in self.distances]
        return sum(values) / len(values) if values else None

    @property
    def worst(self) -> float | None:
        """The spread: the worst counted image."""
        return max((self.distances[n] for n in self.counted if n in self.distances), default=None)


def gate(
    files: Sequence[GateInput],
    calibration: Calibration,
    *,
    minimum: int = MINIMUM,
) -> GateReport:
    """Judge a reference set: pass or reject, with every image's distance, verdict and reason.

    It is refused when it has fewer than `minimum` different images, when faces are found in fewer than
    half of those that should show one, when the mean distance of the well-read faces is above the
    threshold, when they are of two people, or when an image is rejected (`RULES` of
    `tools.qc.image_rules`). Small and turned faces are shown with their distance and left out of the
    mean. Images that were asked for without a readable face (head turned away, small figure) do not
    count against it.

    Args:
        files: the set.
        calibration: the thresholds in force.
        minimum: fewest different images.
    """
    measured = _measure(files, calibration)
    images = tuple(judge_image(_facts(each, measured, calibration)) for each in files)
    reasons = tuple(_reasons(files, measured, calibration, minimum))
    reject = bool(reasons) or any(image.verdict is Outcome.REJECT for image in images)
    return GateReport(
        verdict=Outcome.REJECT if reject else Outcome.PASS,
        csfd_mean=measured.mean,
        csfd_worst=measured.worst,
        threshold=calibration.threshold,
        images=images,
        reasons=reasons,
        groups=measured.people if len(measured.people) > 1 else (),
    )


def refusal_reasons(report: GateReport) -> tuple[str, ...]:
    """Say in plain sentences why a report refuses its set; empty when it passes."""
    rejected = [image for image in report.images if image.verdict is Outcome.REJECT]
    return (*report.reasons, *(f"{image.file}: {image.reason}" for image in rejected))


def _measure(files: Sequence[GateInput], calibration: Calibration) -> _Measured:
    pictures = {each.file: each.picture for each in files if each.picture is not None}
    repeated = repeats(pictures, calibration.copy_distance)
    single = {each.file: each.faces[0] for each in files if len(each.faces) == 1}
    counted = {
        name: face
        for name, face in single.items()
        if reading_of(face) is Readability.GOOD and name not in repeated
    }
    names = list(counted)
    found = face_groups([face.embedding for face in counted.values()], pair_threshold(calibration))
    groups = tuple(tuple(names[index] for index in group) for group in found)
    return _Measured(single, counted, repeated, groups, _distances(single, groups))


def _distances(single: Mapping[str, Face], groups: Sequence[Sequence[str]]) -> dict[str, float]:
    """Measure the largest group's faces against its others, and the remaining ones against it."""
    largest = groups[0] if groups else ()
    if len(largest) < 2:
        return {}
    embeddings = [single[name].embedding for name in largest]
    measured = dict(zip(largest, set_distances(embeddings).each, strict=True))
    centre = centroid(embeddings)
    for name, face in single.items():
        measured.setdefault(name, distance(face.embedding, centre))
    return measured


def _facts(image: GateInput, measured: _Measured, calibration: Calibration) -> ImageFacts:
    others = chain.from_iterable(group for group in measured.people[1:] if image.file in group)
    return ImageFacts(
        image=image,
        csfd=measured.distances.get(image.file),
        calibration=calibration,
        repeats=measured.repeated.get(image.file),
        apart_with=tuple(name for name in others if name != image.file),
    )


def _reasons(
    files: Sequence[GateInput], measured: _Measured, calibration: Calibration, minimum: int
) -> list[str]:
    """Why the set is refused as a whole."""
    reasons = []
    count, different = len(files), len(files) - len(measured.repeated)
    if count < minimum:
        reasons.append(f"{count} images, at least {minimum} are needed")
    elif different < minimum:
        reasons.append(
            f"{different} different of {count} images, at least {minimum} are needed: "
            f"{_repetition(measured.repeated)}"
        )
    asked_unseen = sum(_is_asked_unseen(each) for each in files)
    if len(measured.single) < max(1.0, READABLE_SHARE * (count - asked_unseen)):
        reasons.append(_unread(len(measured.single), count, asked_unseen))
    elif measured.mean is None:
        reasons.append("no two different well-read faces to compare")
    if measured.mean is not None and measured.mean > calibration.threshold:
        reasons.append(
            f"mean distance {measured.mean:.3f} is above the threshold {calibration.threshold:.3f}"
        )
    return reasons + [_other_person(group, measured) for group in measured.people[1:]]


def _is_asked_unseen(image: GateInput) -> bool:
    return not image.faces and unseen_is_expected(image.framing, image.view)


def _unread(read: int, count: int, asked_unseen: int) -> str:
    said = f"a face could be read in {read} of {count} images, half are needed"
    if not asked_unseen:
        return said
    return f"{said}; {asked_unseen} that were asked for turned away or small are not counted"


def _repetition(repeated: Mapping[str, str]) -> str:
    named = [f"{name} repeats {first}" for name, first in list(repeated.items())[:MOST_NAMED]]
    more = [f"and {len(repeated) - MOST_NAMED} more"] if len(repeated) > MOST_NAMED else []
    return ", ".join([*named, *more])


def _other_person(group: Sequence[str], measured: _Measured) -> str:
    largest = len(measured.groups[0])
    mean = sum(measured.distances[name] for name in group) / len(group)
    return (
        f"more than one person: {', '.join(group)} ({len(group)} images) are another person than the "
        f"{largest} others that agree, at a mean distance of {mean:.3f}"
    )
