"""A take in one line of words: slate, whether it is a sketch, verdict, own distance, reasons in short.

Knows verdict values; must not know how takes are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.contracts.verdicts import Outcome
from tools.language.text import plural

if TYPE_CHECKING:
    from tools.store.take import Take

WORDS = {Outcome.PASS: "passed", Outcome.REVIEW: "for review", Outcome.REJECT: "rejected by QC"}
MOST_REASON = 160


def take_line(take: Take) -> str:
    """Return `12A T3: passed, distance 0.031`, with why when it did not pass."""
    reasons = "" if take.verdict is Outcome.PASS else short_reasons(take.reason_list())
    because = f" ({reasons})" if reasons else ""
    return f"{take.slate}: {take_label(take)}{because}{decision_words(take)}"


def take_label(take: Take) -> str:
    """Return `passed, distance 0.031` or what is known of a take that was not judged."""
    if take.digest is None:
        return "not drawn yet"
    kind = "sketch, " if take.is_sketch else ""
    verdict = kind + ("not judged yet" if take.verdict is None else WORDS[take.verdict])
    return verdict if take.csfd_own is None else f"{verdict}, distance {take.csfd_own:.3f}"


def decision_words(take: Take) -> str:
    """Return what a person decided about a take, or nothing."""
    if take.picked_at is not None:
        said = "liked" if take.is_sketch else "picked"
    elif take.rejected_at is not None:
        said = "rejected by a person"
    else:
        return ""
    return f"; {said}: {take.note}" if take.note else f"; {said}"


def count_words(takes: Sequence[Take]) -> str:
    """Return how many takes and sketches there are: `2 takes and 1 sketch`."""
    sketches = sum(take.is_sketch for take in takes)
    counts = {"take": len(takes) - sketches, "sketch": sketches}
    return " and ".join(plural(count, noun) for noun, count in counts.items() if count)


def short_reasons(reasons: Sequence[str]) -> str:
    """Return a verdict's reasons in one phrase, without the distance that is said beside it."""
    told = [reason.split(";")[-1].strip() for reason in reasons if not _is_distance(reason)]
    text = "; ".join(told)
    return text if len(text) <= MOST_REASON else f"{text[: MOST_REASON - 1]}…"


def _is_distance(reason: str) -> bool:
    return reason.startswith("distance ") and ";" not in reason
