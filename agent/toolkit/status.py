"""`status`: what there is, what is running and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.tool import ChatTool
from tools.contracts.digest import CharacterState, JobLine, SceneState, ShotState, StudioDigest
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.errors import UnknownName
from tools.language.text import plural
from tools.workflows.digest import studio_digest
from tools.workflows.next_steps import next_step, production_steps

STATES = {
    "proposed": "waits for approval",
    "approved": "waits for its turn",
    "claimed": "is running",
    "submitted": "is running",
    "unknown": "may have been paid without an answer; look at the provider's page",
}
MOST_SCENES = 20


class Status(Contract):
    """Say what there is and what is running; of one character if named."""

    character: Name | None = None


def status(arguments: Status, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Say how far the production is, or one character of it.

    Raises:
        UnknownName: nobody of that name is in the cast.
    """
    digest = studio_digest(context.services, context.production, context.conversation_id)
    if arguments.character is None:
        return Answer(text="\n".join(_whole(digest)))
    return Answer(text="\n".join(_one(digest, arguments.character)))


def _whole(digest: StudioDigest) -> list[str]:
    style = f", style {digest.style}" if digest.style else ", no locked style"
    lines = [f"{digest.production}: {digest.aspect_ratio}, drawn with {digest.base}{style}."]
    lines += [_character_line(each) for each in digest.characters] or ["Nobody is in the cast yet."]
    lines += [_scene_line(scene) for scene in digest.scenes[:MOST_SCENES]]
    if len(digest.scenes) > MOST_SCENES:
        lines.append(f"… and {len(digest.scenes) - MOST_SCENES} more scenes.")
    lines += _job_lines(digest.jobs)
    return [*lines, f"Next: {'; '.join(production_steps(digest))}."]


def _one(digest: StudioDigest, name: str) -> list[str]:
    found = next((each for each in digest.characters if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in digest.characters) or "nobody yet"
        raise UnknownName(f"{name} is not in the cast; there are: {known}")
    shots = [shot for scene in digest.scenes for shot in scene.shots if name in shot.characters]
    lines = [_character_line(found), f"Looks: {', '.join(found.looks)}."]
    if shots:
        lines.append(_shots_line(f"With {name}", shots))
    about = [job for job in digest.jobs if _is_about(job, name)]
    return [*lines, *_job_lines(about), f"Next: {next_step(found, about)}."]


def _is_about(job: JobLine, name: str) -> bool:
    return job.subject == name or job.subject.startswith(f"{name} ")


def _character_line(character: CharacterState) -> str:
    facts = []
    if character.chosen_face is not None:
        facts.append(f"face {character.chosen_face} chosen")
    elif character.candidates:
        facts.append(f"{plural(character.candidates, 'face')} to choose from")
    if character.references:
        facts.append(plural(character.references, "reference image"))
        facts.append(f"gate: {character.gate.value}" if character.gate else "gate not asked yet")
    if character.versions:
        used = character.version_in_use
        facts.append(f"LoRA versions {', '.join(f'v{each}' for each in character.versions)}")
        facts.append(f"v{used} in use" if used else "none of them for this base")
    return f"{character.name}: {', '.join(facts) or 'only the brief so far'}."


def _scene_line(scene: SceneState) -> str:
    where = ", ".join(phrase for phrase in (scene.place, scene.light) if phrase)
    name = f"Scene {scene.number}" + (f" ({where})" if where else "")
    return _shots_line(name, scene.shots)


def _shots_line(name: str, shots: Sequence[ShotState]) -> str:
    takes = sum(shot.takes for shot in shots)
    picked = sum(shot.picked is not None for shot in shots)
    sketches = sum(shot.sketches for shot in shots)
    sketched = f", {plural(sketches, 'sketch')}" if sketches else ""
    return (
        f"{name}: {plural(len(shots), 'shot')}, {plural(takes, 'take')}, {picked} picked{sketched}."
    )


def _job_lines(jobs: Sequence[JobLine]) -> list[str]:
    return [_job_line(job) for job in jobs] or ["Nothing is running."]


def _job_line(job: JobLine) -> str:
    subject = f" of {job.subject}" if job.subject else ""
    state = STATES.get(job.state, job.state)
    running = job.state in ("claimed", "submitted")
    progress = f", {job.done} of {job.total}" if running and job.total else ""
    return f"{job.kind.replace('-', ' ')}{subject} {state}{progress}."


TOOL = ChatTool("status", Status, status)
