"""The numbers of a run from its judged takes (the report's `summary`).

Pure arithmetic over verdicts; knows neither files nor the database.
"""

from __future__ import annotations

import resource
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.contracts.report import Summary
from tools.contracts.verdicts import Outcome, Verdict


@dataclass(frozen=True)
class JudgedTake:
    """One take as the summary needs it."""

    slate: str
    """Scene and setup, without the take number."""
    tries: int
    verdict: Verdict
    embedding: tuple[float, ...] | None
    """Unit embedding of the character's face; None without a readable face."""


def summarise(takes: Sequence[JudgedTake], base_takes: Sequence[JudgedTake]) -> Summary:
    """Return the summary of `takes`; `base_takes` are the first tries drawn without the adapter.

    Both lists are in shooting order. Comparisons of own, other and base use first tries with the same
    seeds, so that choosing the best of three cannot flatter the adapter. Faces too
    small to be held to their distance are counted as detected and left out of the means.
    """
    read = [take for take in takes if _counts(take)]
    first = [take for take in read if take.tries == 1]
    base_read = [take for take in base_takes if _counts(take)]
    return Summary(
        own_mean=_mean([take.verdict.csfd_own for take in read]),
        other_mean=_mean([take.verdict.csfd_other for take in read]),
        base_own_mean=_mean([take.verdict.csfd_own for take in base_read]),
        own_first_mean=_mean([take.verdict.csfd_own for take in first]),
        base_first_detected=_detected(base_takes),
        first_detected=_detected([take for take in takes if take.tries == 1]),
        nearest_own_rate=_mean([float(take.verdict.nearest == "own") for take in read]),
        end_drift=_end_drift(chosen_takes(takes)),
        detected=_detected(takes),
        passed=sum(take.verdict.outcome is Outcome.PASS for take in takes),
        rejected=sum(take.verdict.outcome is Outcome.REJECT for take in takes),
        peak_memory_mb=peak_memory_mb(),
    )


def _counts(take: JudgedTake) -> bool:
    return take.verdict.csfd_own is not None and not take.verdict.small_face


def _detected(takes: Sequence[JudgedTake]) -> int:
    return sum(take.verdict.csfd_own is not None for take in takes)


def chosen_takes(takes: Sequence[JudgedTake]) -> list[JudgedTake]:
    """Return the take of each shot that QC would show first: best outcome, then nearest to the character."""
    rank = {Outcome.PASS: 0, Outcome.REVIEW: 1, Outcome.REJECT: 2}
    best: dict[str, JudgedTake] = {}

    def key(take: JudgedTake) -> tuple[int, float, int]:
        own = take.verdict.csfd_own
        return rank[take.verdict.outcome], float("inf") if own is None else own, take.tries

    for take in takes:
        if take.slate not in best or key(take) < key(best[take.slate]):
            best[take.slate] = take
    return list(best.values())


def peak_memory_mb() -> int:
    """Peak resident memory of this process in megabytes (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else None


def _end_drift(chosen: Sequence[JudgedTake]) -> float | None:
    embeddings = [take.embedding for take in chosen if take.embedding is not None]
    if len(embeddings) < 2:
        return None
    return round(1.0 - float(np.dot(embeddings[0], embeddings[-1])), 4)
