"""Pictures from anywhere load safely or are refused in one line; writing is whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tools.errors import BadInput, BadPicture, StorageFailed
from tools.imaging.pictures import (
    MAX_BYTES,
    decode_picture,
    encode_png,
    load_picture,
    load_pictures,
    picture_digest,
    save_picture,
    write_atomically,
    write_json,
)

ORIENTATION = 0x0112


def coloured(width: int = 40, height: int = 30) -> Image.Image:
    """Noise, different in every corner."""
    values = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def with_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = "a description"
    return exif


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels: its header must be enough to refuse it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


pillow_heif.register_heif_opener()

LOSSY = [("JPEG", "jpg"), ("JPEG", "jfif"), ("WEBP", "webp"), ("HEIF", "heic"), ("AVIF", "avif")]
EXACT = [("PNG", "png"), ("TIFF", "tiff"), ("TIFF", "tif"), ("BMP", "bmp"), ("GIF", "gif")]


@pytest.mark.parametrize(("form", "suffix"), LOSSY + EXACT)
def test_reads_every_format_as_rgb_without_metadata(tmp_path: Path, form: str, suffix: str) -> None:
    path = tmp_path / f"picture.{suffix}"
    path.write_bytes(encoded(coloured(), form, exif=with_exif(1)))
    picture = load_picture(path)
    assert (picture.mode, picture.size, picture.info) == ("RGB", (40, 30), {})
    assert not picture.getexif()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("kept", [0.95, 0.5, 0.1])
def test_refuses_a_truncated_file(tmp_path: Path, form: str, kept: float) -> None:
    data = encoded(coloured(200, 200), form)
    path = tmp_path / "cut.png"
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(BadPicture, match=r"cut\.png: not a readable PNG, JPEG, HEIC"):
        load_picture(path)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"#!/bin/sh\n", b"\x80\x04pickle", encoded(coloured(), "PPM")]
)
def test_refuses_what_is_not_a_picture(data: bytes) -> None:
    with pytest.raises(BadPicture, match="notes: not a readable PNG, JPEG, HEIC"):
        decode_picture(data, "notes")


@pytest.mark.parametrize("size", [(10_000, 6_000), (7_100, 7_100)])
def test_refuses_sixty_megapixels_by_the_header_alone(size: tuple[int, int]) -> None:
    with pytest.raises(BadPicture, match=f"{size[0]}×{size[1]} is over 50 megapixels"):
        decode_picture(png_header(*size), "huge.png")


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000)])
def test_refuses_decompression_bombs(size: tuple[int, int]) -> None:
    with pytest.raises(BadPicture, match="more than 50 megapixels"):
        decode_picture(png_header(*size), "bomb.png")


def test_refuses_a_file_that_is_too_large_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(BadPicture, match=r"large\.png: larger than 60 MB"):
        load_picture(path)


def test_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"absent\.png: cannot be read \(No such file"):
        load_picture(tmp_path / "absent.png")
    with pytest.raises(BadInput, match="cannot be read"):
        load_picture(tmp_path)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_refuses_animation(form: str) -> None:
    other = coloured().transpose(Image.Transpose.ROTATE_180)
    data = encoded(coloured(), form, save_all=True, append_images=[other], duration=50)
    with pytest.raises(BadPicture, match="animated; give a single frame"):
        decode_picture(data, "moving")


@pytest.mark.parametrize("form", ["MPO", "HEIF", "TIFF", "GIF"])
def test_takes_the_first_frame_where_the_others_are_previews_or_pages(form: str) -> None:
    preview = Image.new("RGB", (40, 30))
    data = encoded(coloured(), form, save_all=True, append_images=[preview])
    assert np.asarray(decode_picture(data, "IMG_1.JPG")).std() > 20


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "HEIF", "AVIF", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (6, (1, 0)), (8, (0, 1))],
)
def test_turns_pictures_as_exif_says(form: str, orientation: int, corner: tuple[int, int]) -> None:
    marked = Image.new("RGB", (64, 32))
    marked.paste((255, 255, 255), (0, 0, 16, 16))
    exif = with_exif(orientation).tobytes()
    picture = decode_picture(encoded(marked, form, exif=exif), "turned")
    assert picture.size == ((32, 64) if orientation >= 5 else (64, 32))
    place = (corner[0] * (picture.width - 17) + 8, corner[1] * (picture.height - 17) + 8)
    assert np.asarray(picture)[place[1], place[0]].min() > 200


def test_ignores_damaged_exif() -> None:
    exif = with_exif(6).tobytes().replace(b"MM\x00*", b"MM\xf2*").replace(b"II*\x00", b"IIx\x00")
    assert decode_picture(encoded(coloured(), "PNG", exif=exif), "damaged").size == (40, 30)


def test_scales_sixteen_bits() -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    values = np.asarray(decode_picture(encoded(Image.fromarray(ramp), "PNG"), "deep"))
    assert np.abs(values[:, 128, 0].astype(int) - np.arange(256)).max() <= 1


def test_lays_transparency_on_white() -> None:
    picture = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 4, 8))
    shown = decode_picture(encoded(picture, "PNG"), "cut-out")
    assert (shown.getpixel((1, 1)), shown.getpixel((6, 6))) == ((0, 0, 255), (255, 255, 255))


def test_brings_a_profile_to_srgb_and_ignores_a_damaged_one() -> None:
    lab = Image.new("RGB", (4, 4), (120, 60, 200))
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    same = decode_picture(encoded(lab, "PNG", icc_profile=bytes(profile)), "srgb")
    assert np.abs(np.asarray(same).astype(int) - (120, 60, 200)).max() <= 1
    swapped = bytes(profile).replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ")
    swapped = swapped.replace(b"tmpX", b"bXYZ")
    other = decode_picture(encoded(lab, "PNG", icc_profile=swapped), "swapped")
    assert np.abs(np.asarray(other).astype(int) - (200, 60, 120)).max() <= 2
    broken = decode_picture(encoded(lab, "PNG", icc_profile=b"no profile"), "broken")
    assert broken.getpixel((0, 0)) == (120, 60, 200)


def swapped_profile() -> bytes:
    """A profile whose red is blue: what it changes cannot be overlooked."""
    profile = bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return profile.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")


def grey_profile(gamma: float = 1.0) -> bytes:
    """The smallest profile of grey: a white point and one curve."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, int(gamma * 256), 0)
    tags = struct.pack(">I4sII4sII", 2, b"wtpt", 156, 20, b"kTRC", 176, 16)
    head = struct.pack(
        ">I4sI4s4s4s12s4s", 192, b"none", 0x02100000, b"mntr", b"GRAY", b"XYZ ", bytes(12), b"acsp"
    )
    rest = bytes(28) + struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    return head + rest + tags + white + curve


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_profile_holds_under_an_alpha_channel(form: str) -> None:
    picture = Image.new("RGBA", (32, 32), (200, 60, 120, 255))
    picture.paste((0, 0, 0, 0), (16, 0, 32, 32))
    exact = {"lossless": True} if form == "WEBP" else {}
    data = encoded(picture, form, icc_profile=swapped_profile(), **exact)
    values = np.asarray(decode_picture(data, "cut-out")).astype(int)
    assert np.abs(values[16, 4] - (120, 60, 200)).max() <= 6
    assert values[16, 28].min() >= 250


