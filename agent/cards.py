"""What a person is shown before deciding on a call: rendered by the studio from the arguments.

The model's own words about a call are never part of it, so that a text which talks the model into a
call cannot also talk the person into it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from agent import arguments as asked
from agent.context import ChatContext
from agent.tools import check_arguments
from tools.contracts.model import Contract


def proposal_card(tool: str, arguments: Mapping[str, JsonValue], context: ChatContext) -> str:
    """Render what a call would do.

    Raises:
        BadInput: the arguments do not fit.
        FixableError: it cannot be done at all, as for a character that does not exist.
    """
    from agent.toolkit.change_character import describe_change
    from agent.toolkit.shoot import describe_shoot
    from agent.toolkit.train import describe_train

    typed = check_arguments(tool, arguments)
    match typed:
        case asked.ChangeCharacter():
            return describe_change(typed, context)
        case asked.Train():
            return describe_train(typed, context)
        case asked.Shoot():
            return describe_shoot(context.services, context.production, typed)
        case asked.AddPhotos(character=name, folder=str(folder)):
            return f"Read the pictures in {folder} on this computer, for {name}."
        case asked.AddBase(base=base):
            return f"Install the base {base}; its weights are several gigabytes."
        case _:
            return _drawing(typed)


def _drawing(typed: Contract) -> str:
    match typed:
        case asked.Cast(character=name, candidates=count):
            return f"Draw {count} candidate faces of {name}."
        case asked.BuildReferences(character=name, images=count):
            return f"Draw a reference set of {count} images of {name}."
        case asked.ReviewReferences(character=name):
            return f"Draw the next layer of {name}'s reference set."
        case asked.Reject(takes=takes):
            return f"Refuse {', '.join(takes)} and draw again."
        case _:
            return f"{type(typed).__name__}: {typed.model_dump_json(exclude_defaults=True)}"
