"""`reject`: the director refuses takes; the note changes the scene part of the next prompt."""

from __future__ import annotations

from pydantic import Field

from agent.answer import MOST_JOBS, Answer
from agent.context import ChatContext
from agent.toolkit.common import listed
from agent.toolkit.numbers import TakeName, take_slates
from agent.toolkit.tool import ChatTool
from tools.contracts.limits import MOST_AT_ONCE
from tools.contracts.model import Contract, Phrase
from tools.contracts.planning import Change
from tools.contracts.progress import ProgressSink
from tools.errors import FixableError
from tools.store.slate import parse_take, slate_name
from tools.workflows.shots.decide.picks import reject as reject_takes
from tools.workflows.shots.plan.revise_shot import RevisedShot, revise_shot
from tools.workflows.shots.shoot.shoot_shots import DrawnAs, start_shoot

_FIELDS = {"free_words": "other words"}


class Reject(Contract):
    """The director refuses these takes; the note shapes the next one."""

    takes: tuple[TakeName, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)
    note: Phrase | None = Field(default=None, description="What is wrong, in the director's words.")
    again: bool = Field(default=False, description="Draw the shot again at once.")
    keep_anchor: bool = Field(
        default=False,
        description="For a note against the identity block: draw again with the anchor as it is.",
    )


def reject(arguments: Reject, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Mark takes as rejected, revise their shots by the note, and draw again when asked.

    A shot of which several takes are refused with one note is revised once. Words against the
    identity block change nothing and start nothing: the two remedies are named instead.

    Raises:
        BadInput: a number that was not shown, or a take without a picture.
        UnknownName: there is no such take.
        Refused: the speaker is a reviewer.
    """
    services, production = context.services, context.production
    takes = take_slates(context, arguments.takes)
    note = arguments.note or ""
    decided = reject_takes(services, production, takes, context.speaker, note)
    lines = [f"Rejected {listed(list(decided.takes))}."]
    if decided.lost:
        lines.append(f"{listed(list(decided.lost))} was the pick of its shot and is not any more.")
    shots = list(dict.fromkeys(_shot_of(take) for take in takes))
    revised = [
        revise_shot(services, production, slate, note, keep_anchor=arguments.keep_anchor)
        for slate in shots
        if note
    ]
    for each in revised:
        lines += _said(each)
    against = [each.slate for each in revised if each.revision.identity]
    jobs: tuple[str, ...] = ()
    if arguments.again:
        wanted = [slate for slate in shots if slate not in against]
        taken = {_shot_of(take) for take in takes if take not in decided.sketches}
        sketched = {_shot_of(take) for take in decided.sketches} - taken
        jobs = _again(context, [slate for slate in wanted if slate not in sketched], "take", lines)
        jobs += _again(context, [slate for slate in wanted if slate in sketched], "sketch", lines)
    return Answer(text="\n".join(lines), jobs=jobs[:MOST_JOBS])


def _card(arguments: Reject, _context: ChatContext) -> str:
    return f"Refuse {', '.join(arguments.takes)} and draw again."


def _draws(arguments: Reject) -> bool:
    return arguments.again


def _shot_of(take: str) -> str:
    scene, ordinal, _ = parse_take(take)
    return slate_name(scene, ordinal)


def _again(
    context: ChatContext, slates: list[str], drawn_as: DrawnAs, lines: list[str]
) -> tuple[str, ...]:
    """Start the shoot; a refused sketch is sketched again. What keeps it from starting is said."""
    if not slates:
        return ()
    try:
        jobs = start_shoot(
            context.services, context.jobs, context.production, slates, None, drawn_as
        )
    except FixableError as error:
        lines.append(f"Not drawn again: {error}.")
        return ()
    for job_id in jobs:
        context.started(job_id)
    verb, made = ("Sketching", "sketches") if drawn_as == "sketch" else ("Drawing", "takes")
    lines.append(
        f"{verb} {listed(slates)} again with another seed was started; "
        f"the {made} are shown here when they are done."
    )
    return tuple(jobs)


def _said(revised: RevisedShot) -> list[str]:
    revision = revised.revision
    if revision.identity:
        return [_remedies(revised)]
    lines: list[str] = []
    if revision.changes:
        names = [each.character for each in revision.shot.cast]
        changes = "; ".join(_changed(change, names) for change in revision.changes)
        lines.append(f"{revised.slate}: {changes}.")
    else:
        lines.append(f"{revised.slate} stays as it was planned; the note changed nothing in it.")
    if revised.scene_part:
        lines.append(f"The next prompt's scene part: “{revised.scene_part}”.")
    lines += _of_base(revised)
    if revision.light_kept:
        who = revision.shot.cast[0].character
        lines.append(
            f"The anchor goes on saying that {who} is lit by {revision.light_kept}; "
            f"name a light “on {who}” to change that."
        )
    if revision.unused:
        unused = listed([f"“{words}”" for words in revision.unused])
        lines.append(f"Nothing was changed by {unused}.")
    return lines


def _of_base(revised: RevisedShot) -> list[str]:
    lines = [
        f"{revised.base} has no word for {words}; the picture will not show it."
        for words in revised.unknown_to_base
    ]
    return [
        *lines,
        *(f"{revised.base} says “{used}” for “{said}”." for said, used in revised.said_otherwise),
    ]


def _remedies(revised: RevisedShot) -> str:
    cast = revised.revision.shot.cast
    who = cast[0].character if cast else "the character"
    return (
        f"{revised.slate}: “{revised.revision.identity}” is about what {who}'s identity block or look "
        "holds, so nothing was changed and nothing is drawn. Two remedies: draw again with the anchor "
        "as it is, or change the look or the identity block, which asks you first. Which one?"
    )


def _changed(change: Change, names: list[str]) -> str:
    field = f"light on {' and '.join(names)}" if change.field == "cast.light" else change.field
    field = _FIELDS.get(field, field)
    if change.old is None:
        return f"{field} set to {change.new}"
    if change.new is None:
        return f"{field} taken out ({change.old})"
    return f"{field} changed from {change.old} to {change.new}"


TOOL = ChatTool("reject", Reject, reject, card=_card, draws=_draws)
