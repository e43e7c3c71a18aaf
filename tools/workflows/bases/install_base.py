"""Install a base of the table, so that it can draw: what `samecast base add` does, by name alone.

Knows the catalogue; must not know how weights are read.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.bases import BaseRow
from tools.services import Services


@dataclass(frozen=True)
class InstalledNow:
    """A base that can draw."""

    row: BaseRow
    was_there: bool
    """It could be used before."""


def install_base(services: Services, name: str) -> InstalledNow:
    """Download a base's weights where its row says that they are.

    Raises:
        UnknownName: no such base; the message lists those there are.
        BaseUnavailable: the download failed, or the embedded base is broken.
    """
    row = services.catalog.row(name)
    if services.catalog.status(name).usable:
        return InstalledNow(row, was_there=True)
    if row.source.startswith("package:"):
        services.catalog.folder(name)
    return InstalledNow(services.catalog.add(name, row.source), was_there=False)
