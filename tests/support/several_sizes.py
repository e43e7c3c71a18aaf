"""A studio whose bases draw in three shapes, in a production of one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tools.backends.bases import BaseCatalog, read_table
from tools.contracts.briefs import AspectRatio
from tools.contracts.model import Size
from tools.services import Services
from tools.workflows.people.production_style import change_style

SHAPES = {
    AspectRatio.SQUARE: (256, 256),
    AspectRatio.WIDE: (320, 192),
    AspectRatio.UPRIGHT: (192, 320),
}


def with_several_sizes(services: Services, bases_home: Path, ratio: AspectRatio) -> Services:
    """The same studio with SHAPES as the native sizes of every base, and its production in a ratio."""
    sizes = tuple(Size(width=width, height=height) for width, height in SHAPES.values())
    table = [row.model_copy(update={"sizes": sizes}) for row in read_table()]
    change_style(services, "studio", None, ratio)
    return replace(services, catalog=BaseCatalog(bases_home, table))
