"""`create_character`: a brief in the director's own words becomes a character."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import base_name, listed, replaced_words, taken_out
from agent.toolkit.tool import ChatTool, Words
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.language.brief import parse_character
from tools.language.syntax import clean
from tools.store.character import find_character
from tools.workflows.digest import production_row
from tools.workflows.people.create import CreatedCharacter, CreateRequest, create


class CreateCharacter(Contract):
    """A new character from a brief in the director's own words."""

    brief: Words
    name: Name | None = Field(default=None, description="Only when the director said one.")


def create_character(
    arguments: CreateCharacter, context: ChatContext, _watch: ProgressSink
) -> Answer:
    """Store a character and say what was understood.

    Raises:
        BadInput: the brief says nothing or contradicts itself, or the name is taken.
    """
    brief = parse_character(arguments.brief, name=arguments.name)
    row = production_row(context.services, context.production)
    with context.services.database.reading() as session:
        known = find_character(session=session, production_id=row.id, name=brief.name)
    created = create(
        context.services,
        CreateRequest(brief=brief, production=context.production, base=base_name(context)),
    )
    first = (
        f"{created.name} is in the cast already, with this very brief."
        if known is not None
        else f"{created.name} is in the cast: {created.subject}."
    )
    invented = (
        [f"Nobody was named, so {created.name} is a working name."]
        if brief.name_is_invented and known is None
        else []
    )
    syntax = taken_out(clean(arguments.brief).removed)
    return Answer(text=" ".join([first, *invented, *_words(created), *syntax]))


def _words(created: CreatedCharacter) -> list[str]:
    said = [f"Identity block: “{created.identity_block}”."]
    if created.trigger != created.name:
        said.insert(0, f"In prompts and captions {created.name} is written “{created.trigger}”.")
    said += replaced_words(created.replaced)
    left_out = [each.partition(": ")[2] or each for each in created.left_out]
    if left_out:
        said.append(f"The base cannot draw {_quoted(left_out)}; the brief keeps it.")
    unplaced = [words for words in created.free_words if words not in left_out]
    if unplaced:
        said.append(f"No slot took {_quoted(unplaced)}; kept as free words.")
    return said


def _quoted(phrases: list[str]) -> str:
    return listed([f"“{phrase}”" for phrase in phrases])


TOOL = ChatTool("create_character", CreateCharacter, create_character)
