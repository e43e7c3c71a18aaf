"""`train`: a LoRA on the newest reference set, and what came of it; the approval was asked before."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    ask_for,
    badly_ended,
    base_name,
    base_row,
    character_of,
    references_of,
)
from agent.toolkit.gate import ask_gate
from agent.toolkit.tool import ChatTool, always
from tools.architectures.registry import preset
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.contracts.verdicts import Outcome
from tools.errors import Refused
from tools.jobs.local_worker import read_result
from tools.store.job import Job
from tools.workflows.bases.calibrations import calibration_name
from tools.workflows.costs import seconds_per
from tools.workflows.kinds import Kind
from tools.workflows.lora.versions import version_lines
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.review.set_review import StoredSet

SEED = 1


class Train(Contract):
    """Train a LoRA on the newest reference set; waits for approval."""

    character: Name
    preset: Literal["fast", "paper"] = "fast"
    steps: int | None = Field(default=None, ge=1, le=200_000)


def train(arguments: Train, context: ChatContext, watch: ProgressSink) -> Answer:
    """Start training; a set that nobody had judged is judged first.

    Raises:
        UnknownName: no such character.
        Refused: there is no set, or the gate has not passed it.
    """
    request, found = _request(arguments, context, watch)
    config = request.config
    asked = ask_for(context, Kind.TRAIN, request)
    if asked.was_done:
        answer = train_report(context, asked.job)
        return answer.model_copy(
            update={"text": f"This training was done before and is not run again. {answer.text}"}
        )
    how = "goes on already" if asked.was_waiting else "is started"
    return Answer(
        text=f"The training of {request.character} {how}: {config.steps} steps on {request.base}, "
        f"preset {arguments.preset}, {len(found.images)} images of reference set "
        f"v{found.row.version}.",
        jobs=asked.jobs,
    )


def describe_train(arguments: Train, context: ChatContext) -> str:
    """Render what would be trained, and how long it took before, for the approval card.

    Raises:
        UnknownName: no such character.
        Refused: there is no set, or the gate has not passed it.
    """
    request, found = _request(arguments, context, ignore_progress)
    steps = request.config.steps
    each = seconds_per(context.services, Kind.TRAIN, base=request.base)
    time = f"about {max(1, round(each * steps / 60))} min" if each else "no training was timed yet"
    return (
        f"Train a LoRA of {request.character}: {steps} steps on {request.base}, preset "
        f"{arguments.preset}, {len(found.images)} images of reference set v{found.row.version}; {time}."
    )


def train_report(context: ChatContext, job: Job) -> Answer:
    """Say which version came of it, how long it took and how near it is."""
    request = LearnRequest.model_validate_json(job.payload)
    failed = badly_ended(job, f"The training of {request.character}")
    if failed is not None:
        return failed
    made = read_result(job, LoraMade)
    said = [
        f"LoRA v{made.version} of {request.character} is trained: {made.steps} steps on {made.base} "
        f"in {made.seconds:.0f} s, {_score(made.identity_score)}."
    ]
    if made.weak:
        said.append(f"Warning: the adapter is weak: {made.weak}.")
    return Answer(text=" ".join([*said, _use(context, request.character, made.version)]))


def _request(
    arguments: Train, context: ChatContext, watch: ProgressSink
) -> tuple[LearnRequest, StoredSet]:
    character, row = character_of(context, arguments.character), base_row(context)
    found = _passed_set(context, character, watch)
    changes = {"seed": SEED} | ({"steps": arguments.steps} if arguments.steps else {})
    config = preset(arguments.preset, row, len(found.images)).model_copy(update=changes)
    request = LearnRequest(
        production=context.production,
        character=character.name,
        base=row.name,
        reference_set_id=found.row.id,
        dropped=found.dropped,
        config=config,
        calibration=calibration_name(context.services, row.name, character.brief),
    )
    return request, found


def _passed_set(context: ChatContext, character: LoadedCharacter, watch: ProgressSink) -> StoredSet:
    found = references_of(context, character)
    if found.row.verdict is None:
        ask_gate(context, character, found, watch)
        found = references_of(context, character)
    if found.row.verdict is not Outcome.PASS:
        raise Refused(
            f"the gate refuses reference set v{found.row.version} of {character.name}; "
            "ask the gate to see why and what would mend it"
        )
    return found


def _score(score: float | None) -> str:
    if score is None:
        return "no face could be read in its test pictures"
    return f"identity score {score:.3f} (mean distance of its test pictures, smaller is nearer)"


def _use(context: ChatContext, name: str, version: int) -> str:
    lines = version_lines(context.services, context.production, name, base_name(context))
    used = next((line.lora.version for line in lines if line.in_use), None)
    if used is None or used == version:
        return "Next: plan a scene, or shoot."
    return f"v{used} stays in use; choose v{version} to draw with it."


TOOL = ChatTool(
    "train", Train, train, card=describe_train, waits=always, reports={Kind.TRAIN: train_report}
)
