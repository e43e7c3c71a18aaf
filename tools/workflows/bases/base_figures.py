"""A base's measured figures, and how they are printed and compared.

Holds numbers and their table; must not know how they were measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from tools.contracts.model import Contract
from tools.training.pretrain.config import UnseenLoss

Line = tuple[str, str]


class FaceFigure(Contract):
    """Faces found in one framing and view."""

    label: str
    by_hog: int = Field(ge=0)
    by_any: int = Field(ge=0)
    """With the thorough detector where the fast one saw none."""
    pictures: int = Field(ge=1)


class SkinFigure(Contract):
    """How light one asked skin came out."""

    asked: str
    lightness: float = Field(ge=0, le=255)


class ColourFigure(Contract):
    """Which colour one asked garment came out in."""

    asked: str
    drawn: str


class BaseFigures(Contract):
    """What `samecast pretrain --measure` says of a base."""

    base: str
    steps: int
    guidance: float
    seconds_a_picture: float = Field(ge=0)
    faces: tuple[FaceFigure, ...]
    garments: tuple[ColourFigure, ...]
    skins: tuple[SkinFigure, ...]
    """From pale to dark, as asked."""
    unseen: UnseenLoss | None = None

    @property
    def garments_obeyed(self) -> int:
        """Garments drawn in the colour that was asked for."""
        return sum(garment.asked == garment.drawn for garment in self.garments)

    @property
    def skins_in_order(self) -> int:
        """Pairs of skins of which the one named lighter came out lighter, of all 15 pairs."""
        values = [skin.lightness for skin in self.skins]
        return sum(
            light > dark for index, light in enumerate(values) for dark in values[index + 1 :]
        )


def figures_table(figures: BaseFigures) -> str:
    """Return the table of the model card, in Markdown, with its conditions above."""
    people = figures.faces[0].pictures if figures.faces else 0
    head = (
        f"{people} people and lights, seeds 0 to {people - 1}, {figures.steps} steps,"
        f" guidance {figures.guidance:g}:\n\n| what | figure |\n| --- | --- |\n"
    )
    return head + "".join(f"| {what} | {figure} |\n" for what, figure in _lines(figures))


def comparison_table(before: BaseFigures, after: BaseFigures) -> str:
    """Return both bases' figures side by side, in Markdown, each row judged."""
    judged = _judgements(before, after)
    pairs = zip(_lines(before), _lines(after), strict=True)
    rows = [
        f"| {what} | {old} | {new} | {judgement} |\n"
        for ((what, old), (_, new)), judgement in zip(pairs, judged, strict=True)
    ]
    return "| what | before | after | |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _lines(figures: BaseFigures) -> list[Line]:
    return [
        ("seconds a picture, one at a time", f"{figures.seconds_a_picture:.1f}"),
        *_face_lines(figures),
        ("garment colour obeyed", f"{figures.garments_obeyed} of {len(figures.garments)}"),
        (
            f"skin lightness, {figures.skins[0].asked} to {figures.skins[-1].asked}",
            f"{', '.join(f'{skin.lightness:.0f}' for skin in figures.skins)}"
            f" ({figures.skins_in_order} of 15 pairs in order)",
        ),
        *_loss_lines(figures.unseen),
    ]


def _face_lines(figures: BaseFigures) -> Iterator[Line]:
    for face in figures.faces:
        yield (
            f"face found, {face.label} (dlib HOG / HOG or MMOD)",
            f"{face.by_hog} / {face.by_any} of {face.pictures}",
        )


def _loss_lines(loss: UnseenLoss | None) -> Iterator[Line]:
    if loss is not None:
        yield (
            f"loss on {loss.pictures} pictures of unseen people: low noise, high noise, mean",
            f"{loss.low:.4f}, {loss.high:.4f}, {loss.mean:.4f}",
        )


def _judgements(before: BaseFigures, after: BaseFigures) -> list[str]:
    """One word a line of the table: better, same or worse."""
    values = list(zip(_scores(before), _scores(after), strict=True))
    return ["better" if new > old else "worse" if new < old else "same" for old, new in values]


def _scores(figures: BaseFigures) -> list[tuple[float, ...]]:
    """What each line is judged by; more is better."""
    scores: list[tuple[float, ...]] = [(-figures.seconds_a_picture,)]
    scores += [(face.by_any, face.by_hog) for face in figures.faces]
    scores += [(figures.garments_obeyed,), (figures.skins_in_order,)]
    if figures.unseen is not None:
        scores.append((-figures.unseen.mean,))
    return scores
