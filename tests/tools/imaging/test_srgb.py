"""Any decoded picture in eight bits and sRGB: depths, transparency, colour profiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tools.imaging.srgb import as_srgb

LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def pixel(picture: Image.Image) -> tuple[int, ...]:
    assert picture.mode == "RGB"
    colour = picture.getpixel((0, 0))
    assert isinstance(colour, tuple)
    return colour


def filled(mode: str, colour: object, profile: bytes | None = None) -> Image.Image:
    picture = Image.new(mode, (2, 2), colour)  # type: ignore[arg-type]
    if profile:
        picture.info["icc_profile"] = profile
    return picture


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGB", (10, 20, 30), (10, 20, 30)),
        ("L", 90, (90, 90, 90)),
        ("1", 1, (255, 255, 255)),
        ("LA", (90, 0), (255, 255, 255)),
        ("RGBA", (200, 0, 0, 255), (200, 0, 0)),
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("I;16", 0x8040, (0x80, 0x80, 0x80)),
    ],
)
def test_every_mode_becomes_what_the_eye_sees(
    mode: str, colour: object, seen: tuple[int, ...]
) -> None:
    assert pixel(as_srgb(filled(mode, colour))) == seen


@given(st.integers(0, 255), st.integers(0, 255))
def test_what_is_half_clear_is_laid_on_white(grey: int, alpha: int) -> None:
    seen = pixel(as_srgb(filled("RGBA", (grey, grey, grey, alpha))))
    assert max(abs(each - (255 + (grey - 255) * alpha / 255)) for each in seen) <= 1


def test_a_palette_with_a_clear_colour() -> None:
    picture = filled("P", 0)
    picture.putpalette([9, 9, 9, 200, 0, 0])
    picture.putpixel((1, 1), 1)
    picture.info["transparency"] = 0
    seen = as_srgb(picture)
    assert pixel(seen) == (255, 255, 255)
    assert seen.getpixel((1, 1)) == (200, 0, 0)


def test_the_one_clear_grey_of_a_deep_picture_is_white() -> None:
    picture = Image.fromarray(np.array([[0x1000, 0x4000]], np.uint16))
    picture.info["transparency"] = 0x1000
    seen = as_srgb(picture)
    assert [seen.getpixel((x, 0)) for x in (0, 1)] == [(255,) * 3, (0x40,) * 3]


@pytest.mark.parametrize("profile", [b"no profile", LAB, SRGB])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA"])
def test_a_profile_of_other_colours_or_none_at_all_is_left_aside(mode: str, profile: bytes) -> None:
    colour: object = 120 if mode == "L" else (120,) * 3 + (255,) * (len(mode) - 3)
    plain = pixel(as_srgb(filled(mode, colour)))
    seen = pixel(as_srgb(filled(mode, colour, profile)))
    assert max(abs(one - other) for one, other in zip(seen, plain, strict=True)) <= 1


def test_lab_says_its_own_colours() -> None:
    assert pixel(as_srgb(filled("LAB", (255, 128, 128)))) == pytest.approx((255, 255, 255), abs=2)
    assert pixel(as_srgb(filled("LAB", (0, 128, 128)))) == pytest.approx((0, 0, 0), abs=2)


def test_a_profile_holds_with_an_alpha_channel_too() -> None:
    source = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    opaque = as_srgb(filled("RGB", (10, 200, 90), source))
    clear = as_srgb(filled("RGBA", (10, 200, 90, 255), source))
    assert pixel(opaque) == pixel(clear)