def test_a_profile_holds_for_a_palette() -> None:
    picture = Image.new("P", (8, 8))
    picture.putpalette([200, 60, 120])
    data = encoded(picture, "PNG", icc_profile=swapped_profile())
    values = np.asarray(decode_picture(data, "palette")).astype(int)
    assert np.abs(values[0, 0] - (120, 60, 200)).max() <= 2


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_a_profile_holds_for_grey(mode: str) -> None:
    """Linear grey of a quarter is a bright grey to the eye."""
    picture = Image.new("L", (8, 8), 64).convert("LA" if mode == "LA" else "L")
    if mode == "I;16":
        picture = Image.new(mode, (8, 8), 64 * 257)
    linear = decode_picture(encoded(picture, "PNG", icc_profile=grey_profile()), "linear")
    assert np.asarray(linear)[0, 0].min() > 120
    marked = encoded(picture, "PNG", icc_profile=swapped_profile())
    assert np.abs(np.asarray(decode_picture(marked, "grey")).astype(int) - 64).max() <= 2


def test_a_profile_of_another_kind_of_colour_is_left_aside() -> None:
    picture = Image.new("RGB", (8, 8), (200, 60, 120))
    data = encoded(picture, "PNG", icc_profile=grey_profile())
    assert decode_picture(data, "mixed").getpixel((0, 0)) == (200, 60, 120)
    ink = encoded(Image.new("CMYK", (8, 8), (0, 200, 100, 20)), "TIFF", icc_profile=grey_profile())
    assert decode_picture(ink, "ink").mode == "RGB"


def test_what_lies_under_a_transparent_grey_of_sixteen_bits_is_white() -> None:
    values = np.full((8, 8), 40_000, dtype=np.uint16)
    values[:, 4:] = 300
    data = encoded(Image.fromarray(values), "PNG", transparency=300)
    shown = np.asarray(decode_picture(data, "deep cut-out"))
    assert (shown[0, 0, 0], shown[0, 7, 0]) == (40_000 >> 8, 255)


