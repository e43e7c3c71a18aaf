"""Clothes and hair of a picture against the look in use, beside the face and apart from it.

Knows what a reader sees and what is wanted, both in colour words; must not know who looked or where the
words come from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from tools.contracts.faces import OutfitSeen, SeenColour
from tools.contracts.outfits import (
    MOST_APART,
    OutfitBars,
    OutfitFigure,
    OutfitPart,
    WantedOutfit,
    Wardrobe,
    WardrobeShown,
)

CLEAR_MAJORITY = 0.8
"""Share of a set's readable pictures from which it is said to show one colour."""
LEAST_READ = 3
"""Pictures from which that is said."""


def outfit_figures(
    seen: OutfitSeen | None, wanted: WantedOutfit, bars: OutfitBars
) -> tuple[OutfitFigure, ...]:
    """Measure the parts that are both seen and wanted.

    Args:
        seen: what a reader says of the picture's one person.
        wanted: the look in use.
        bars: from which distance a part is another one.
    """
    if seen is None:
        return ()
    parts = (
        (OutfitPart.GARMENT, seen.garment, wanted.garment, bars.garment),
        (OutfitPart.HAIR, seen.hair, wanted.hair, bars.hair),
    )
    return tuple(
        OutfitFigure(
            part=part,
            seen=colours[0].colour,
            sureness=colours[0].sureness,
            wanted=word,
            distance=round(colour_distance(colours, word), 3),
            threshold=bar,
        )
        for part, colours, word, bar in parts
        if word is not None and any(each.colour == word for each in colours)
    )


def colour_distance(colours: Sequence[SeenColour], wanted: str) -> float:
    """Natural logarithm of the surest colour's sureness over the wanted one's, 0 to `MOST_APART`.

    Args:
        colours: the surest first.
        wanted: one of them; any other is as far as can be.
    """
    sureness = next((each.sureness for each in colours if each.colour == wanted), 0.0)
    if sureness <= 0.0:
        return MOST_APART
    return min(MOST_APART, math.log(colours[0].sureness / sureness))


def outfit_reasons(figures: Sequence[OutfitFigure], wanted: WantedOutfit) -> tuple[str, ...]:
    """Return a sentence for each part that is another than the look's: `the coat is red, Mara's is teal`."""
    return tuple(_reason(each, wanted) for each in figures if each.is_wrong)


def _reason(figure: OutfitFigure, wanted: WantedOutfit) -> str:
    if figure.part is OutfitPart.GARMENT:
        noun = wanted.garment_noun
        return f"the {noun} is {figure.seen}, {wanted.owner}'s is {figure.wanted}"
    if figure.wanted == "bald":
        return f"the head has {figure.seen} hair, {wanted.owner}'s is bald"
    if figure.seen == "bald":
        return f"the head is bald, {wanted.owner}'s hair is {figure.wanted}"
    return f"the hair is {figure.seen}, {wanted.owner}'s is {figure.wanted}"


def shown_by_most(seen: Sequence[Sequence[SeenColour]]) -> str | None:
    """Return the colour that nearly all pictures of a set show; None where they differ or are few.

    Args:
        seen: one part's colours in each picture that it can be read in.
    """
    first = [colours[0].colour for colours in seen]
    if len(first) < LEAST_READ:
        return None
    most = max(sorted(set(first)), key=first.count)
    return most if first.count(most) >= CLEAR_MAJORITY * len(first) else None


def wardrobe_shown(seen: Sequence[OutfitSeen | None]) -> WardrobeShown | None:
    """Say whether a set ties a garment to its person; None where clothes are read in too few pictures."""
    garments = [each.garment for each in seen if each is not None and each.garment]
    if len(garments) < LEAST_READ:
        return None
    counts = Counter(colours[0].colour for colours in garments)
    kind = Wardrobe.VARIED if shown_by_most(garments) is None else Wardrobe.LOCKED
    return WardrobeShown(kind=kind, counts=dict(counts.most_common()))
