"""Bases: which can draw in this studio, and the command that installs each of the others.

Knows the base table and what is installed; must not load anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.services import Services


@dataclass(frozen=True)
class BaseView:
    """One base."""

    name: str
    title: str
    licence: str
    usable: bool
    in_use: bool
    missing: str
    """What it lacks; empty when it can be used."""
    how_to: str


def base_views(services: Services, in_use: str) -> tuple[BaseView, ...]:
    """Look at every base that the studio knows.

    Args:
        services: the studio.
        in_use: name of the base that the production draws with.
    """
    views = []
    for row in services.catalog.rows():
        status = services.catalog.status(row.name)
        view = BaseView(
            name=row.name,
            title=row.title,
            licence=row.licence_line,
            usable=status.usable,
            in_use=row.name == in_use,
            missing="" if status.usable else status.reason,
            how_to=status.how_to,
        )
        views.append(view)
    return tuple(views)
