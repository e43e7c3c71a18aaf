"""What kinds of picture a planned image stands for, and how often a plan has each."""

from __future__ import annotations

from collections import Counter

from tools.contracts.references import PlannedImage, ReferencePlan
from tools.references.facets import Facet, Variety, count_facets, variety_of


def variety_of_planned(image: PlannedImage) -> Variety:
    """The kinds that a planned image stands for."""
    return variety_of(
        framing=image.framing,
        view=image.view,
        expression=image.expression,
        tilt=image.tilt,
        light=image.light,
        place=image.place,
    )


def balance(plan: ReferencePlan) -> dict[Facet, Counter[str]]:
    """How many images of a plan have each value of each facet."""
    return count_facets(variety_of_planned(image) for image in plan.images)
