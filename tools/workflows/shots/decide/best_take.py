"""Which take of a shot comes first by QC: best outcome, then nearest to the character, then oldest.

A sketch comes after every take, however it was judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.contracts.verdicts import Outcome

if TYPE_CHECKING:
    from tools.store.take import Take

_RANK = {Outcome.PASS: 0, Outcome.REVIEW: 1, Outcome.REJECT: 2, None: 3}


def best_take(takes: Sequence[Take]) -> Take:
    """Return the take of one shot that QC would show first.

    Raises:
        ValueError: no takes.
    """
    return min(takes, key=_order)


def _order(take: Take) -> tuple[bool, int, float, int]:
    distance = float("inf") if take.csfd_own is None else take.csfd_own
    return take.is_sketch, _RANK[take.verdict], distance, take.number
