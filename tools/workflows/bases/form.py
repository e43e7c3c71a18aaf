"""The look at a base's pictures beside the face: is the head rightly formed, what is worn.

Knows the base's row and the embedder table; the judgements themselves are `tools.qc.malformed` and
`tools.qc.outfit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face, OutfitSeen
from tools.contracts.outfits import OutfitBars, OutfitFigure, WantedOutfit
from tools.contracts.parts import FaceEmbedder
from tools.contracts.photography import Framing
from tools.embedders.table import embedder_row
from tools.errors import BadInput
from tools.qc.malformed import malformed
from tools.qc.outfit import outfit_figures, outfit_reasons
from tools.services import Services


@dataclass(frozen=True)
class FormAsked:
    """What a picture was meant to show."""

    framing: Framing | None
    wanted: WantedOutfit | None = None
    """The look in use; None where nothing is to be held against it."""


@dataclass(frozen=True)
class FormFound:
    """What is wrong with a picture beside the face."""

    fault: str | None = None
    """Why its head is not rightly formed."""
    outfit: tuple[OutfitFigure, ...] = ()
    outfit_faults: tuple[str, ...] = ()
    """A sentence for each part that is another than the look's."""
    sureness: float | None = None
    """Of the head, in bars: 0 where none is seen, 1 at the bar; None where nobody looked."""


@dataclass(frozen=True)
class FormCheck:
    """A detector of drawn heads with its bars."""

    seer: FaceEmbedder
    least: float
    """Sureness from which a head is rightly formed, 0 to 1."""
    bars: OutfitBars | None
    """None where it cannot tell clothes and hair."""

    def look(self, pictures: Sequence[Image.Image], asked: Sequence[FormAsked]) -> list[FormFound]:
        """Return what is wrong with each picture."""
        found = self.seer.faces(pictures)
        return [self._found(heads, meant) for heads, meant in zip(found, asked, strict=True)]

    def outfits(self, pictures: Sequence[Image.Image]) -> list[OutfitSeen | None]:
        """Return what the only person of each picture wears; None where there is not exactly one."""
        return [
            heads[0].outfit if len(heads) == 1 and self.bars else None
            for heads in self.seer.faces(pictures)
        ]

    def _found(self, heads: Sequence[Face], meant: FormAsked) -> FormFound:
        fault = malformed(heads, self.least, meant.framing)
        sureness = heads[0].confidence / self.least if heads else 0.0
        if self.bars is None or meant.wanted is None or len(heads) != 1:
            return FormFound(fault, sureness=sureness)
        figures = outfit_figures(heads[0].outfit, meant.wanted, self.bars)
        return FormFound(fault, figures, outfit_reasons(figures, meant.wanted), sureness)


def look_at_form(
    check: FormCheck | None, pictures: Sequence[Image.Image], asked: Sequence[FormAsked]
) -> list[FormFound]:
    """As `FormCheck.look`; without a check nothing is wrong."""
    return [FormFound()] * len(pictures) if check is None else check.look(pictures, asked)


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
    return FormCheck(services.load_faces(checker.name), checker.well_formed, checker.outfit)
