"""QC at a glance: every judged take by its distance, the worst frames, own against other; no sketches.

Knows the store; must not know HTML nor how a verdict comes about.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from sqlmodel import Session

from tools.contracts.verdicts import Outcome
from tools.store.take import Take, list_production_takes
from ui.page.views.takes import MOST_TAKES, PictureLink, TakeView, take_views

WORST = 6


@dataclass(frozen=True)
class Dot:
    """A judged take in the plot; places are shares of the plot's width and height, 0 to 1."""

    slate: str
    own: float
    other: float | None
    """Mean distance to strangers; None where it was not measured."""
    outcome: str
    x: float
    y: float
    other_y: float | None


@dataclass(frozen=True)
class QualityView:
    """What QC says about a production."""

    judged: int
    unread: int
    """Takes in which no face could be read."""
    passed: int
    own_mean: float | None
    other_mean: float | None
    threshold: float | None
    """The one that the verdicts were made with, as a share of the plot's height in `threshold_y`."""
    threshold_y: float | None
    top: float
    """Distance at the plot's upper edge."""
    dots: tuple[Dot, ...]
    worst: tuple[TakeView, ...]

    @property
    def ratio(self) -> float | None:
        """Own over other; below one, the takes are nearer to their character than to strangers."""
        if self.own_mean is None or not self.other_mean:
            return None
        return self.own_mean / self.other_mean


def quality_view(
    session: Session, production_id: str, link: PictureLink, threshold: float | None
) -> QualityView:
    """Read what QC said of all takes; `threshold` is the CSFD at which a take passes."""
    rows = list_production_takes(session=session, production_id=production_id, limit=MOST_TAKES)
    judged = [take for take, _, _ in rows if take.verdict is not None and not take.is_sketch]
    read = [take for take in judged if take.csfd_own is not None]
    others = [take.csfd_other for take in read if take.csfd_other is not None]
    top = max([_own(take) for take in read] + others + [2 * (threshold or 0.0), 0.01])
    worst = sorted(read, key=_own, reverse=True)[:WORST]
    return QualityView(
        judged=len(judged),
        unread=len(judged) - len(read),
        passed=sum(take.verdict is Outcome.PASS for take in judged),
        own_mean=fmean(map(_own, read)) if read else None,
        other_mean=fmean(others) if others else None,
        threshold=threshold,
        threshold_y=None if threshold is None else threshold / top,
        top=top,
        dots=tuple(_dot(take, at, len(read), top) for at, take in enumerate(read)),
        worst=tuple(take_views(session, worst, link)),
    )


def _own(take: Take) -> float:
    assert take.csfd_own is not None
    return take.csfd_own


def _dot(take: Take, at: int, count: int, top: float) -> Dot:
    outcome = take.verdict.value if take.verdict else ""
    other = take.csfd_other
    return Dot(
        slate=take.slate,
        own=_own(take),
        other=other,
        outcome=outcome,
        x=(at + 0.5) / count,
        y=_own(take) / top,
        other_y=None if other is None else other / top,
    )
