"""`shoot`: draw takes or sketches of planned shots, or of shots that are described here."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from agent.answer import MOST_JOBS, Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    base_name,
    listed,
    sketch_note,
)
from agent.toolkit.shoot_report import shoot_report
from agent.toolkit.tool import ChatTool, always
from tools.contracts.digest import Slate
from tools.contracts.limits import MOST_AT_ONCE
from tools.contracts.model import Contract, Phrase
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.progress import ProgressSink
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.text import plural
from tools.services import Services
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.shots.cards.shot_card import card_text, shot_card
from tools.workflows.shots.plan.new_shots import preview_new_shots, store_new_shots
from tools.workflows.shots.shoot.in_frame import NO_SLATE, by_character
from tools.workflows.shots.shoot.shoot_shots import (
    DrawnAs,
    planned_shots,
    ready_adapter,
    start_shoot,
)

MOST_CARDS = 12


class ShotAsk(Contract):
    """One shot in the director's words; what was not said stays out."""

    framing: Framing = Framing.MEDIUM
    characters: tuple[CharacterInShot, ...] = Field(min_length=1, max_length=4)
    view: View | None = None
    expression: Expression | None = None
    action: Phrase | None = None
    place: Phrase | None = None
    light: Phrase | None = None
    lens: Phrase | None = None
    angle: Phrase | None = None


class ShootArguments(Contract, title="Shoot"):
    """Draw takes or sketches: of planned shots by slate, or of new shots described here.

    A sketch is drawn without a LoRA, to look at; it is never delivered.
    """

    slates: tuple[Slate, ...] = Field(default=(), max_length=MOST_AT_ONCE)
    shots: tuple[ShotAsk, ...] = Field(default=(), max_length=12)
    scene: int | None = Field(
        default=None, ge=1, le=9999, description="The scene of new shots; none takes the newest."
    )
    takes: int | None = Field(
        default=None, ge=1, le=10, description="Takes wanted of each shot; none leaves it to QC."
    )
    drawn_as: DrawnAs | None = Field(
        default=None,
        description="sketch: for a quick sketch; take: for a sketch that is to be made real. None draws "
        "takes of who has a LoRA and sketches of who has none yet.",
    )

    @model_validator(mode="after")
    def _something(self) -> ShootArguments:
        if not self.slates and not self.shots:
            raise ValueError("give the slates of planned shots, or describe a shot")
        return self


def shoot(arguments: ShootArguments, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Start the drawing of takes or sketches; they are reported when they are done.

    Raises:
        UnknownName: no such shot, character or look.
        BadInput: several people in a frame, or takes of somebody without a LoRA for the production's base.
    """
    services, production = context.services, context.production
    shots = _wanted(services, production, arguments)
    sketched = _sketched(services, production, shots, arguments.drawn_as)
    if arguments.shots:
        new = store_new_shots(services, production, _requests(arguments), arguments.scene)
        shots = [*shots[: len(shots) - len(new)], *new]
    slates = [shot.slate for shot in shots]
    jobs = start_shoot(
        services, context.jobs, production, slates, arguments.takes, arguments.drawn_as
    )
    for job_id in jobs:
        context.started(job_id)
    cards = _cards(services, production, shots, arguments, sketched)
    text = "\n\n".join([*cards, *_said_of(context, arguments, sketched), _started(shots, sketched)])
    return Answer(text=text, jobs=tuple(jobs[:MOST_JOBS]))


def describe_shoot(arguments: ShootArguments, context: ChatContext) -> str:
    """Return the shot cards of a shoot that is proposed; stores and starts nothing.

    Raises:
        UnknownName: no such shot, character or look.
        BadInput: as for the shoot itself.
    """
    services, production = context.services, context.production
    shots = _wanted(services, production, arguments)
    sketched = _sketched(services, production, shots, arguments.drawn_as)
    cards = _cards(services, production, shots, arguments, sketched)
    return "\n\n".join([*cards, *_said_of(context, arguments, sketched)])


def _wanted(services: Services, production: str, arguments: ShootArguments) -> list[ShotRequest]:
    """Planned shots, then new ones with the slates that they will get."""
    planned = planned_shots(services, production, arguments.slates) if arguments.slates else []
    if not arguments.shots:
        return planned
    new = preview_new_shots(services, production, _requests(arguments), arguments.scene)
    return [*planned, *new]


def _requests(arguments: ShootArguments) -> list[ShotRequest]:
    return [_request(ask) for ask in arguments.shots]


def _request(ask: ShotAsk) -> ShotRequest:
    return ShotRequest(
        slate=NO_SLATE,
        framing=ask.framing,
        view=ask.view,
        expression=ask.expression,
        action=ask.action,
        place=ask.place,
        light=ask.light,
        lens=ask.lens,
        angle=ask.angle,
        cast=ask.characters,
    )


def _sketched(
    services: Services, production: str, shots: Sequence[ShotRequest], drawn_as: DrawnAs | None
) -> list[str]:
    """Return who is drawn as a sketch, once everybody in the shots can be drawn."""
    row = production_row(services, production)
    adapters = [ready_adapter(services, row, name, drawn_as) for name in by_character(shots)]
    return [each.character for each in adapters if each.lora_version_id is None]


def _cards(
    services: Services,
    production: str,
    shots: Sequence[ShotRequest],
    arguments: ShootArguments,
    sketched: Sequence[str],
) -> list[str]:
    cards = [
        card_text(
            shot_card(
                services,
                production,
                shot,
                arguments.takes,
                as_sketch=shot.cast[0].character in sketched,
            )
        )
        for shot in shots[:MOST_CARDS]
    ]
    more = len(shots) - MOST_CARDS
    return [*cards, f"… and {plural(more, 'more shot')}."] if more > 0 else cards


def _said_of(context: ChatContext, arguments: ShootArguments, sketched: list[str]) -> list[str]:
    """Say why sketches are drawn where nobody asked for any."""
    if not sketched or arguments.drawn_as == "sketch":
        return []
    return [sketch_note(sketched, base_name(context))]


def _started(shots: Sequence[ShotRequest], sketched: Sequence[str]) -> str:
    parts = [
        f"{listed([shot.slate for shot in group])} of {name}"
        + (" as a sketch" if name in sketched else "")
        for name, group in by_character(shots).items()
    ]
    made = "pictures" if sketched else "takes"
    return f"Drawing {'; '.join(parts)} was started. The {made} are shown here when they are done."


TOOL = ChatTool(
    "shoot",
    ShootArguments,
    shoot,
    card=describe_shoot,
    draws=always,
    reports={Kind.SHOOT: shoot_report, Kind.SKETCH: shoot_report},
)
