"""Set a picture into a frame of another shape: black bars around it, nothing cropped or scaled.

Pure on pixels; must not know productions.
"""

from __future__ import annotations

from fractions import Fraction

from PIL import Image

from tools.errors import BadInput

BLACK = (0, 0, 0)


def parse_ratio(text: str) -> Fraction:
    """Read an aspect ratio as width over height: `2.39:1` is 239/100.

    Raises:
        BadInput: not two positive numbers with a colon between them.
    """
    width, _, height = text.partition(":")
    try:
        ratio = Fraction(width) / Fraction(height)
    except (ValueError, ZeroDivisionError) as error:
        raise BadInput(f"{text!r} is no aspect ratio; expected for example 16:9") from error
    if ratio <= 0:
        raise BadInput(f"{text!r} is no aspect ratio; expected for example 16:9")
    return ratio


def frame_size(width: int, height: int, ratio: Fraction) -> tuple[int, int]:
    """Return the smallest frame of a ratio that holds a picture with equal bars on both sides.

    The side that grows does so by an even number of pixels, which puts it within one pixel of the
    exact ratio; a picture that is within one pixel fits.
    """
    if abs(width - height * ratio) <= 1 or abs(height - width / ratio) <= 1:
        return width, height
    if Fraction(width, height) < ratio:
        return width + _even(height * ratio - width), height
    return width, height + _even(width / ratio - height)


def matte(picture: Image.Image, ratio: Fraction) -> Image.Image:
    """Return the picture centred in a black frame of a ratio; one that fits comes back as it is.

    Args:
        picture: mode RGB, any size.
        ratio: width over height of the frame, above 0.
    """
    size = frame_size(*picture.size, ratio)
    if size == picture.size:
        return picture
    frame = Image.new("RGB", size, BLACK)
    frame.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return frame


def _even(pixels: Fraction) -> int:
    return 2 * round(pixels / 2)
