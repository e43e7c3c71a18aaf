"""Contact sheets: pictures in a labelled grid, and thumbnails.

Knows cells, text and colours; must not know what the pictures or their tones mean. Text is drawn
with the font that ships with Pillow, which has no accents and few signs: other letters are
written with its nearest ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

PAPER: Colour = (250, 250, 248)
INK: Colour = (28, 28, 30)
FAINT: Colour = (105, 105, 110)
GAP = 14
BORDER = 4
TITLE_SIZE, HEAD_SIZE, LINE_SIZE = 26, 16, 14
SIGNS = {
    "–": "-",
    "—": "-",
    "≤": "<=",
    "≥": ">=",
    "×": "x",
    "→": "->",
    "’": "'",
    "…": "...",
    "ß": "ss",
}


class Tone(StrEnum):
    """What a cell is marked with: a colour, and a word for those who do not see it."""

    NONE = ""
    PASS = "pass"
    REVIEW = "review"
    REJECT = "reject"


TONES: dict[Tone, Colour] = {
    Tone.NONE: (190, 190, 192),
    Tone.PASS: (22, 120, 62),
    Tone.REVIEW: (176, 104, 0),
    Tone.REJECT: (186, 28, 28),
}


@dataclass(frozen=True)
class SheetCell:
    """One picture with what is written under it."""

    picture: Image.Image
    title: str
    lines: tuple[str, ...] = ()
    tone: Tone = Tone.NONE


def thumbnail(picture: Image.Image, side: int) -> Image.Image:
    """A copy that fits into a square of `side` pixels; smaller pictures stay as they are."""
    copy = picture.convert("RGB")
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def plain_text(text: str) -> str:
    """The text in letters that Pillow's font has; what has no near letter becomes `?`."""
    spelled = "".join(SIGNS.get(letter, letter) for letter in text)
    bare = unicodedata.normalize("NFKD", spelled)
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in letters)


def contact_sheet(
    cells: Sequence[SheetCell],
    *,
    title: str,
    columns: int = 5,
    side: int = 256,
) -> Image.Image:
    """Lay pictures out row by row, each with its title, tone and lines under it.

    Args:
        cells: at least one.
        title: the sheet's heading.
        columns: cells in a row, at least 1; fewer when there are fewer cells.
        side: pixels of a picture's square; pictures are scaled to fit and centred.

    Raises:
        ValueError: no cells, or less than one column.
    """
    if not cells or columns < 1:
        raise ValueError("a contact sheet needs at least one cell and one column")
    across = min(columns, len(cells))
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    frame = side + 2 * BORDER
    texts = [[_wrapped(cell, frame) for cell in row] for row in rows]
    heights = [frame + max(_text_height(lines) for lines in row) for row in texts]
    width = across * (frame + GAP) + GAP
    heading = _wrap(plain_text(title), _font(TITLE_SIZE), width - 2 * GAP)
    top = 2 * GAP + len(heading) * (TITLE_SIZE + 6)
    sheet = Image.new("RGB", (width, top + sum(heights) + len(rows) * GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(heading):
        draw.text((GAP, GAP + number * (TITLE_SIZE + 6)), line, INK, _font(TITLE_SIZE))
    for row, lines, height in zip(rows, texts, heights, strict=True):
        for column, cell in enumerate(row):
            corner = (GAP + column * (frame + GAP), top)
            _draw_cell(sheet, draw, cell, lines[column], corner, side)
        top += height + GAP
    return sheet


@dataclass(frozen=True)
class _Line:
    text: str
    size: int
    colour: Colour


def _font(size: int) -> Font:
    return ImageFont.load_default(size)


def _wrapped(cell: SheetCell, width: int) -> list[_Line]:
    """The lines under a picture, broken to its width: title, tone, then the rest."""
    blocks = [(cell.title, HEAD_SIZE, INK), (cell.tone.upper(), HEAD_SIZE, TONES[cell.tone])]
    blocks += [(line, LINE_SIZE, FAINT) for line in cell.lines]
    return [
        _Line(part, size, colour)
        for text, size, colour in blocks
        if text
        for part in _wrap(plain_text(text), _font(size), width)
    ]


def _wrap(text: str, font: Font, width: int) -> list[str]:
    """Break text at spaces, and inside words that are wider than the line."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        joined = f"{current} {word}".strip()
        if font.getlength(joined) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        while font.getlength(word) > width:
            fits = max(1, sum(font.getlength(word[: end + 1]) <= width for end in range(len(word))))
            lines.append(word[:fits])
            word = word[fits:]
        current = word
    return [*lines, current] if current else lines


def _text_height(lines: Sequence[_Line]) -> int:
    return 6 + sum(line.size + 5 for line in lines)


def _draw_cell(
    sheet: Image.Image,
    draw: ImageDraw.ImageDraw,
    cell: SheetCell,
    lines: Sequence[_Line],
    corner: tuple[int, int],
    side: int,
) -> None:
    left, top = corner
    frame = side + 2 * BORDER
    draw.rectangle((left, top, left + frame - 1, top + frame - 1), TONES[cell.tone])
    draw.rectangle(
        (left + BORDER, top + BORDER, left + BORDER + side - 1, top + BORDER + side - 1), PAPER
    )
    picture = _fitted(cell.picture, side)
    sheet.paste(
        picture,
        (left + BORDER + (side - picture.width) // 2, top + BORDER + (side - picture.height) // 2),
    )
    below = top + frame + 4
    for line in lines:
        draw.text((left, below), line.text, line.colour, _font(line.size))
        below += line.size + 5


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    rgb = picture.convert("RGB")
    return rgb if size == picture.size else rgb.resize(size, Image.Resampling.LANCZOS)
