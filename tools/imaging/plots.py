"""Plots as pictures: distances of takes, and a training curve.

Knows axes and colours; must not know thresholds by itself. matplotlib is loaded in the functions
only, on the Agg canvas, without its global state.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OWN, OTHER, LIMIT, GREY = "#0072b2", "#d55e00", "#b00020", "#777777"
DPI = 120
MOST_LABELS = 40


@dataclass(frozen=True)
class TakeDistances:
    """One take on the distance plot; None where no face was readable."""

    label: str
    own: float | None
    other: float | None


def distance_plot(takes: Sequence[TakeDistances], threshold: float, title: str) -> Image.Image:
    """Own against other distance of each take, with the threshold as a line.

    Takes without a readable face are marked on the axis and named so in the legend.
    """
    figure, axes = _figure(max(6.0, 0.32 * len(takes) + 2.5))
    places = range(len(takes))
    for values, colour, marker, name in (
        ([take.own for take in takes], OWN, "o", "to the character"),
        ([take.other for take in takes], OTHER, "s", "to others (mean)"),
    ):
        known = [
            (place, value) for place, value in zip(places, values, strict=True) if value is not None
        ]
        axes.plot(*_columns(known), marker, color=colour, label=name)
    unread = [place for place, take in zip(places, takes, strict=True) if take.own is None]
    if unread:
        axes.plot(
            unread, [0.0] * len(unread), "x", color=GREY, label="no readable face", clip_on=False
        )
    axes.axhline(threshold, color=LIMIT, linestyle="--", label=f"threshold {threshold:.3f}")
    _label_takes(axes, [take.label for take in takes])
    return _finish(figure, axes, title, "CSFD (0 = same)")


def training_curve(steps: Sequence[int], losses: Sequence[float], title: str) -> Image.Image:
    """Loss over steps, with its running mean over a tenth of the run."""
    figure, axes = _figure(7.0)
    axes.plot(steps, losses, color=GREY, linewidth=0.7, alpha=0.6, label="loss")
    window = max(1, len(losses) // 10)
    if window > 1:
        smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
        axes.plot(steps[window - 1 :], smooth, color=OWN, label="running mean")
    axes.set_xlabel("step")
    return _finish(figure, axes, title, "loss")


def _figure(width: float) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure

    figure = NewFigure(figsize=(min(width, 16.0), 4.2), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots()


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [point[0] for point in points], [point[1] for point in points]


def _label_takes(axes: Axes, labels: Sequence[str]) -> None:
    every = max(1, -(-len(labels) // MOST_LABELS))
    axes.set_xticks(range(0, len(labels), every), labels[::every], rotation=60, ha="right")


def _finish(figure: Figure, axes: Axes, title: str, vertical: str) -> Image.Image:
    """Title, legend and grid, then the pixels."""
    axes.set_title(title)
    axes.set_ylabel(vertical)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")
