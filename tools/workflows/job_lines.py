"""A job in one line: what it is about, and how far it is.

Knows the payloads of the kinds; must not know the queue.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tools.contracts.digest import JobLine
from tools.store.job import Job

MOST_SLATES = 6


def job_line(job: Job) -> JobLine:
    """Return what a conversation needs to know of a job."""
    return JobLine(
        id=job.id,
        kind=job.kind,
        state=job.state.value,
        subject=job_subject(job.payload),
        done=job.done,
        total=job.total,
    )


def job_subject(payload: str) -> str:
    """Return the character, the slates or the base that a job's payload names, or nothing.

    Every kind names its character as `character`, a shoot within its adapter; a shoot has shots with
    slates, a delivery takes; the installation of a base names it as `name`.
    """
    values = json.loads(payload)
    adapter = values.get("adapter")
    character = (
        values.get("character") or (adapter or {}).get("character") or values.get("name") or ""
    )
    slates = [str(shot["slate"]) for shot in values.get("shots") or ()]
    takes = [str(take["take"]) for take in values.get("takes") or ()]
    words = (str(character), listed_slates([*slates, *takes]))
    return " ".join(word for word in words if word)


def listed_slates(slates: Sequence[str]) -> str:
    """Return the first slates, and how many more there are."""
    more = len(slates) - MOST_SLATES
    return ", ".join(slates[:MOST_SLATES]) + (f" and {more} more" if more > 0 else "")