def test_lab_is_seen_as_colours_and_bits_that_are_no_picture_are_refused() -> None:
    lab = ImageCms.profileToProfile(
        Image.new("RGB", (8, 8), (200, 60, 120)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    values = np.asarray(decode_picture(encoded(lab, "TIFF"), "lab")).astype(int)
    assert np.abs(values[0, 0] - (200, 60, 120)).max() <= 4
    for mode in ("F", "I"):
        with pytest.raises(BadPicture, match="depth: 32 bits a channel; export it with 8 or 16"):
            decode_picture(encoded(Image.new(mode, (8, 8)), "TIFF"), "depth")


SAMPLES = (
    encoded(coloured(), "HEIF", exif=with_exif(6)),
    encoded(coloured(), "AVIF", exif=with_exif(6)),
    encoded(coloured(), "TIFF", exif=with_exif(6)),
    encoded(coloured(), "TIFF", compression="tiff_lzw"),
    encoded(coloured(), "BMP"),
    encoded(coloured(), "GIF"),
    encoded(coloured(), "PNG", exif=with_exif(6)),
    encoded(coloured(), "JPEG", exif=with_exif(6)),
    encoded(coloured(), "WEBP", exif=with_exif(6)),
)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_damaged_bytes_load_or_are_refused(data: bytes, damage: list[tuple[int, int]]) -> None:
    damaged = bytearray(data)
    for place, value in damage:
        damaged[place % len(damaged)] = value
    with contextlib.suppress(BadPicture):
        assert decode_picture(bytes(damaged), "damaged").mode == "RGB"


def test_the_same_picture_has_one_digest_in_every_lossless_form(tmp_path: Path) -> None:
    picture = coloured()
    digests = {picture_digest(picture)}
    for form, options in (("PNG", {}), ("PNG", {"optimize": True}), ("WEBP", {"lossless": True})):
        digests.add(picture_digest(decode_picture(encoded(picture, form, **options), form)))
    assert len(digests) == 1


def test_digest_tells_pixels_and_shape_apart() -> None:
    flat = Image.new("RGB", (2, 8))
    changed = flat.copy()
    changed.putpixel((1, 7), (0, 0, 1))
    digests = {picture_digest(p) for p in (flat, Image.new("RGB", (8, 2)), changed)}
    assert len(digests) == 3


def test_png_bytes_are_deterministic_and_carry_text(tmp_path: Path) -> None:
    first = encode_png(coloured(), {"seed": "7", "prompt": "Zoë, close-up"})
    assert first == encode_png(coloured(), {"prompt": "Zoë, close-up", "seed": "7"})
    save_picture(coloured(), tmp_path / "deep" / "a.png", {"prompt": "Zoë, close-up"})
    with Image.open(tmp_path / "deep" / "a.png") as saved:
        assert saved.text == {"prompt": "Zoë, close-up"}  # type: ignore[attr-defined]
    assert picture_digest(load_picture(tmp_path / "deep" / "a.png")) == picture_digest(coloured())


def test_a_failed_write_leaves_nothing_and_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    (target / "inside").write_bytes(b"old")
    with pytest.raises(StorageFailed, match=r"cannot write .*taken"):
        write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (target / "inside").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["file/below.png", "n" * 300 + ".png"])
def test_an_impossible_path_is_a_storage_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    with pytest.raises(StorageFailed, match="cannot write"):
        write_atomically(tmp_path / name, b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.imaging.pictures.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.png", b"data")
    assert list(tmp_path.iterdir()) == []


def test_json_keeps_order_and_letters(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"z": "Zoë", "a": 1})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == '{\n  "z": "Zoë",\n  "a": 1\n}\n'


def test_of_several_pictures_all_bad_ones_are_named(tmp_path: Path) -> None:
    save_picture(coloured(), tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no")
    paths = [tmp_path / name for name in ("good.png", "bad.png", "gone.png")]
    assert len(load_pictures(paths[:1])) == 1
    with pytest.raises(BadPicture, match=r"bad\.png: not a readable .*; gone\.png: cannot be read"):
        load_pictures(paths)


def test_a_device_or_a_pipe_is_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for path in (Path("/dev/zero"), tmp_path / "pipe.png"):
        with pytest.raises(BadPicture, match=f"{path.name}: cannot be read"):
            load_picture(path)


def test_what_is_no_picture_is_refused_without_words_of_the_decoder() -> None:
    with pytest.raises(BadPicture) as refused:
        decode_picture(b"<svg onload='alert(1)'/>", "a.svg")
    assert str(refused.value) == (
        "a.svg: not a readable PNG, JPEG, HEIC, WebP, AVIF, TIFF, BMP or GIF picture"
    )
