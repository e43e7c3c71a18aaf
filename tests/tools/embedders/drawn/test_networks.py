from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.support.cast_frames import Frame
from tools.embedders.drawn.crops import crop_of
from tools.embedders.drawn.networks import (
    CROP_SIDE,
    EMBEDDING,
    GARMENT_COLOURS,
    HAIR_COLOURS,
    OUTFIT_SIDE,
    POINTS,
    STRIDE,
    HeadDetector,
    HeadEmbedder,
    HeadReader,
    OutfitReader,
    Pyramid,
    Residual,
    as_outfit_pixels,
    as_pixels,
    channels_last,
    in_neutral_light,
)
from tools.embedders.drawn.weights import Networks, load_networks, shipped_weights

LEVELS = st.floats(0.2, 2.0)


@pytest.fixture(scope="module")
def shipped() -> Networks:
    return load_networks(shipped_weights())


def crop(frame: Frame) -> Tensor:
    """The head of a frame, (1, 3, CROP_SIDE, CROP_SIDE)."""
    return as_pixels(torch.from_numpy(crop_of(frame.image, frame.faces[0].box))[None])


def kernel(layers: nn.Sequential) -> Tensor:
    """Weights of the convolution that comes first."""
    first = layers[0]
    assert isinstance(first, nn.Conv2d)
    return first.weight


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize(
    ("network", "count"),
    [
        (HeadDetector, 280_768),
        (HeadReader, 200_247),
        (HeadEmbedder, 1_244_512),
        (OutfitReader, 556_802),
    ],
)
def test_the_shipped_shapes_are_as_large_as_is_said(network: type[nn.Module], count: int) -> None:
    assert sum(each.numel() for each in network().parameters()) == count


