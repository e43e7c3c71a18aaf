"""Turn views into HTML by templates that escape everything.

Knows Jinja and where the templates lie; must not know the store. A name that a template asks for
and a view does not have is an error, never an empty place.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment

DISTANCE_DIGITS = 3


def render(template: str, **values: object) -> str:
    """Return the HTML of a template, for instance `board.html`."""
    return _environment().get_template(template).render(values)


def asset(name: str) -> str:
    """Return the text of a style sheet or a script."""
    return files("ui.page").joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ui.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["distance"] = distance
    return environment


def distance(value: float | None) -> str:
    """Write a CSFD; a dash where none was measured."""
    return "–" if value is None else f"{value:.{DISTANCE_DIGITS}f}"
