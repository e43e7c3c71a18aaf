"""A decoded picture as the eye sees it: eight bits, sRGB, transparency laid on white.

Knows Pillow's modes and colour profiles; must not know files or formats.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

DEEP_GREY = "I;16"
DEPTHS_REFUSED = frozenset({"I", "F"})
"""Modes of 32 bits a channel: nothing says which value is white."""
PLAIN_MODES = {"RGB": ("RGB", "L"), "GRAY": ("L",), "CMYK": ("CMYK",)}
"""Kind of a profile's colours, as ICC names it, and the modes of pictures that it can speak of."""


def as_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture in RGB: the profile is applied before transparency is laid on white."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(DEEP_GREY):
        picture = _eight_bits(picture)
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    colours = _from_profile(_without_alpha(picture), profile)
    if alpha is None:
        return colours
    colours.putalpha(alpha)
    white = Image.new("RGBA", colours.size, "white")
    return Image.alpha_composite(white, colours).convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of sixteen bits as eight; the one grey that means transparent becomes an alpha channel."""
    values = np.asarray(picture)
    result = Image.fromarray((values >> 8).astype(np.uint8))
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        result.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return result


def _without_alpha(picture: Image.Image) -> Image.Image:
    """The colours alone, in a mode that a profile can speak of."""
    if picture.mode in {"RGB", "CMYK", "LAB"}:
        return picture
    if picture.mode in {"L", "LA", "1"}:
        return picture.convert("L")
    return picture.convert("RGBA").convert("RGB")


def _from_profile(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours in sRGB; a profile that is damaged or of other colours is left aside."""
    try:
        source = _source(picture, profile)
        if source is not None:
            target = ImageCms.createProfile("sRGB")
            kind = source.profile.xcolor_space.strip()
            plain = picture.convert("RGB") if kind == "RGB" else picture
            converted = ImageCms.profileToProfile(plain, source, target, outputMode="RGB")
            return converted or plain.convert("RGB")
    except (ImageCms.PyCMSError, OSError):
        pass
    return picture.convert("RGB")


def _source(picture: Image.Image, profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """The profile that says what the picture's numbers mean, if there is one and it can."""
    if picture.mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if not profile:
        return None
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    modes = PLAIN_MODES.get(source.profile.xcolor_space.strip(), ())
    return source if picture.mode in modes else None
