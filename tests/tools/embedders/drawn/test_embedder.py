from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from tools.contracts.faces import Face
from tools.embedders.drawn.embedder import DrawnEmbedder, peaks_of
from tools.embedders.drawn.networks import STRIDE
from tools.embedders.drawn.weights import shipped_weights
from tools.store.database import open_database
from tools.store.face_cache import FaceCache

CAST = Path(__file__).parents[3] / "data" / "cast"
CLOSE_UP, LEFT_PROFILE, RIGHT_PROFILE, FULL_BODY = 0, 3, 4, 18


def frame(person: int, number: int) -> Image.Image:
    return Image.open(CAST / f"{person:05d}_{number:02d}.webp").convert("RGB")


@pytest.fixture(scope="module")
def embedder() -> DrawnEmbedder:
    return DrawnEmbedder(shipped_weights(), device="cpu")


def only(embedder: DrawnEmbedder, picture: Image.Image) -> Face:
    ((face,),) = embedder.faces([picture])
    return face


def distance(first: Face, second: Face) -> float:
    return 1 - float(np.dot(first.embedding, second.embedding))


def test_heads_are_found_in_every_view_and_framing(embedder: DrawnEmbedder) -> None:
    numbers = (CLOSE_UP, LEFT_PROFILE, RIGHT_PROFILE, FULL_BODY)
    for person in (0,):
        for faces in embedder.faces([frame(person, number) for number in numbers]):
            assert len(faces) == 1
            assert np.linalg.norm(faces[0].embedding) == pytest.approx(1.0)
            assert 20 < (faces[0].box.left + faces[0].box.right) / 2 < 236


def test_the_same_person_is_nearer_than_another(embedder: DrawnEmbedder) -> None:
    mine, turned, other = (only(embedder, frame(*each)) for each in ((0, 0), (0, 1), (2, 0)))
    assert distance(mine, turned) < distance(mine, other)


def test_the_head_turns_as_it_is_seen(embedder: DrawnEmbedder) -> None:
    left, right, front = (
        only(embedder, frame(0, number)) for number in (LEFT_PROFILE, RIGHT_PROFILE, CLOSE_UP)
    )
    assert left.yaw is not None
    assert right.yaw is not None
    assert front.yaw is not None
    assert left.yaw > 25 > abs(front.yaw)
    assert right.yaw < -25
    assert only(embedder, ImageOps.mirror(frame(0, LEFT_PROFILE))).yaw == pytest.approx(
        -left.yaw, abs=25
    )


def test_landmarks_lie_where_eyes_and_nose_are(embedder: DrawnEmbedder) -> None:
    face = only(embedder, frame(2, CLOSE_UP))
    right_outer, right_inner, left_outer, left_inner, nose = face.landmarks
    assert left_outer[0] < left_inner[0] < nose[0] < right_inner[0] < right_outer[0]
    assert max(point[1] for point in face.landmarks[:4]) < nose[1] < face.box.bottom
    assert face.pitch is not None


def test_a_larger_copy_gives_the_same_face_in_its_own_pixels(embedder: DrawnEmbedder) -> None:
    small = frame(2, CLOSE_UP)
    large = small.resize((768, 768), Image.Resampling.BICUBIC)
    one, three = only(embedder, small), only(embedder, large)
    assert three.box.width == pytest.approx(3 * one.box.width, rel=0.1)
    assert distance(one, three) < 0.05


def test_two_people_are_two_faces_the_larger_first(embedder: DrawnEmbedder) -> None:
    both = Image.new("RGB", (512, 256))
    both.paste(frame(0, 10), (0, 0))
    both.paste(frame(2, CLOSE_UP), (256, 0))
    ((first, second),) = embedder.faces([both], at_least=2)
    assert first.box.left > 256 > second.box.right
    assert first.box.width > second.box.width


@pytest.mark.parametrize(
    ("person", "number", "garment", "hair"),
    [
        (1, 10, "black", "grey"),
        (2, 13, "white", "black"),
        (4, 15, "red", "black"),
        (7, 15, "green", "white"),
    ],
)
def test_clothes_and_hair_are_named_as_the_captions_do_in_any_light(
    embedder: DrawnEmbedder, person: int, number: int, garment: str, hair: str
) -> None:
    face = only(embedder, frame(person, number))
    assert face.outfit is not None
    assert (face.outfit.garment[0].colour, face.outfit.hair[0].colour) == (garment, hair)
    for part in (face.outfit.garment, face.outfit.hair):
        assert sum(each.sureness for each in part) == pytest.approx(1.0, abs=1e-4)
        assert list(part) == sorted(part, key=lambda each: -each.sureness)


def test_a_face_that_fills_the_picture_shows_no_clothes(embedder: DrawnEmbedder) -> None:
    face = only(embedder, frame(2, CLOSE_UP))
    near = frame(2, CLOSE_UP).crop(
        (
            round(face.box.left),
            round(face.box.top),
            round(face.box.right),
            round(face.box.bottom),
        )
    )
    ((close,),) = embedder.faces([near.resize((256, 256), Image.Resampling.BICUBIC)])
    assert close.outfit is not None
    assert close.outfit.garment == ()


def test_a_part_that_is_wiped_away_is_not_seen(embedder: DrawnEmbedder) -> None:
    picture = frame(2, CLOSE_UP)
    whole = only(embedder, picture)
    assert whole.parts is not None
    x, y = np.mean(whole.landmarks[:2], axis=0)
    reach = whole.box.width * 0.2
    cheek = picture.getpixel((round(float(x)), round(whole.landmarks[4][1])))
    assert isinstance(cheek, tuple)
    picture.paste(cheek, (round(x - reach), round(y - reach), round(x + reach), round(y + reach)))
    wiped = only(embedder, picture)
    assert wiped.parts is not None
    assert wiped.parts.right_eye < 0.5 * whole.parts.right_eye
    assert wiped.parts.left_eye > 0.3


def test_nothing_is_seen_in_a_plain_wall_nor_hinted_at(embedder: DrawnEmbedder) -> None:
    wall = Image.new("RGB", (256, 256), (120, 120, 140))
    assert embedder.faces([wall]) == [[]]
    assert not embedder.hints_of_head(wall)
    assert embedder.hints_of_head(frame(6, 3)), "hair from the side is something like a head"


def test_what_was_seen_is_kept_by_these_weights(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'faces.db'}")
    cache = FaceCache(database.engine)
    first = DrawnEmbedder(shipped_weights(), device="cpu", cache=cache)
    told: list[tuple[int, int]] = []
    seen = first.faces([frame(0, 0)], on_done=lambda *done: told.append(done))
    assert told == [(1, 1)]
    assert DrawnEmbedder(shipped_weights(), device="cpu", cache=cache).faces([frame(0, 0)]) == seen


def test_peaks_are_read_between_cells() -> None:
    heat = torch.zeros(1, 2, 8, 8)
    heat[0, 0, 3, 4], heat[0, 0, 3, 5] = 0.8, 0.8
    heat[0, 1, 0, 0] = 0.3
    places, sure = peaks_of(heat)
    assert places[0, 0].tolist() == pytest.approx([5.0 * STRIDE, 3.5 * STRIDE])
    assert places[0, 1].tolist() == pytest.approx([0.5 * STRIDE, 0.5 * STRIDE])
    assert sure[0].tolist() == pytest.approx([0.8, 0.3])
