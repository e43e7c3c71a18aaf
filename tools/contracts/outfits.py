"""Clothes and hair of a picture: what is seen of them, what is wanted, and how far the two are apart."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tools.contracts.model import Contract, Name, Phrase

MOST_APART = 10.0


class OutfitPart(StrEnum):
    """What is looked at beside the face."""

    GARMENT = "garment"
    HAIR = "hair"


class OutfitBars(Contract):
    """Distances above which a part is another than the wanted one; measured (docs/measurements.md)."""

    garment: float = Field(gt=0, le=MOST_APART)
    hair: float = Field(gt=0, le=MOST_APART)


class WantedOutfit(Contract):
    """The look in use in an embedder's colour words; None where nothing says what it is."""

    owner: Name
    garment: str | None = None
    garment_noun: Phrase = "garment"
    """What the garment is called: `coat`."""
    hair: str | None = None
    """A colour, or `bald`."""


class OutfitFigure(Contract):
    """How far one part of a picture is from what is wanted."""

    part: OutfitPart
    seen: str
    sureness: float = Field(ge=0, le=1)
    """Of what is seen."""
    wanted: str
    distance: float = Field(ge=0, le=MOST_APART)
    """Natural logarithm of how much likelier the seen colour is than the wanted one; 0: it is the same."""
    threshold: float = Field(gt=0, le=MOST_APART)

    @property
    def is_wrong(self) -> bool:
        """Whether it is another than the wanted one."""
        return self.distance > self.threshold


class Wardrobe(StrEnum):
    """Whether a reference set ties a garment to its person."""

    LOCKED = "locked"
    """Nearly all pictures show one: it is learned with the name."""
    VARIED = "varied"


class WardrobeShown(Contract):
    """The garments of a reference set."""

    kind: Wardrobe
    counts: dict[str, int] = Field(min_length=1)
    """Pictures by colour, the most frequent first; those without readable clothes are left out."""

    @property
    def words(self) -> str:
        """What that means, as a director is told it."""
        colour, count = next(iter(self.counts.items()))
        readable = sum(self.counts.values())
        if self.kind is Wardrobe.LOCKED:
            return (
                f"wardrobe: locked ({colour} in {count} of {readable} pictures that show clothes): it is "
                "learned with the person; for looks in other clothes, add pictures in other clothes"
            )
        told = ", ".join(f"{name} {number}" for name, number in self.counts.items())
        return f"wardrobe: varied ({told}): looks in other clothes can be drawn"
