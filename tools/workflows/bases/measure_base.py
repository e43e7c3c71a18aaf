"""Measure a base: faces found, captions obeyed, speed, loss on unseen people.

The same pictures are drawn for every base (`measured_prompts`), so that figures can be compared. Faces
and drawing are given as functions; must not know detectors or pipelines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, median

import numpy as np
from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.images import ImageRequest, ImageResult, Purpose
from tools.contracts.model import Box
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.imaging.colours import median_lab, nearest_colour
from tools.imaging.measures import luminance
from tools.imaging.pictures import save_picture
from tools.training.pretrain.config import UnseenLoss
from tools.workflows.bases.base_figures import (
    BaseFigures,
    ColourFigure,
    FaceFigure,
    SkinFigure,
)
from tools.workflows.bases.measured_prompts import (
    ASKED_COLOURS,
    FACE_ROWS,
    GARMENT_AREA,
    GARMENT_COLOURS,
    GARMENT_PROMPT,
    PEOPLE,
    SKIN_AREA,
    SKIN_PROMPT,
    SKINS,
    face_prompt,
)

Draw = Callable[[Sequence[ImageRequest]], Iterator[ImageResult]]
FindFaces = Callable[[Sequence[Image.Image]], list[list[Face]]]

_ROUNDS = 2
"""Seeds for each person: 96 faces in all. Differences of 0.1 in 32 pictures' mean score are noise."""
_TIMED = 3
"""Pictures drawn one at a time for the seconds; the median is kept."""


def measure_base(
    row: BaseRow,
    draw: Draw,
    find_faces: FindFaces,
    *,
    unseen: UnseenLoss | None = None,
    strips: Path | None = None,
    progress: ProgressSink = ignore_progress,
) -> BaseFigures:
    """Draw 111 pictures with a base, and three alone for their time, and measure them.

    Args:
        row: of the base, whose name `draw` knows; its default size, steps and guidance are used.
        draw: `ImageBackend.draw`.
        find_faces: `FaceEmbedder.faces`.
        unseen: loss on unseen people, if it was measured.
        strips: folder to keep the pictures in, one strip a row of the table.
        progress: told after each picture drawn and each row of faces.

    Returns:
        The figures; `comparison_table` prints them.
    """
    drawn = _draw_all(row, draw, progress)
    if strips is not None:
        for label, pictures in drawn.items():
            save_picture(_strip(pictures), strips / f"{label.replace(', ', '_')}.png")
    faces = []
    for done, (label, _, _) in enumerate(FACE_ROWS, 1):
        faces.append(_face_figure(label, find_faces(drawn[label])))
        progress(Progress(stage="faces", done=done, total=len(FACE_ROWS)))
    return BaseFigures(
        base=row.name,
        steps=row.steps,
        guidance=row.guidance,
        guided=row.guide is not None,
        seconds_a_picture=_seconds(row, draw),
        faces=tuple(faces),
        garments=tuple(
            ColourFigure(asked=asked, drawn=_garment_colour(picture))
            for asked, picture in zip(ASKED_COLOURS, drawn["garments"], strict=True)
        ),
        skins=tuple(
            SkinFigure(asked=asked, lightness=_lightness(picture))
            for asked, picture in zip(SKINS, drawn["skins"], strict=True)
        ),
        unseen=unseen,
    )


def _prompts() -> dict[str, list[str]]:
    """Every prompt by the row of the table that it belongs to; seeds are the places in a row."""
    prompts = {
        label: [
            face_prompt(person, framing, views[number % 2])
            for _ in range(_ROUNDS)
            for number, person in enumerate(PEOPLE)
        ]
        for label, framing, views in FACE_ROWS
    }
    prompts["garments"] = [GARMENT_PROMPT.format(colour=colour) for colour in ASKED_COLOURS]
    prompts["skins"] = [SKIN_PROMPT.format(skin=skin) for skin in SKINS]
    return prompts


def _draw_all(row: BaseRow, draw: Draw, progress: ProgressSink) -> dict[str, list[Image.Image]]:
    prompts = _prompts()
    requests = [
        _request(row, prompt, seed) for line in prompts.values() for seed, prompt in enumerate(line)
    ]
    pictures = []
    for result in draw(requests):
        pictures.append(result.image)
        progress(Progress(stage="pictures", done=len(pictures), total=len(requests)))
    left = iter(pictures)
    return {label: [next(left) for _ in line] for label, line in prompts.items()}


def _request(row: BaseRow, prompt: str, seed: int) -> ImageRequest:
    """Nobody is cast, so the purpose is one that may go without an anchor."""
    return ImageRequest(
        prompt=prompt,
        cast=(),
        purpose=Purpose.LAYOUT,
        base=row.name,
        size=row.sizes[0],
        seed=seed,
        steps=row.steps,
        guidance=row.guidance,
    )


def _seconds(row: BaseRow, draw: Draw) -> float:
    line = _prompts()[FACE_ROWS[0][0]][:_TIMED]
    return median(
        result.seconds
        for seed, prompt in enumerate(line)
        for result in draw([_request(row, prompt, seed)])
    )


def _face_figure(label: str, found: Sequence[Sequence[Face]]) -> FaceFigure:
    return FaceFigure(
        label=label,
        by_hog=sum(any(face.detector == "hog" for face in faces) for faces in found),
        by_any=sum(bool(faces) for faces in found),
        pictures=len(found),
        mean_score=fmean(
            max((face.confidence for face in faces if face.detector == "hog"), default=0.0)
            for faces in found
        ),
    )


def _garment_colour(picture: Image.Image) -> str:
    return nearest_colour(median_lab(picture, _area(picture, GARMENT_AREA)), GARMENT_COLOURS)


def _lightness(picture: Image.Image) -> float:
    """Median luminance of the middle of a close-up, 0 to 255."""
    return float(np.median(luminance(picture, _area(picture, SKIN_AREA)))) * 255


def _area(picture: Image.Image, shares: Box) -> Box:
    return Box(
        left=shares.left * picture.width,
        top=shares.top * picture.height,
        right=shares.right * picture.width,
        bottom=shares.bottom * picture.height,
    )


def _strip(pictures: Sequence[Image.Image]) -> Image.Image:
    width, height = pictures[0].size
    strip = Image.new("RGB", (width * len(pictures), height))
    for number, picture in enumerate(pictures):
        strip.paste(picture, (width * number, 0))
    return strip
