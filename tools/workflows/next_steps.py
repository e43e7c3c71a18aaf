"""What comes next in a production, from its digest: for a character, and for the shots.

Knows the one way through the house (docs/architecture.md, Words); must not read the store.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.contracts.digest import CharacterState, JobLine, StudioDigest
from tools.contracts.verdicts import Outcome
from tools.workflows.job_kinds import job_kinds
from tools.workflows.job_lines import listed_slates


def next_step(character: CharacterState, jobs: Sequence[JobLine] = ()) -> str:
    """Return what a character needs before it can be shot; ready ones say so.

    Args:
        character: who.
        jobs: what runs or waits; a step that is under way is not asked for again.
    """
    name = character.name
    if character.version_in_use is not None:
        return f"{name} is ready to shoot"
    preparing = {each.value for each, kind in job_kinds().items() if kind.prepares}
    running = next((job for job in jobs if job.subject == name and job.kind in preparing), None)
    if running is not None:
        return f"wait for the {running.kind.replace('-', ' ')} of {name}"
    if not character.references:
        return _before_references(character)
    if character.gate is None:
        return f"ask the gate about the references of {name}"
    if character.gate is Outcome.REJECT:
        return f"the gate refused the references of {name}: review and drop images, or build others"
    return f"train {name}"


def production_steps(digest: StudioDigest) -> list[str]:
    """Return what comes next for everybody and for the shots, most urgent first; never empty."""
    if not digest.characters:
        return ["create a character from a brief"]
    shots = [shot for scene in digest.scenes for shot in scene.shots]
    steps = [
        next_step(each, digest.jobs) for each in digest.characters if each.version_in_use is None
    ]
    ready = any(each.version_in_use is not None for each in digest.characters)
    if ready and not shots:
        steps.append("plan a scene, or describe a shot")
    undrawn = [shot.slate for shot in shots if not shot.takes]
    unpicked = [shot.slate for shot in shots if shot.takes and shot.picked is None]
    if undrawn and ready:
        steps.append(f"shoot {listed_slates(undrawn)}")
    if unpicked:
        steps.append(f"pick a take of {listed_slates(unpicked)}")
    if shots and not undrawn and not unpicked:
        steps.append("deliver the picks")
    return steps or ["shoot what is planned"]


def _before_references(character: CharacterState) -> str:
    name = character.name
    if character.chosen_face is not None:
        return f"build the references of {name}"
    if character.candidates:
        return f"choose a face for {name}"
    return f"cast {name}, or add photos"
