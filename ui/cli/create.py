"""`samecast create`: a character from a brief in plain words, a YAML file or a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, print_json, say
from ui.cli.studio import Base, Production, open_services

if TYPE_CHECKING:
    from tools.contracts.briefs import CharacterBrief
    from tools.workflows.people.create import CreatedCharacter


def create(
    brief: Annotated[str | None, typer.Argument(help="The brief in plain words.")] = None,
    name: Annotated[str | None, typer.Option(help="The character's name.")] = None,
    file: Annotated[Path | None, typer.Option(help="A brief as YAML.")] = None,
    from_bundle: Annotated[
        Path | None, typer.Option("--from", help="A bundle from another studio.")
    ] = None,
    production: Production = "studio",
    base: Base = None,
    embedder: Annotated[
        str | None,
        typer.Option(help="Who tells an animated or masked one apart; default: the base's."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a character from a brief, or open a bundle."""
    services = open_services()
    if from_bundle is not None:
        from tools.workflows.delivery.bundle import open_bundle

        opened = open_bundle(services, from_bundle, production=production)
        if as_json:
            print_json(opened)
        else:
            say(f"{opened.name}: {opened.references} references, LoRA v{opened.lora_version}")
        return
    from tools.language.syntax import clean
    from tools.workflows.people.create import CreateRequest
    from tools.workflows.people.create import create as run

    created = run(
        services,
        CreateRequest(
            brief=_seen_by(_read_brief(brief, file, name), embedder),
            production=production,
            base=base or services.settings.base,
        ),
    )
    if as_json:
        print_json(created)
    else:
        _show(created)
        for removal in clean(brief or "").removed:
            say(f"  taken out: {removal.term} ({removal.reason})")


def _read_brief(text: str | None, file: Path | None, name: str | None) -> CharacterBrief:
    from tools.errors import BadInput
    from tools.language.brief import parse_character
    from tools.language.brief_files import load_character_brief

    if (text is None) == (file is None):
        raise BadInput("give the brief either in words or as --file brief.yaml")
    if text is not None:
        return parse_character(text, name=name)
    assert file is not None
    return load_character_brief(file, name=name)


def _seen_by(brief: CharacterBrief, embedder: str | None) -> CharacterBrief:
    from tools.embedders.table import embedder_row

    if embedder is None:
        return brief
    return brief.model_copy(update={"embedder": embedder_row(embedder).name})


def _show(created: CreatedCharacter) -> None:
    from tools.language.prompt.identity import replacement_words

    say(f"{created.name}, {created.subject}")
    if created.trigger != created.name:
        say(f"  in prompts and captions: {created.trigger}")
    say(f"  identity block: {created.identity_block}")
    for each in created.replaced:
        say(f"  {each.slot}: {replacement_words(each)}")
    for words in created.left_out:
        say(f"  left out of prompts: {words}")
    if created.free_words:
        say(f"  kept as free words: {', '.join(created.free_words)}")
