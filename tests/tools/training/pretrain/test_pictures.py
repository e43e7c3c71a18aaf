from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.contracts.model import Box
from tools.training.pretrain.faces import FaceBoxes
from tools.training.pretrain.parts import Base
from tools.training.pretrain.pictures import Mixture, PictureSet, sampling_weights
from tools.training.pretrain.rows import PictureRow

PLAIN = Mixture(face_weight=4.0, anchored_share=0.0, caption_dropout=0.0)
BOX = Box(left=80, top=40, right=160, bottom=140)
CAPTION = "close-up photo of a man, tan skin, three-quarter left view, golden hour"


def picture_set(base: Base, faces: FaceBoxes, width: int = 64, variants: int = 2) -> PictureSet:
    """Three pictures whose latents say where each value came from: row, column, picture."""
    rows = [PictureRow(file_name=f"{index}.png", text=CAPTION) for index in range(3)]
    down, across = torch.meshgrid(torch.arange(64.0), torch.arange(float(width)), indexing="ij")
    planes = [
        torch.stack([down, across, torch.full_like(down, index), torch.zeros_like(down)])
        for index in range(3)
    ]
    return PictureSet(base, torch.stack(planes), rows, [faces] * 3, variants=variants, seed=0)


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_close_ups_and_clear_faces_are_drawn_more_often() -> None:
    found, guessed, none = FaceBoxes((BOX,), True), FaceBoxes((BOX,), False), FaceBoxes()
    cases = [("close-up", found), ("close-up", guessed), ("medium shot", found)]
    cases += [("full-body shot", none), ("", none)]
    rows = [PictureRow(file_name="a", text="b", framing=framing) for framing, _ in cases]
    weights = sampling_weights(rows, [faces for _, faces in cases])
    assert weights.tolist() == pytest.approx([2.88, 0.96, 1.8, 0.6, 0.6])


def test_pictures_are_drawn_in_proportion_to_their_weights(base: Base) -> None:
    pictures = picture_set(base, FaceBoxes())
    pictures.weights = torch.tensor([6.0, 3.0, 1.0])
    batch = pictures.batch(4000, PLAIN, chance())
    shares = torch.bincount(batch.latents[:, 2, 0, 0].long(), minlength=3) / 4000
    assert shares.tolist() == pytest.approx([0.6, 0.3, 0.1], abs=0.03)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31), width=st.sampled_from([64, 96]), with_face=st.booleans())
def test_size_conditioning_says_where_each_crop_was_cut(
    base: Base, seed: int, width: int, with_face: bool
) -> None:
    faces = FaceBoxes((BOX,), True) if with_face else FaceBoxes()
    batch = picture_set(base, faces, width).batch(8, PLAIN, chance(seed), crop_side=32)
    assert batch.latents.shape == (8, 4, 32, 32)
    for latents, ids in zip(batch.latents, batch.time_ids.long().tolist(), strict=True):
        top, first, last = (
            latents[0, 0, 0].item(),
            latents[1, 0, 0].item(),
            latents[1, 0, -1].item(),
        )
        left = first if first < last else width - 1 - first  # as seen in the mirrored picture
        assert ids == [256, width * 4, top * 4, left * 4, 128, 128]


def test_whole_pictures_say_so(base: Base) -> None:
    pictures = picture_set(base, FaceBoxes(), width=96)
    batch = pictures.batch(2, PLAIN, chance())
    assert batch.time_ids.tolist() == [[256, 384, 0, 0, 256, 384]] * 2
    assert pictures.whole_time_ids(1).tolist() == [[256, 384, 0, 0, 256, 384]]


def test_most_crops_hold_the_face_and_some_lie_anywhere(base: Base) -> None:
    corner = Box(left=0, top=0, right=40, bottom=40)
    batch = picture_set(base, FaceBoxes((corner,), True)).batch(400, PLAIN, chance(), crop_side=32)
    top = batch.time_ids[:, 2]
    assert 0.6 < (top < 16).float().mean() < 0.8
    assert top.max() > 100


def test_the_face_counts_four_times_and_each_map_has_mean_one(base: Base) -> None:
    batch = picture_set(base, FaceBoxes((BOX,), True)).batch(6, PLAIN, chance())
    assert batch.weights.mean(dim=(1, 2, 3)).tolist() == pytest.approx([1.0] * 6)
    for latents, weights in zip(batch.latents, batch.weights, strict=True):
        low, high = weights.min(), weights.max()
        assert high / low == pytest.approx(4.0)
        marked = weights[0] == high
        assert marked[latents[0] == 22].any()
        assert latents[0][marked].min() == 7  # 40 pixels less a tenth of the box's height, in fours
        assert latents[0][marked].max() == 37
        assert latents[1][marked].min() == 18
        assert latents[1][marked].max() == 42


def test_without_a_face_the_loss_is_even(base: Base) -> None:
    weights = picture_set(base, FaceBoxes()).batch(3, PLAIN, chance()).weights
    assert torch.equal(weights, torch.ones_like(weights))


def test_mirrored_pictures_have_mirrored_captions(base: Base) -> None:
    pictures = picture_set(base, FaceBoxes())
    batch = pictures.batch(12, PLAIN, chance())
    flipped = batch.latents[:, 1, 0, 0] > 0
    assert 0 < flipped.sum() < 12
    plain = base.tokens([CAPTION])[0].long()
    turned = base.tokens([CAPTION.replace("left", "right")])[0].long()
    for tokens, is_flipped in zip(batch.tokens, flipped, strict=True):
        assert torch.equal(tokens, turned if is_flipped else plain)


def test_captions_are_anchored_or_dropped_as_often_as_asked(base: Base) -> None:
    mixture = Mixture(face_weight=1.0, anchored_share=0.5, caption_dropout=0.2)
    pictures = picture_set(base, FaceBoxes())
    tokens = pictures.batch(2000, mixture, chance()).tokens
    empty = (tokens == base.tokens([""])[0]).all(dim=2).all(dim=1)
    plain = torch.stack(
        [(tokens == kind).all(dim=2).all(dim=1) for kind in pictures.tokens[0, :, 0]]
    )
    assert empty.float().mean() == pytest.approx(0.2, abs=0.03)
    assert plain.any(dim=0).float().mean() == pytest.approx(0.4, abs=0.04)


def test_the_same_chance_gives_the_same_batch(base: Base) -> None:
    pictures = picture_set(base, FaceBoxes((BOX,), True))
    mixture = Mixture(face_weight=4.0, anchored_share=0.5, caption_dropout=0.1)
    first, second = (pictures.batch(4, mixture, chance(9), crop_side=32) for _ in range(2))
    assert torch.equal(first.latents, second.latents)
    assert torch.equal(first.tokens, second.tokens)
    assert torch.equal(first.time_ids, second.time_ids)
