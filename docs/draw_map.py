"""Draw `docs/map.webp`, the rooms of the house by floor and what they import: `python -m docs.draw_map`.

Everything on it is read from the source, so the same source gives the same picture.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from docs.house import ROOT, House, Room, floors, read_house

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAP = ROOT / "docs" / "map.webp"
WIDTH, HEIGHT, DPI = 15.0, 18.5, 100
GROUND_FROM = "store"
"""From this floor down almost everybody imports: boxes there say how often, in place of arrows."""
SHELVES = {
    "compose": 0.9,
    "workflows": 0.46,
    "services": 0.85,
    "jobs": 0.1,
    "backends": 0.8,
    "architectures": 0.62,
}
"""Where the box of a lone floor stands, from left 0 to right 1, so that arrows pass it."""
LONE_WIDTH = {"workflows": 9.6, "architectures": 5.2, "backends": 4.4}
INK, PAPER, PALE = "#22252b", "#fbfaf7", "#8b8f98"
COLOURS = (
    *("#1f5fa8", "#b5541c", "#2c7d4f", "#8a3f93", "#a8842c", "#2b8c99", "#b03a5b"),
    *("#5a5fc7", "#6c6f2e", "#3f3f46", "#c06a8e", "#4c8a2b", "#7a4a2a", "#2f6f8f"),
)


@dataclass(frozen=True)
class MapBox:
    """A box of the second level on the page, in inches from the lower left corner."""

    name: str
    left: float
    bottom: float
    width: float
    height: float
    colour: str

    @property
    def middle(self) -> float:
        """Across."""
        return self.left + self.width / 2

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.bottom + self.height


def place_boxes(house: House) -> dict[str, MapBox]:
    """Put every box on its floor, the highest floor on top."""
    rows = [row for row in _rows(house) if row]
    heights = [_height(house, row) for row in rows]
    gap = (HEIGHT - 1.5 - sum(heights)) / (len(rows) - 1)
    boxes: dict[str, MapBox] = {}
    top = HEIGHT - 1.2
    for row, height in zip(rows, heights, strict=True):
        for name, left, width in _across(house, row):
            colour = COLOURS[len(boxes) % len(COLOURS)]
            boxes[name] = MapBox(name, left, top - height, width, height, colour)
        top -= height + gap
    return boxes


def draw_map(house: House, path: Path) -> None:
    """Write the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, HEIGHT)
    axes.axis("off")
    boxes = place_boxes(house)
    counts = house.between_boxes()
    _draw_title(axes)
    _draw_arrows(axes, boxes, counts, _ground(house))
    for box in boxes.values():
        _draw_box(axes, box, house, counts, box.name in _ground(house))
    _save(figure, path)


def main() -> None:
    """Draw the map of this checkout."""
    draw_map(read_house(), MAP)
    sys.stdout.write(f"{MAP.relative_to(ROOT)}: {MAP.stat().st_size // 1000} kB\n")


def _boxes_of(house: House) -> list[str]:
    """Names of the second level; a house of its own only where files lie beside its rooms."""
    names = {room.box for room in house.rooms.values()}
    return sorted(name for name in names if "." in name or house.rooms[name].files > 1)


def _rows(house: House) -> list[list[str]]:
    names, ground = _boxes_of(house), _ground(house)
    rows = [
        [name for name in names if house.rooms[name].floor in floor and name not in ground]
        for floor in floors()
    ]
    return [*rows, [name for name in names if name in ground]]


def _ground(house: House) -> set[str]:
    order = [floor for row in floors() for floor in row]
    low = order[order.index(GROUND_FROM) :]
    return {name for name in _boxes_of(house) if house.rooms[name].floor in low}


def _inside(house: House, name: str) -> list[Room]:
    return [room for room in house.rooms.values() if room.box == name and room.name != name]


def _height(house: House, row: Sequence[str]) -> float:
    room_for_users = 0.15 if row[0] in _ground(house) else 0.0
    return room_for_users + (1.35 if any(_inside(house, name) for name in row) else 1.0)


def _across(house: House, row: Sequence[str]) -> Iterable[tuple[str, float, float]]:
    margin, gap = 0.3, 0.45 if len(row) < 6 else 0.2
    if len(row) == 1:
        floor = house.rooms[row[0]].floor
        width = LONE_WIDTH.get(floor, 3.2)
        left = margin + SHELVES.get(floor, 0.5) * (WIDTH - 2 * margin) - width / 2
        yield row[0], max(margin, min(left, WIDTH - margin - width)), width
        return
    width = (WIDTH - 2 * margin - gap * (len(row) - 1)) / len(row)
    for place, name in enumerate(row):
        yield name, margin + place * (width + gap), width


def _draw_title(axes: Axes) -> None:
    axes.text(0.3, HEIGHT - 0.45, "The rooms of the house", fontsize=22, color=INK, weight="bold")
    axes.text(
        0.3,
        HEIGHT - 0.82,
        "Each floor imports only floors below it. An arrow has the colour of the room that imports; its "
        "number counts the import statements.\n"
        "What almost every room imports lies at the foot, without arrows: its boxes say how often.",
        fontsize=10.5,
        color=INK,
        va="center",
    )


