from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.cast_frames import Frame
from tools.contracts.outfits import OutfitFigure, OutfitPart
from tools.contracts.photography import View
from tools.contracts.verdicts import Outcome, Verdict
from tools.qc.calibration import load_calibration
from tools.qc.copies import Fingerprint, fingerprint
from tools.qc.strangers import load_strangers
from tools.qc.verdict import AskedFraming, KnownPerson, SeenTake, judge_take

Cast = dict[str, Frame]
People = dict[str, list[tuple[float, ...]]]


def person(
    references: list[tuple[float, ...]], trained_on: Mapping[str, Fingerprint] | None = None
) -> KnownPerson:
    strangers = load_strangers("Dlib").without("cast-2")
    return KnownPerson(references, strangers, load_calibration("maquette"), trained_on or {})


def _judge(frame: Frame, references: list[tuple[float, ...]], view: View | None = None) -> Verdict:
    take = SeenTake(frame.image, frame.faces)
    return judge_take(take, person(references), AskedFraming(frame.framing, view))


def test_own_face_passes_and_is_nearest_to_itself(cast: Cast, people: People) -> None:
    verdict = _judge(cast["00002_13.webp"], people["cast-2"])
    assert verdict.outcome is Outcome.PASS
    assert verdict.nearest == "own"
    assert verdict.csfd_own is not None
    assert verdict.csfd_other is not None
    assert verdict.csfd_own < 0.5 * verdict.csfd_other


def test_another_person_is_rejected_and_named(cast: Cast, people: People) -> None:
    verdict = _judge(cast["00004_00.webp"], people["cast-2"])
    assert verdict.outcome is Outcome.REJECT
    assert verdict.nearest == "cast-4"
    assert any("nearer to cast-4" in reason for reason in verdict.reasons)


def test_no_face_is_rejected_in_a_close_up_and_reviewed_in_a_full_shot(
    cast: Cast, people: People
) -> None:
    close = _judge(cast["00007_01.webp"], people["cast-2"])
    full = _judge(cast["00001_19.webp"], people["cast-2"])
    assert (close.outcome, full.outcome) == (Outcome.REJECT, Outcome.REVIEW)
    assert close.csfd_own is None
    assert close.faces == 0


def test_profile_that_was_asked_for_is_a_matter_for_review(cast: Cast, people: People) -> None:
    profile = cast["00002_03.webp"]
    far = people["cast-4"]
    assert _judge(profile, far, View.LEFT_PROFILE).outcome is Outcome.REVIEW
    assert _judge(profile, far, View.FRONTAL).outcome is Outcome.REJECT


def test_two_faces_where_one_was_asked_for_are_rejected(cast: Cast, people: People) -> None:
    frame = cast["00002_00.webp"]
    take = SeenTake(frame.image, [*frame.faces, *cast["00004_00.webp"].faces])
    verdict = judge_take(take, person(people["cast-2"]), AskedFraming(frame.framing))
    assert verdict.outcome is Outcome.REJECT
    assert verdict.faces == 2


def test_copy_of_a_training_picture_is_named_and_not_passed(cast: Cast, people: People) -> None:
    frame = cast["00002_13.webp"]
    prints = {name: fingerprint(cast[name].image) for name in ("00002_00.webp", "00002_13.webp")}
    take = SeenTake(frame.image, frame.faces)
    verdict = judge_take(take, person(people["cast-2"], prints), AskedFraming(frame.framing))
    assert verdict.copy_of == "00002_13.webp"
    assert verdict.outcome is Outcome.REVIEW


@pytest.mark.parametrize("name", ["cast-2"])
def test_leaving_one_out_keeps_the_other_seven(name: str) -> None:
    strangers = load_strangers("Dlib")
    assert len(strangers.centroids) == 8
    assert name not in strangers.without(name).centroids


def test_a_head_that_is_not_rightly_formed_is_a_reject_whoever_it_is(
    cast: Cast, people: People
) -> None:
    for name in ("00002_13.webp", "00007_01.webp"):
        frame = cast[name]
        take = SeenTake(frame.image, frame.faces, "malformed: hardly formed like a head")
        verdict = judge_take(take, person(people["cast-2"]), AskedFraming(frame.framing))
        assert (verdict.outcome, verdict.malformed) == (Outcome.REJECT, True)
        assert "malformed: hardly formed like a head" in verdict.reasons


def test_another_coat_is_a_reject_however_like_the_face_is(cast: Cast, people: People) -> None:
    frame = cast["00002_13.webp"]
    figure = OutfitFigure(
        part=OutfitPart.GARMENT, seen="red", sureness=0.9, wanted="teal", distance=4.0, threshold=2
    )
    take = SeenTake(
        frame.image,
        frame.faces,
        outfit=(figure,),
        outfit_faults=("the coat is red, Mara's is teal",),
    )
    verdict = judge_take(take, person(people["cast-2"]), AskedFraming(frame.framing))
    assert verdict.outcome is Outcome.REJECT
    assert verdict.reasons[0] == "the coat is red, Mara's is teal"
    assert verdict.nearest == "own"
    assert verdict.outfit == (figure,)
    assert not verdict.malformed
