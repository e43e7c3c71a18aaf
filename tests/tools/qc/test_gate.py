from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageEnhance, ImageOps

from tests.support.cast_frames import Frame
from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Calibration, GateReport, Outcome
from tools.qc.calibration import load_calibration
from tools.qc.copies import fingerprint
from tools.qc.csfd import REVIEW_RATIO, centroid, distance
from tools.qc.gate import gate, refusal_reasons
from tools.qc.image_rules import GateInput
from tools.qc.readable import Readability, reading_of

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


def _well_read(files: list[GateInput]) -> list[GateInput]:
    return [
        each
        for each in files
        if len(each.faces) == 1 and reading_of(each.faces[0]) is Readability.GOOD
    ]


def _named(report: GateReport) -> set[str]:
    """Files that are rejected for their face."""
    return {
        image.file
        for image in report.images
        if image.verdict is Outcome.REJECT and image.csfd is not None
    }


def _are_separable(one: list[GateInput], other: list[GateInput], limit: float) -> bool:
    """Whether each well-read face of either is beyond the limit from the other's centroid."""
    for mine, theirs in ((one, other), (other, one)):
        centre = centroid([each.faces[0].embedding for each in _well_read(theirs)])
        if any(distance(each.faces[0].embedding, centre) <= limit for each in _well_read(mine)):
            return False
    return True


def test_ten_pictures_of_each_of_two_people_are_refused_with_both_groups(cast: Cast) -> None:
    report = _judge(_set(cast, 0)[:10] + _set(cast, 2)[:10])
    assert report.verdict is Outcome.REJECT
    first, second = report.groups
    assert {file[:5] for file in first} == {"00002"}
    assert {file[:5] for file in second} == {"00000"}
    assert _named(report) == set(second)
    (reason,) = report.reasons
    assert reason.startswith(
        f"more than one person: {', '.join(second)} ({len(second)} images) are"
    )


@pytest.mark.parametrize("few", range(1, 11))
def test_mixtures_of_separable_people_are_refused_and_the_smaller_part_named(
    cast: Cast, few: int
) -> None:
    limit = REVIEW_RATIO * load_calibration("maquette").threshold
    sets = {person: _set(cast, person) for person in range(7)}
    pairs = [
        pair
        for pair in combinations(sets, 2)
        if _are_separable(sets[pair[0]], sets[pair[1]], limit)
    ]
    assert len(pairs) >= 10
    for main, guest in [*pairs, *(pair[::-1] for pair in pairs)]:
        random = Random(f"{main} {guest} {few}")
        strangers = _well_read(sets[guest])[:few]
        files = [*random.sample(sets[main], 20 - few), *strangers]
        random.shuffle(files)
        report = _judge(files)
        assert report.verdict is Outcome.REJECT, (main, guest)
        own = {each.file for each in _well_read(files)} - {each.file for each in strangers}
        smaller = [{each.file for each in strangers}, own]
        if abs(len(smaller[0]) - len(smaller[1])) > 2:
            smaller = [min(smaller, key=len)]
        assert any(part <= _named(report) for part in smaller), (main, guest)


def test_most_mixtures_of_any_two_people_are_refused_and_named(cast: Cast) -> None:
    refused, named, count = 0, 0, 0
    for main in range(7):
        for guest in set(range(7)) - {main}:
            for few in range(1, 9):
                files = _set(cast, main)[: 20 - few] + _well_read(_set(cast, guest))[:few]
                report = _judge(files)
                count += 1
                refused += report.verdict is Outcome.REJECT
                strangers = {each.file for each in files[20 - few :]}
                own = {each.file for each in _well_read(files)} - strangers
                named += strangers <= _named(report) or (
                    len(own) <= len(strangers) + 1 and own <= _named(report)
                )
    assert count == 336
    assert refused >= 0.97 * count
    assert named >= 0.95 * count


SPREAD, SEPARATION = 0.25, 1.1
"""Radians: largest angle of a face from its person's direction, least between two people's."""
SYNTHETIC = Calibration(
    name="synthetic",
    embedder="x",
    detector="x",
    threshold=1 - float(np.cos(2 * SPREAD)),
    pair_threshold=(2 - np.cos(2 * SPREAD) - np.cos(SEPARATION - 2 * SPREAD)) / 2,
    origin="made up",
    copy_distance=0.03,
)


