"""What one image of a reference set is judged by: a table of rules, the worst finding counts.

Knows what was found in the image and how it stands to the rest of its set; must not know how that
was measured. Gate, builder and intake judge by these rules and by no others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.contracts.faces import Face
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, GateImage, Outcome
from tools.qc.copies import Fingerprint
from tools.qc.csfd import REVIEW_RATIO, outcome_of_ratio
from tools.qc.readable import Readability, reading_of, unseen_is_expected


@dataclass(frozen=True)
class GateInput:
    """One image of a set with the faces found in it."""

    file: str
    faces: Sequence[Face]
    framing: Framing | None = None
    """From the caption or the plan, if there is one."""
    view: View | None = None
    head_hinted: bool = True
    """Whether something like a head was seen where no face could be read; without even that, an
    unlabelled picture shows nobody."""
    picture: Fingerprint | None = None
    """By which a repeated picture is known; None: taken as different from all."""
    fault: str | None = None
    """Why the head is not rightly formed, where that was looked at (`tools.qc.malformed`)."""
    outfit_faults: tuple[str, ...] = ()
    """What of clothes and hair is another than the look's, where that was looked at (`tools.qc.outfit`)."""


@dataclass(frozen=True)
class ImageFacts:
    """An image with what its set says of it."""

    image: GateInput
    csfd: float | None
    """Distance to the centroid of the others of the largest group; None without a readable face."""
    calibration: Calibration
    repeats: str | None = None
    """The earlier file that it nearly equals or mirrors."""
    apart_with: tuple[str, ...] = ()
    """The other files of its group, where it is of another person than the largest group."""

    @property
    def face(self) -> Face | None:
        """The face, where there is exactly one."""
        return self.image.faces[0] if len(self.image.faces) == 1 else None


@dataclass(frozen=True)
class Finding:
    """What a rule says of an image."""

    outcome: Outcome
    reason: str


Rule = Callable[[ImageFacts], Finding | None]
"""None where the rule has nothing to say."""


def judge_image(facts: ImageFacts) -> GateImage:
    """Judge one image by all rules; of equally bad findings the first counts."""
    found = [finding for rule in RULES if (finding := rule(facts)) is not None]
    order = [Outcome.REJECT, Outcome.REVIEW, Outcome.PASS]
    worst = min(found, key=lambda finding: order.index(finding.outcome))
    return GateImage(
        file=facts.image.file,
        csfd=facts.csfd,
        verdict=worst.outcome,
        reason=worst.reason,
        repeats=facts.repeats,
    )


def judge_faceless(framing: Framing | None, view: View | None, *, head_hinted: bool) -> Finding:
    """Judge a picture in which no face can be read.

    It is a matter for review where a small figure or a profile was asked for, or where nothing says what
    it shows and something like a head is seen. A label that promises a face is not kept.

    Args:
        framing: from label or plan, if there is one.
        view: likewise.
        head_hinted: whether something like a head was seen.
    """
    if unseen_is_expected(framing, view):
        return Finding(
            Outcome.REVIEW, "no readable face, as can be in this framing or view; look at it"
        )
    if not head_hinted:
        return Finding(Outcome.REJECT, "no face, nor anything like a head; drop it")
    if framing is None and view is None:
        return Finding(
            Outcome.REVIEW, "no readable face; a head turned away or too small: look at it"
        )
    return Finding(Outcome.REJECT, "no readable face where the shot should show one; drop it")


def _faceless(facts: ImageFacts) -> Finding | None:
    image = facts.image
    if image.faces:
        return None
    return judge_faceless(image.framing, image.view, head_hinted=image.head_hinted)


def _malformed(facts: ImageFacts) -> Finding | None:
    fault = facts.image.fault
    return Finding(Outcome.REJECT, f"{fault}; drop it") if fault else None


def _other_outfit(facts: ImageFacts) -> Finding | None:
    faults = facts.image.outfit_faults
    return Finding(Outcome.REJECT, f"{'; '.join(faults)}; drop it") if faults else None


def _several_faces(facts: ImageFacts) -> Finding | None:
    count = len(facts.image.faces)
    if count < 2:
        return None
    return Finding(Outcome.REJECT, f"{count} faces; a reference shows exactly one person")


def _alone(facts: ImageFacts) -> Finding | None:
    if facts.face is None or facts.csfd is not None:
        return None
    return Finding(Outcome.REVIEW, "no other well-read face in the set to compare with")


def _well_read_distance(facts: ImageFacts) -> Finding | None:
    if facts.face is None or facts.csfd is None or reading_of(facts.face) is not Readability.GOOD:
        return None
    csfd, limit = facts.csfd, facts.calibration.threshold
    outcome = outcome_of_ratio(csfd / limit)
    if outcome is Outcome.PASS:
        return Finding(outcome, f"distance {csfd:.3f} within {limit:.3f}")
    if outcome is Outcome.REVIEW:
        return Finding(outcome, f"distance {csfd:.3f} a little above {limit:.3f}")
    return Finding(outcome, f"distance {csfd:.3f} is above {limit * REVIEW_RATIO:.3f}; drop it")


def _hinted_distance(facts: ImageFacts) -> Finding | None:
    """Judge a small or turned face, to which the embedder can be held only where it can tell."""
    if facts.face is None or facts.csfd is None:
        return None
    reading = reading_of(facts.face)
    if reading is Readability.GOOD:
        return None
    what = reading.value
    if reading is Readability.SMALL:
        what = f"face {facts.face.box.height:.0f} pixels high"
    own = facts.csfd <= facts.calibration.threshold
    return Finding(
        Outcome.PASS if own else Outcome.REVIEW,
        f"{what}: distance {facts.csfd:.3f} is a hint, left out of the mean",
    )


def _turned_stranger(facts: ImageFacts) -> Finding | None:
    limit = facts.calibration.turned_threshold
    if facts.face is None or facts.csfd is None or limit is None:
        return None
    if reading_of(facts.face) is not Readability.TURNED or facts.csfd <= limit:
        return None
    return Finding(
        Outcome.REJECT,
        f"turned away or covered, and still another person: distance {facts.csfd:.3f} is above "
        f"{limit:.3f}; drop it",
    )


def _other_person(facts: ImageFacts) -> Finding | None:
    if not facts.apart_with:
        return None
    return Finding(
        Outcome.REJECT,
        f"another person than most, together with {', '.join(facts.apart_with)}; drop it",
    )


def _repeated(facts: ImageFacts) -> Finding | None:
    if facts.repeats is None:
        return None
    return Finding(Outcome.REVIEW, f"repeats {facts.repeats}, counts once")


RULES: tuple[Rule, ...] = (
    _malformed,
    _other_outfit,
    _several_faces,
    _faceless,
    _alone,
    _well_read_distance,
    _hinted_distance,
    _turned_stranger,
    _other_person,
    _repeated,
)
