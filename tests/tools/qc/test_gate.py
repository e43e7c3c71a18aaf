from __future__ import annotations

import pytest

from tests.support.cast_frames import Frame
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import GateReport, Outcome
from tools.qc.calibration import load_calibration
from tools.qc.gate import GateInput, gate, refusal_reasons

Cast = dict[str, Frame]


def _set(cast: Cast, person: int) -> list[GateInput]:
    return [GateInput(frame.file, frame.faces) for frame in cast.values() if frame.person == person]


def _judge(files: list[GateInput], **options: object) -> GateReport:
    return gate(files, load_calibration("maquette"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("person", range(7))
def test_twenty_frames_of_one_person_pass(cast: Cast, person: int) -> None:
    report = _judge(_set(cast, person))
    assert report.verdict is Outcome.PASS, refusal_reasons(report)
    assert report.csfd_mean is not None
    assert report.csfd_mean < 0.8 * report.threshold
    assert len(report.images) == 20
    assert refusal_reasons(report) == ()


def test_face_hidden_by_hair_in_most_frames_is_refused(cast: Cast) -> None:
    report = _judge(_set(cast, 7))
    assert report.verdict is Outcome.REJECT
    assert refusal_reasons(report) == ("a face could be read in 9 of 20 images, half are needed",)


def test_two_people_mixed_are_refused_and_images_named(cast: Cast) -> None:
    report = _judge(_set(cast, 2)[:10] + _set(cast, 4)[:10])
    assert report.verdict is Outcome.REJECT
    assert any("above 0.0" in reason for reason in refusal_reasons(report))


def test_one_stranger_is_named_with_the_distance(cast: Cast) -> None:
    files = _set(cast, 0)[1:]
    report = _judge([*files, GateInput("stranger.png", cast["00003_00.webp"].faces)])
    stranger = report.images[-1]
    assert report.verdict is Outcome.REJECT
    assert stranger.verdict is Outcome.REJECT
    assert stranger.csfd is not None
    assert stranger.csfd > 1.15 * report.threshold
    assert refusal_reasons(report) == (f"stranger.png: {stranger.reason}",)


def test_three_images_are_too_few(cast: Cast) -> None:
    report = _judge(_set(cast, 0)[:3])
    assert report.verdict is Outcome.REJECT
    assert refusal_reasons(report) == ("3 images, at least 20 are needed",)
    assert _judge(_set(cast, 0)[:3], minimum=3).verdict is Outcome.PASS


def test_two_faces_in_one_image_are_refused(cast: Cast) -> None:
    files = _set(cast, 0)
    both = GateInput("both.png", (*files[0].faces, *cast["00003_00.webp"].faces))
    report = _judge([*files[1:], both])
    assert report.verdict is Outcome.REJECT
    assert report.images[-1].csfd is None
    assert "2 faces" in report.images[-1].reason


@pytest.mark.parametrize(
    ("framing", "view", "expected"),
    [
        (None, None, Outcome.REVIEW),
        (Framing.FULL, View.FRONTAL, Outcome.REVIEW),
        (Framing.CLOSE_UP, View.LEFT_PROFILE, Outcome.REVIEW),
        (Framing.CLOSE_UP, View.FRONTAL, Outcome.REJECT),
    ],
)
def test_no_face_is_judged_by_framing_and_never_passes(
    cast: Cast, framing: Framing | None, view: View | None, expected: Outcome
) -> None:
    report = _judge([*_set(cast, 0)[1:], GateInput("empty.png", (), framing, view)])
    assert report.images[-1].verdict is expected
    assert report.images[-1].csfd is None
    assert (report.verdict is Outcome.REJECT) == (expected is Outcome.REJECT)


def test_a_picture_without_anything_like_a_head_is_refused(cast: Cast) -> None:
    files = [*_set(cast, 0)[1:], GateInput("empty.png", (), head_hinted=False)]
    report = _judge(files)
    assert "empty.png: no face, nor anything like a head; drop it" in refusal_reasons(report)


def test_small_faces_are_shown_but_left_out_of_the_mean(cast: Cast) -> None:
    files = _set(cast, 0)
    by_file = {image.file: image for image in _judge(files).images}
    small = by_file["00000_18.webp"]
    assert small.verdict is Outcome.REVIEW
    assert small.csfd is not None
    assert "18 pixels high" in small.reason
    without = [each for each in files if each.file != small.file]
    assert _judge(without, minimum=19).csfd_mean == _judge(files).csfd_mean


def test_set_without_any_face_has_no_made_up_number() -> None:
    report = _judge([GateInput(f"{index}.png", ()) for index in range(20)])
    assert report.verdict is Outcome.REJECT
    assert report.csfd_mean is None
    assert "read in 0 of 20" in refusal_reasons(report)[0]