def _synthetic(random: np.random.Generator, centre: np.ndarray) -> Face:
    """A well-read face at an angle of at most SPREAD from a direction."""
    aside = random.normal(size=centre.shape)
    aside -= (aside @ centre) * centre
    angle = SPREAD * random.random()
    vector = np.cos(angle) * centre + np.sin(angle) * aside / np.linalg.norm(aside)
    return Face(
        box=Box(left=0, top=0, right=100, bottom=100),
        landmarks=(),
        confidence=1.0,
        detector="hog",
        embedding=tuple(vector.tolist()),
    )


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(4, 24), data=st.data())
def test_any_mixture_of_two_separable_directions_is_refused_and_its_smaller_part_named(
    seed: int, count: int, data: st.DataObject
) -> None:
    few = data.draw(st.integers(0, count // 2))
    random = np.random.default_rng(seed)
    dimensions = int(random.integers(3, 64))
    first, aside = np.linalg.qr(random.normal(size=(dimensions, 2)))[0].T
    second = np.cos(SEPARATION) * first + np.sin(SEPARATION) * aside
    faces = [_synthetic(random, first) for _ in range(count - few)]
    faces += [_synthetic(random, second) for _ in range(few)]
    files = [GateInput(f"{index}", (face,)) for index, face in enumerate(faces)]
    strangers = {each.file for each in files[count - few :]}
    random.shuffle(files)
    report = gate(files, SYNTHETIC, minimum=count)
    if not few:
        assert report.verdict is Outcome.PASS
        return
    assert report.verdict is Outcome.REJECT
    others = {each.file for each in files} - strangers
    parts = [strangers, others] if 2 * few == count else [strangers]
    assert _named(report) in parts
    assert bool(report.groups) == (few > 1)


def test_one_photo_twenty_times_is_one_picture(cast: Cast) -> None:
    frame = cast["00000_00.webp"]
    picture = fingerprint(frame.image)
    report = _judge([GateInput(f"{n:02d}.png", frame.faces, picture=picture) for n in range(20)])
    assert report.verdict is Outcome.REJECT
    assert report.reasons[0] == (
        "1 different of 20 images, at least 20 are needed: 01.png repeats 00.png, 02.png repeats 00.png, "
        "03.png repeats 00.png, 04.png repeats 00.png, 05.png repeats 00.png, and 14 more"
    )
    assert report.reasons[1:] == ("no two different well-read faces to compare",)
    assert report.csfd_mean is None
    assert {image.verdict for image in report.images[1:]} == {Outcome.REVIEW}


@pytest.mark.parametrize(
    "print_of", [ImageOps.mirror, lambda image: ImageEnhance.Brightness(image).enhance(0.8)]
)
def test_a_repeated_or_mirrored_picture_counts_once(cast: Cast, print_of: object) -> None:
    files = [
        GateInput(frame.file, frame.faces, picture=fingerprint(frame.image))
        for frame in cast.values()
        if frame.person == 0
    ]
    assert _judge(files).verdict is Outcome.PASS
    frame = cast["00000_00.webp"]
    twin = GateInput("twin.png", frame.faces, picture=fingerprint(print_of(frame.image)))  # type: ignore[operator]
    more = _judge([*files, twin])
    assert more.verdict is Outcome.PASS, "twenty others are there"
    assert more.images[-1].reason == "repeats 00000_00.webp, counts once"
    assert more.csfd_mean == _judge(files).csfd_mean
    instead = _judge([*files[:-1], twin])
    assert refusal_reasons(instead) == (
        "19 different of 20 images, at least 20 are needed: twin.png repeats 00000_00.webp",
    )


def test_images_that_were_asked_for_turned_away_do_not_count_against_the_set(cast: Cast) -> None:
    read = _well_read(_set(cast, 0))[:8]
    asked = [GateInput(f"{n}.png", (), Framing.FULL, View.FRONTAL) for n in range(12)]
    assert _judge([*read, *asked]).verdict is Outcome.PASS
    unasked = [GateInput(each.file, ()) for each in asked]
    assert refusal_reasons(_judge([*read, *unasked])) == (
        "a face could be read in 8 of 20 images, half are needed",
    )
    close = [GateInput(f"close-{n}.png", ()) for n in range(10)]
    (reason,) = _judge([*read, *asked[:2], *close]).reasons
    assert reason == (
        "a face could be read in 8 of 20 images, half are needed; "
        "2 that were asked for turned away or small are not counted"
    )


def test_a_stranger_seen_only_in_profile_is_rejected_where_the_embedder_can_tell(
    cast: Cast,
) -> None:
    turned = cast["00004_03.webp"].faces
    assert reading_of(turned[0]) is Readability.TURNED
    files = [*_set(cast, 0)[1:], GateInput("stranger.png", turned)]
    calibration = load_calibration("maquette")
    cannot = calibration.model_copy(update={"turned_threshold": None})
    assert gate(files, cannot).images[-1].verdict is Outcome.REVIEW
    can = calibration.model_copy(update={"turned_threshold": 0.13})
    report = gate(files, can)
    assert report.images[-1].verdict is Outcome.REJECT
    assert "still another person: distance 0.1" in report.images[-1].reason
    assert {image.file for image in report.images if image.verdict is Outcome.REJECT} == {
        "stranger.png"
    }


def test_set_without_any_face_has_no_made_up_number() -> None:
    report = _judge([GateInput(f"{index}.png", ()) for index in range(20)])
    assert report.verdict is Outcome.REJECT
    assert report.csfd_mean is None
    assert "read in 0 of 20" in refusal_reasons(report)[0]
