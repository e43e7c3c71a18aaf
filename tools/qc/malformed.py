"""Whether a drawn head is rightly formed, by how sure a detector of drawn heads is of it.

A detector that has seen rightly formed heads only is less sure of one that is doubled, smeared or without
features. Knows heads and what was asked for; must not know identity.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.faces import Face
from tools.contracts.photography import Framing
from tools.qc.readable import SMALL_FRAMINGS


def malformed(heads: Sequence[Face], least: float, framing: Framing | None) -> str | None:
    """Return why a picture's head is not rightly formed, or None.

    Small heads are not judged: of eleven that two readers found usable six would be refused
    (docs/measurements.md, Malformed heads).

    Args:
        heads: what the detector of drawn heads sees, largest first.
        least: its sureness from which a head counts as rightly formed (`EmbedderRow.well_formed`).
        framing: shot size that was asked for.
    """
    if framing in SMALL_FRAMINGS:
        return None
    if not heads:
        return "malformed: nothing in it is formed like a head"
    sure = heads[0].confidence
    if sure >= least:
        return None
    return f"malformed: hardly formed like a head (sureness {sure:.2f}, {least:.2f} is needed)"
