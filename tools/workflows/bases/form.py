"""The check of a base's heads: who looks, and from which sureness a head is rightly formed.

Knows the base's row and the embedder table; the judgement itself is `tools.qc.malformed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Framing
from tools.embedders.table import embedder_row
from tools.errors import BadInput
from tools.qc.malformed import malformed
from tools.services import Services


@dataclass(frozen=True)
class FormCheck:
    """A detector of drawn heads with its bar."""

    seer: FaceEmbedder
    least: float
    """Sureness from which a head is rightly formed, 0 to 1."""

    def faults(
        self, pictures: Sequence[Image.Image], framings: Sequence[Framing | None]
    ) -> list[str | None]:
        """Return why each picture's head is not rightly formed; None where nothing is wrong."""
        found = self.seer.faces(pictures)
        return [
            malformed(heads, self.least, framing)
            for heads, framing in zip(found, framings, strict=True)
        ]

    def sureness(self, pictures: Sequence[Image.Image]) -> list[float]:
        """Return how sure it is of each picture's head, in bars: 0 where it sees none, 1 at the bar."""
        found = self.seer.faces(pictures)
        return [heads[0].confidence / self.least if heads else 0.0 for heads in found]


def head_sureness(
    check: FormCheck | None, pictures: Sequence[Image.Image]
) -> list[float] | list[None]:
    """As `FormCheck.sureness`; without a check nobody knows."""
    return [None] * len(pictures) if check is None else check.sureness(pictures)


def head_faults(
    check: FormCheck | None,
    pictures: Sequence[Image.Image],
    framings: Sequence[Framing | None],
) -> list[str | None]:
    """As `FormCheck.faults`; without a check nothing is wrong."""
    return [None] * len(pictures) if check is None else check.faults(pictures, framings)


def open_form_check(services: Services, row: BaseRow) -> FormCheck | None:
    """Return the check that a base's row names; None for one whose heads nobody checks.

    Raises:
        BadInput: the row names an embedder that cannot tell.
        BaseUnavailable: its weights are not here.
    """
    if row.form is None:
        return None
    checker = embedder_row(row.form)
    if checker.well_formed is None:
        raise BadInput(f"base {row.name}: embedder {row.form} cannot tell a malformed head")
    return FormCheck(services.load_faces(checker.name), checker.well_formed)
