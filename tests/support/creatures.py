"""Drawn creatures without a human face, for what looks at figures as a whole."""

from __future__ import annotations

from PIL import Image, ImageDraw


def fox(left: int = 60, colour: str = "orange") -> Image.Image:
    """A creature with no human face before a plain wall."""
    picture = Image.new("RGB", (256, 256), "lightblue")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((left, 60, left + 90, 150), fill=colour)
    draw.rectangle((left + 20, 140, left + 70, 230), fill=colour)
    return picture
