"""Hold a set of pictures against the paper's guidelines and name what is missing.

Knows the guidelines as data (`prompts/references/guidelines.yaml`, paper section III-B-1); what
the pictures show was read or written elsewhere. What is not known is said, never assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pydantic import Field

from tools.contracts.model import Contract
from tools.contracts.outfits import WardrobeShown
from tools.references.data import load_data
from tools.references.facets import UNKNOWN, Facet, Variety, count_facets


class Guideline(Contract):
    """One line of the guidelines: so many images at least with this value."""

    facet: Facet
    value: str
    least: int = Field(ge=1)
    title: str
    advice: str
    """What to shoot where it is not met."""


class Guidelines(Contract):
    """The whole of `guidelines.yaml`."""

    least_images: int = Field(ge=1)
    least_images_advice: str
    guidelines: tuple[Guideline, ...] = Field(min_length=1)


class AuditItem(Contract):
    """One picture with what is known of it."""

    file: str
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    variety: Variety


class GuidelineFinding(Contract):
    """One guideline held against the set."""

    title: str
    facet: Facet | None
    """None for the number of images."""
    have: int = Field(ge=0)
    need: int = Field(ge=1)
    unknown: int = Field(ge=0)
    """Pictures of which this side is not known, so that the gap may be smaller."""
    advice: str

    @property
    def met(self) -> bool:
        """Whether the guideline is satisfied."""
        return self.have >= self.need


class AuditReport(Contract):
    """All guidelines with their counts, met and not."""

    count: int = Field(ge=0)
    min_side: int = Field(ge=1)
    too_small: tuple[str, ...]
    """Files with a side under `min_side` pixels."""
    not_square: tuple[str, ...]
    """Files that a base with one native size squares around the person when they are taken in."""
    findings: tuple[GuidelineFinding, ...]
    wardrobe: WardrobeShown | None = Field(default=None, exclude_if=lambda each: each is None)
    """None where nobody can read clothes in these pictures."""

    @property
    def gaps(self) -> tuple[GuidelineFinding, ...]:
        """The guidelines that are not met, in the order of the data."""
        return tuple(finding for finding in self.findings if not finding.met)

    @property
    def complete(self) -> bool:
        """Whether every guideline is met and every file is large enough."""
        return not self.gaps and not self.too_small


@cache
def guidelines() -> Guidelines:
    """The shipped guidelines."""
    return load_data("guidelines", Guidelines)


def audit(
    items: Sequence[AuditItem], *, min_side: int = 1024, wardrobe: WardrobeShown | None = None
) -> AuditReport:
    """Count a set against the guidelines.

    Args:
        items: the pictures.
        min_side: smallest side in pixels; the paper's 1024 for real bases, the base's own
            otherwise.
        wardrobe: the garments that they show, where that was read.
    """
    rules = guidelines()
    counts = count_facets(item.variety for item in items)
    number = GuidelineFinding(
        title="number of images",
        facet=None,
        have=len(items),
        need=rules.least_images,
        unknown=0,
        advice=rules.least_images_advice,
    )
    findings = [
        GuidelineFinding(
            title=rule.title,
            facet=rule.facet,
            have=counts[rule.facet][rule.value],
            need=rule.least,
            unknown=counts[rule.facet][UNKNOWN],
            advice=rule.advice,
        )
        for rule in rules.guidelines
    ]
    return AuditReport(
        count=len(items),
        min_side=min_side,
        too_small=tuple(item.file for item in items if min(item.width, item.height) < min_side),
        not_square=tuple(item.file for item in items if item.width != item.height),
        findings=(number, *findings),
        wardrobe=wardrobe,
    )