def _draw_box(
    axes: Axes, box: MapBox, house: House, counts: Counter[tuple[str, str]], ground: bool
) -> None:
    from matplotlib.patches import FancyBboxPatch

    shape = FancyBboxPatch(
        (box.left, box.bottom),
        box.width,
        box.height,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor="white",
        edgecolor=PALE if ground else box.colour,
        linewidth=2,
        zorder=3,
    )
    axes.add_patch(shape)
    room, inside = house.rooms[box.name], _inside(house, box.name)
    files = sum(each.files for each in (room, *inside))
    lines = sum(each.lines for each in (room, *inside))
    name = box.name.replace(".", "/") + ("" if files > 1 else ".py")
    axes.text(
        box.left + 0.1,
        box.top - 0.2,
        name,
        fontsize=12.5 if box.width > 2.2 else 11,
        color=INK,
        weight="bold",
        va="center",
        zorder=5,
    )
    about = _wrapped(room.about.rstrip("."), box.width)
    axes.text(box.left + 0.1, box.top - 0.35, about, fontsize=8.4, color=INK, va="top", zorder=5)
    size = f"{files} files, {lines:,} lines" if files > 1 else f"{lines} lines"
    if ground:
        users = [count for (_, imported), count in counts.items() if imported == box.name]
        size += f"\n{sum(users)} imports by {len(users)} rooms"
    below = box.bottom + (0.5 if inside else 0.1)
    axes.text(box.left + 0.1, below, size, fontsize=8, color="#5c6068", zorder=5)
    _draw_inside(axes, box, inside)


def _draw_inside(axes: Axes, box: MapBox, inside: Sequence[Room]) -> None:
    from matplotlib.patches import Rectangle

    files: Counter[str] = Counter()
    for room in inside:
        files[room.name.split(".")[2]] += room.files
    width = (box.width - 0.2 - 0.08 * (len(files) - 1)) / max(1, len(files))
    for place, (name, count) in enumerate(files.items()):
        left = box.left + 0.1 + place * (width + 0.08)
        axes.add_patch(
            Rectangle((left, box.bottom + 0.1), width, 0.3, facecolor="#eef0f4", zorder=4)
        )
        axes.text(
            left + width / 2,
            box.bottom + 0.25,
            f"{name}  {count}",
            fontsize=9,
            color=INK,
            ha="center",
            va="center",
            zorder=5,
        )


def _draw_arrows(
    axes: Axes, boxes: Mapping[str, MapBox], counts: Counter[tuple[str, str]], ground: set[str]
) -> None:
    arrows = {
        (boxes[one], boxes[other]): count
        for (one, other), count in sorted(counts.items())
        if other not in ground and one in boxes and other in boxes
    }
    for (one, other), count in arrows.items():
        _draw_arrow(axes, arrows, one, other, count)


def _draw_arrow(
    axes: Axes, arrows: Mapping[tuple[MapBox, MapBox], int], one: MapBox, other: MapBox, count: int
) -> None:
    from matplotlib.patches import FancyArrowPatch

    level = one.bottom == other.bottom
    start = (_port(one, [b for a, b in arrows if a == one], other), one.bottom)
    end = (
        _port(other, [a for a, b in arrows if b == other], one),
        other.bottom if level else other.top,
    )
    curve = "arc3,rad=-0.2" if start[0] > end[0] else "arc3,rad=0.2"
    arrow = FancyArrowPatch(
        start,
        end,
        connectionstyle=curve if level else "arc3,rad=0.0",
        arrowstyle="-|>,head_length=5,head_width=2.6",
        color=one.colour,
        linewidth=0.9 + 0.45 * len(str(count)) + min(count, 80) / 60,
        alpha=0.85,
        shrinkA=0,
        shrinkB=0,
        zorder=2,
    )
    axes.add_patch(arrow)
    share = 0.5 if level else max(0.5, 1 - 0.26 / (start[1] - end[1]))
    dip = 0.1 * abs(end[0] - start[0]) if level else 0.0
    axes.text(
        start[0] + share * (end[0] - start[0]),
        start[1] + share * (end[1] - start[1]) - dip,
        str(count),
        fontsize=8,
        color=one.colour,
        weight="bold",
        ha="center",
        va="center",
        zorder=2.5,
        bbox={"boxstyle": "round,pad=0.12", "facecolor": PAPER, "edgecolor": "none"},
    )


def _port(box: MapBox, others: Sequence[MapBox], other: MapBox) -> float:
    """Where on a box's edge an arrow ends: in the order of the boxes at the other ends."""
    order = sorted(others, key=lambda each: (each.middle, each.bottom, each.name))
    return box.left + box.width * (order.index(other) + 1) / (len(order) + 1)


def _wrapped(text: str, width: float) -> str:
    """Two lines at most, so that the numbers below stay free."""
    return "\n".join(wrap(text, int(width * 14), max_lines=2, placeholder=" …"))


def _save(figure: Figure, path: Path) -> None:
    from PIL import Image

    figure.savefig(drawn := BytesIO(), format="png", facecolor=PAPER)
    Image.open(drawn).convert("RGB").save(path, quality=72, method=6)


if __name__ == "__main__":
    main()
