"""One image is judged by a table of rules, of which the worst finding counts."""

from __future__ import annotations

import pytest

from tests.support.cast_frames import Frame
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Outcome
from tools.qc.calibration import load_calibration
from tools.qc.image_rules import GateInput, ImageFacts, judge_faceless, judge_image

Cast = dict[str, Frame]
MAQUETTE = load_calibration("maquette")


def _facts(frame: Frame, csfd: float | None, **more: object) -> ImageFacts:
    return ImageFacts(GateInput(frame.file, frame.faces), csfd, MAQUETTE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "outcome"), [(1.0, Outcome.PASS), (1.1, Outcome.REVIEW), (1.2, Outcome.REJECT)]
)
def test_a_well_read_face_is_judged_by_its_distance(
    cast: Cast, ratio: float, outcome: Outcome
) -> None:
    judged = judge_image(_facts(cast["00000_00.webp"], ratio * MAQUETTE.threshold))
    assert judged.verdict is outcome
    assert judged.csfd == ratio * MAQUETTE.threshold


def test_a_repeated_picture_is_looked_at_and_a_repeated_stranger_rejected(cast: Cast) -> None:
    frame = cast["00000_00.webp"]
    judged = judge_image(_facts(frame, 0.01, repeats="first.png"))
    assert (judged.verdict, judged.reason) == (Outcome.REVIEW, "repeats first.png, counts once")
    stranger = judge_image(_facts(frame, 0.2, repeats="first.png"))
    assert stranger.verdict is Outcome.REJECT
    assert stranger.reason == "distance 0.200 is above 0.068; drop it"


def test_an_image_of_another_group_is_rejected_although_its_distance_would_do(cast: Cast) -> None:
    judged = judge_image(_facts(cast["00000_00.webp"], 0.05, apart_with=("b.png", "c.png")))
    assert judged.verdict is Outcome.REJECT
    assert judged.reason == "another person than most, together with b.png, c.png; drop it"


def test_a_turned_face_is_rejected_only_beyond_what_the_embedder_can_tell(cast: Cast) -> None:
    frame = cast["00004_03.webp"]
    can = MAQUETTE.model_copy(update={"turned_threshold": 0.13})
    inputs = GateInput(frame.file, frame.faces)
    assert judge_image(ImageFacts(inputs, 0.12, can)).verdict is Outcome.REVIEW
    assert judge_image(ImageFacts(inputs, 0.14, can)).verdict is Outcome.REJECT


def test_nobody_to_compare_with_is_a_matter_for_review(cast: Cast) -> None:
    judged = judge_image(_facts(cast["00000_00.webp"], None))
    assert judged.verdict is Outcome.REVIEW
    assert judged.reason == "no other well-read face in the set to compare with"


@pytest.mark.parametrize(
    ("framing", "view", "hinted", "outcome"),
    [
        (None, None, True, Outcome.REVIEW),
        (None, None, False, Outcome.REJECT),
        (Framing.FULL, None, False, Outcome.REVIEW),
        (Framing.CLOSE_UP, View.RIGHT_PROFILE, True, Outcome.REVIEW),
        (Framing.CLOSE_UP, View.FRONTAL, True, Outcome.REJECT),
        (Framing.MEDIUM, None, False, Outcome.REJECT),
    ],
)
def test_a_picture_without_a_readable_face_never_passes(
    framing: Framing | None, view: View | None, hinted: bool, outcome: Outcome
) -> None:
    assert judge_faceless(framing, view, head_hinted=hinted).outcome is outcome


def test_a_malformed_head_never_passes(cast: Cast) -> None:
    frame = cast["00000_00.webp"]
    image = GateInput(frame.file, frame.faces, fault="malformed: hardly formed like a head")
    judged = judge_image(ImageFacts(image, 0.01, MAQUETTE))
    assert judged.verdict is Outcome.REJECT
    assert judged.reason == "malformed: hardly formed like a head; drop it"
