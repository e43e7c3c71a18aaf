"""The character sheet: cut its portraits apart, and choose the sheet whose portraits agree.

Knows grids and given distances; must not detect faces (paper, section III-B-2, initial image
generation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.model import Box
from tools.errors import BadInput
from tools.imaging.crops import crop

LEAST_PORTRAITS, MOST_PORTRAITS = 6, 8
LEAST_SIDE = 64
GRIDS = ((2, 3), (2, 4), (3, 2), (4, 2), (1, 6), (1, 7), (1, 8), (6, 1), (7, 1), (8, 1))
"""Rows and columns tried when a sheet has no gutters."""
FLAT = 4.0
"""Largest spread (standard deviation, 0 to 255) of a gutter or of an empty cell."""
SAME_COLOUR = 8.0
"""Largest difference between the colours of two gutters, 0 to 255."""
NEARLY_EQUAL = 0.1
"""Relative difference that cells of one sheet may have in width or height."""

Span = tuple[int, int]


def cut_sheet(
    sheet: Image.Image, rows: int | None = None, columns: int | None = None
) -> tuple[Image.Image, ...]:
    """Cut a sheet into square RGB portraits, row by row; empty cells are left out.

    Args:
        sheet: the whole picture.
        rows: rows of portraits; None (with `columns` None) finds the grid by its gutters, or by the
            only division into six to eight squares.
        columns: portraits in a row.

    Raises:
        BadInput: the grid cannot be found, is too fine, or holds fewer than six or more than eight
            portraits.
    """
    cells = find_cells(sheet) if rows is None or columns is None else regular(sheet, rows, columns)
    if min(min(cell.width, cell.height) for cell in cells) < LEAST_SIDE:
        raise BadInput(f"the sheet's portraits are smaller than {LEAST_SIDE} pixels")
    portraits = tuple(
        crop(sheet.convert("RGB"), _head_square(cell)) for cell in cells if not _empty(sheet, cell)
    )
    if not LEAST_PORTRAITS <= len(portraits) <= MOST_PORTRAITS:
        raise BadInput(
            f"a character sheet has {LEAST_PORTRAITS} to {MOST_PORTRAITS} portraits, "
            f"found {len(portraits)}; give rows and columns, as in 2x3"
        )
    return portraits


def regular(sheet: Image.Image, rows: int, columns: int) -> tuple[Box, ...]:
    """Cells of an even grid, row by row.

    Raises:
        BadInput: rows or columns are not 1 to 8.
    """
    if not (1 <= rows <= MOST_PORTRAITS and 1 <= columns <= MOST_PORTRAITS):
        raise BadInput(f"a sheet's grid has 1 to 8 rows and columns, not {rows}x{columns}")
    return tuple(
        Box(
            left=round(column * sheet.width / columns),
            top=round(row * sheet.height / rows),
            right=round((column + 1) * sheet.width / columns),
            bottom=round((row + 1) * sheet.height / rows),
        )
        for row in range(rows)
        for column in range(columns)
    )


def find_cells(sheet: Image.Image) -> tuple[Box, ...]:
    """Cells of a sheet made elsewhere: between its gutters, else the only division into squares.

    Raises:
        BadInput: neither tells the grid.
    """
    pixels = np.asarray(sheet.convert("RGB"), dtype=np.float64)
    across = _spans(pixels.transpose(1, 0, 2))
    down = _spans(pixels)
    if LEAST_PORTRAITS <= len(across) * len(down) <= MOST_PORTRAITS:
        return tuple(
            Box(left=left, top=top, right=right, bottom=bottom)
            for top, bottom in down
            for left, right in across
        )
    for rows, columns in GRIDS:
        ratio = (sheet.width / columns) / (sheet.height / rows)
        if abs(ratio - 1) < 0.02:
            return regular(sheet, rows, columns)
    raise BadInput(
        f"cannot tell the grid of a {sheet.width}×{sheet.height} sheet; "
        "give rows and columns, as in 2x3"
    )


def _spans(lines: NDArray[np.float64]) -> list[Span]:
    """Stretches of content along the first axis, between flat lines of one colour.

    Args:
        lines: shape (length, across, 3), 0 to 255.
    """
    flat = lines.std(axis=1).max(axis=1) < FLAT
    whole = [(0, len(flat))]
    if not flat.any():
        return whole
    colours = lines.mean(axis=1)[flat]
    if np.abs(colours - np.median(colours, axis=0)).max() > SAME_COLOUR:
        return whole
    edges = np.flatnonzero(np.diff(np.concatenate(([True], flat, [True])).astype(np.int8)))
    spans = [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    lengths = [stop - start for start, stop in spans]
    equal = bool(lengths) and max(lengths) - min(lengths) <= NEARLY_EQUAL * max(lengths)
    return spans if equal else whole


def _head_square(cell: Box) -> Box:
    """The square of a cell: its middle when it is wide, its top (the head) when it is tall."""
    side = min(cell.width, cell.height)
    left = cell.left + (cell.width - side) // 2
    return Box(left=left, top=cell.top, right=left + side, bottom=cell.top + side)


def _empty(sheet: Image.Image, cell: Box) -> bool:
    values = np.asarray(crop(sheet.convert("RGB"), cell), dtype=np.float64)
    return float(values.std(axis=(0, 1)).max()) < FLAT


@dataclass(frozen=True)
class SheetAgreement:
    """How well the portraits of one sheet agree, measured elsewhere."""

    name: str
    distances: tuple[float | None, ...]
    """CSFD of each portrait to the centroid of the sheet's others; None without a readable face."""


@dataclass(frozen=True)
class RankedSheet:
    """A sheet's place in the choice."""

    index: int
    """Its place in the sequence that was given."""
    name: str
    score: float
    """Mean distance with unreadable portraits counted at their price; lower is better."""
    readable: int
    worst: float | None


def rank_sheets(sheets: Sequence[SheetAgreement], unreadable_as: float) -> tuple[RankedSheet, ...]:
    """Order sheets, the best first.

    Args:
        sheets: the candidates.
        unreadable_as: distance that a portrait without a readable face counts as (twice the
            calibration's threshold is a fair price).

    By mean distance; then by worst portrait; then as given. Sheets with fewer than two readable
    faces, whose agreement is unknown, come last.
    """
    ranked = [_rank(index, sheet, unreadable_as) for index, sheet in enumerate(sheets)]
    return tuple(
        sorted(
            ranked,
            key=lambda sheet: (sheet.readable < 2, sheet.score, sheet.worst or 0.0, sheet.index),
        )
    )


def _rank(index: int, sheet: SheetAgreement, unreadable_as: float) -> RankedSheet:
    read = [distance for distance in sheet.distances if distance is not None]
    unread = len(sheet.distances) - len(read)
    total = sum(read) + unread * unreadable_as
    return RankedSheet(
        index=index,
        name=sheet.name,
        score=total / len(sheet.distances) if sheet.distances else float("inf"),
        readable=len(read),
        worst=max(read, default=None),
    )