@settings(max_examples=10)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 2))
def test_the_detectors_maps_have_a_cell_for_each_stride(
    rows: int, columns: int, count: int
) -> None:
    network = HeadDetector(widths=(8, 8, 8, 8), out=8).eval()
    maps = network(noise(count, 3, 32 * rows, 32 * columns))
    cells = (32 * rows // STRIDE, 32 * columns // STRIDE)
    assert maps.heat.shape == (count, 1, *cells)
    assert maps.offset.shape == (count, 2, *cells)
    assert maps.size.shape == (count, 1, *cells)


def test_the_reader_says_six_points_and_one_turn_of_each_crop() -> None:
    network = HeadReader(widths=(8, 8, 8), out=8).eval()
    reading = network(noise(3, 3, CROP_SIDE, CROP_SIDE))
    assert reading.heat.shape == (3, POINTS, CROP_SIDE // STRIDE, CROP_SIDE // STRIDE)
    assert reading.yaw.shape == (3,)


def test_heat_begins_near_zero_everywhere() -> None:
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        seen = HeadDetector().eval()(noise(1, 3, 64, 64)).heat
        read = HeadReader().eval()(noise(1, 3, CROP_SIDE, CROP_SIDE)).heat
    assert float(torch.sigmoid(seen).max()) < 0.05
    assert float(torch.sigmoid(read).max()) < 0.05


@pytest.mark.parametrize("widths", [(8, 16), (8, 16, 16), (8, 8, 16, 24)])
@pytest.mark.parametrize("depth", [1, 2])
def test_the_embedder_says_unit_vectors_of_any_depth(widths: tuple[int, ...], depth: int) -> None:
    network = HeadEmbedder(widths=widths, size=12, depth=depth).eval()
    vectors = network(noise(4, 3, CROP_SIDE, CROP_SIDE))
    assert vectors.shape == (4, 12)
    assert vectors.norm(dim=1).tolist() == pytest.approx([1.0] * 4)
    assert sum(isinstance(each, Residual) for each in network.modules()) == depth * len(widths)


def test_a_crop_is_read_alike_alone_and_among_others(shipped: Networks) -> None:
    crops = noise(3, 3, CROP_SIDE, CROP_SIDE)
    together = shipped.embedder(crops)
    assert together.shape == (3, EMBEDDING)
    for index in range(3):
        alone = shipped.embedder(crops[index : index + 1])[0]
        torch.testing.assert_close(alone, together[index], rtol=1e-3, atol=1e-4)


def test_a_residual_passes_its_input_on_where_shapes_allow() -> None:
    same, halved = Residual(8, 8).eval(), Residual(8, 12, stride=2).eval()
    hidden = noise(1, 8, 10, 10)
    assert isinstance(same.shortcut, nn.Identity)
    assert halved(hidden).shape == (1, 12, 5, 5)
    nn.init.zeros_(kernel(same.second))
    torch.testing.assert_close(same(hidden), nn.functional.silu(hidden))


def test_each_level_of_a_pyramid_reaches_what_comes_out() -> None:
    pyramid = Pyramid((8, 8, 8), inputs=4, out=6).eval()
    hidden = noise(1, 4, 16, 8)
    whole = pyramid(hidden)
    assert whole.shape == (1, 6, 16, 8)
    for across in pyramid.across:
        assert isinstance(across, nn.Conv2d)
        before = across.weight.detach().clone()
        nn.init.zeros_(across.weight)
        assert not torch.allclose(pyramid(hidden), whole)
        across.weight.data.copy_(before)


@given(st.tuples(LEVELS, LEVELS, LEVELS), st.tuples(*[st.floats(-0.5, 0.5)] * 3))
def test_neutral_light_has_no_colour(gains: tuple[float, ...], shifts: tuple[float, ...]) -> None:
    crops = noise(2, 3, 24, 24)
    lit = crops * torch.tensor(gains)[:, None, None] + torch.tensor(shifts)[:, None, None]
    seen, seen_lit = in_neutral_light(crops), in_neutral_light(lit)
    assert float(seen_lit.mean(dim=(2, 3)).abs().max()) < 1e-4
    assert float((seen - seen_lit).abs().max()) < 0.25 * float(seen.abs().max())


def test_a_crop_of_one_colour_is_nothing_in_neutral_light() -> None:
    assert float(in_neutral_light(torch.full((1, 3, 8, 8), 0.7)).abs().max()) < 1e-4


@settings(max_examples=25)
@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_pixels_go_from_minus_one_to_one_and_keep_their_places(
    count: int, rows: int, columns: int, seed: int
) -> None:
    values = np.random.default_rng(seed).integers(0, 256, (count, rows, columns, 3), np.uint8)
    pixels = as_pixels(torch.from_numpy(values))
    assert pixels.shape == (count, 3, rows, columns)
    assert pixels.is_contiguous(memory_format=torch.channels_last)
    assert -1 <= float(pixels.min()) <= float(pixels.max()) <= 1
    again = ((pixels + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1)
    assert (again.numpy() == values).all()


def test_an_outfit_crop_keeps_its_mask_apart_from_its_colours() -> None:
    values = np.zeros((1, 4, 5, 4), np.uint8)
    values[..., :3], values[:, :2, :, 3] = 255, 255
    pixels = as_outfit_pixels(torch.from_numpy(values))
    assert pixels.shape == (1, 4, 4, 5)
    assert (pixels[:, :3] == 1).all()
    assert pixels[0, 3, :, 0].tolist() == [1.0, 1.0, 0.0, 0.0]


def test_the_outfit_reader_says_every_colour_of_each_crop() -> None:
    network = OutfitReader(widths=(8, 8, 8, 8)).eval()
    read = network(noise(3, 4, OUTFIT_SIDE, OUTFIT_SIDE))
    assert read.garment.shape == (3, len(GARMENT_COLOURS))
    assert read.hair.shape == (3, len(HAIR_COLOURS))


def test_weights_are_laid_out_channels_last_and_say_the_same() -> None:
    network = HeadEmbedder(widths=(8, 16), size=8, depth=1).eval()
    crops = noise(2, 3, CROP_SIDE, CROP_SIDE)
    before = network(crops)
    assert not kernel(network.stem).is_contiguous(memory_format=torch.channels_last)
    channels_last(network)
    assert kernel(network.stem).is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(network(crops), before, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["00000_03.webp", "00000_04.webp"])
def test_the_mirror_image_of_a_profile_turns_the_other_way(
    shipped: Networks, cast: dict[str, Frame], name: str
) -> None:
    head = crop(cast[name])
    yaw, mirrored = (float(shipped.reader(each).yaw) for each in (head, head.flip(3)))
    assert abs(yaw) > 0.4
    assert mirrored == pytest.approx(-yaw, abs=0.15)


def test_another_light_changes_a_head_less_than_another_person_does(
    shipped: Networks, cast: dict[str, Frame]
) -> None:
    mine, other = crop(cast["00000_00.webp"]), crop(cast["00003_00.webp"])
    dim = mine * torch.tensor([0.6, 0.8, 0.5])[None, :, None, None] - 0.2
    own, lit, stranger = (shipped.embedder(each)[0] for each in (mine, dim, other))
    assert 1 - float(own @ lit) < 0.2
    assert 1 - float(own @ stranger) > 0.6


def test_eyes_nose_and_mouth_are_read_in_their_order(
    shipped: Networks, cast: dict[str, Frame]
) -> None:
    frame = cast["00002_00.webp"]
    heat = shipped.reader(crop(frame)).heat[0]
    at = heat.flatten(1).argmax(dim=1).tolist()
    rows, columns = [each // heat.shape[2] for each in at], [each % heat.shape[2] for each in at]
    assert columns[2] < columns[3] < columns[4] < columns[1] < columns[0]
    assert max(rows[:4]) < rows[4] < rows[5]
