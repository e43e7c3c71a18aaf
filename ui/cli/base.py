"""`samecast base`: the diffusion models that can be drawn with and trained on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, print_json, print_table, progress_bars, say
from ui.cli.studio import open_services, open_studio

if TYPE_CHECKING:
    from tools.contracts.bases import Sampler


def build_app() -> typer.Typer:
    """Return the sub-commands."""
    app = typer.Typer(help="Install bases and list them.", no_args_is_help=True)
    app.command("list")(list_bases)
    app.command("add")(add)
    app.command("plan")(plan)
    app.command("adapter")(adapter)
    app.command("maquette")(maquette)
    return app


def list_bases(as_json: AsJson = False) -> None:
    """List every base and whether it can be used."""
    catalog = open_services().catalog
    statuses = [catalog.status(row.name) for row in catalog.rows()]
    if as_json:
        print_json([status.model_dump(mode="json") for status in statuses])
        return
    print_table(
        "bases",
        ["base", "", "licence", "where or why not", "how to get it"],
        [[s.name, "ok" if s.usable else "--", s.licence, s.reason, s.how_to] for s in statuses],
    )


def add(
    name: Annotated[str, typer.Argument(help="A row of the table, or a new name.")],
    source: Annotated[
        str,
        typer.Argument(help="A checkpoint, a diffusers folder or a hub id owner/name[@revision]."),
    ],
    like: Annotated[str | None, typer.Option(help="Row whose settings a new name takes.")] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, max=100, help="Instead of the row's steps.")
    ] = None,
    guidance: Annotated[
        float | None, typer.Option(min=0, max=20, help="Instead of the row's guidance.")
    ] = None,
    sampler: Annotated[str | None, typer.Option(help="Instead of the row's sampler.")] = None,
    as_json: AsJson = False,
) -> None:
    """Install a base from a checkpoint in one file, a folder or the hub (safetensors only)."""
    from tools.contracts.bases import AddBaseRequest, BaseAdded, OwnSettings
    from tools.workflows.bases.install_base import next_request
    from tools.workflows.kinds import Kind

    studio = open_studio()
    own = OwnSettings(steps=steps, guidance=guidance, sampler=_sampler(sampler))
    place = Path(source).expanduser()
    request = AddBaseRequest(
        name=name, source=str(place.resolve()) if place.exists() else source, like=like, own=own
    )
    with progress_bars() as watch:
        studio.worker.call(
            Kind.ADD_BASE, next_request(studio.worker.store, request), BaseAdded, watch=watch
        )
    row = studio.services.catalog.row(name)
    if as_json:
        print_json(row)
    else:
        say(f"{row.name}: {row.title}; {row.licence_line}")
        say(f"Draws in {row.steps} steps at guidance {row.guidance:g} by {row.sampler.value}.")


def _sampler(named: str | None) -> Sampler | None:
    from tools.contracts.bases import Sampler
    from tools.errors import UnknownName

    known = {each.value: each for each in Sampler}
    if named is not None and named not in known:
        raise UnknownName(f"no sampler {named!r}; known: {', '.join(known)}")
    return known[named] if named is not None else None


def plan(
    name: Annotated[str, typer.Argument(help="A base on this machine; see `samecast base list`.")],
    card: Annotated[
        float | None, typer.Option(min=1, max=1024, help="GB of a card that is not here.")
    ] = None,
    preset: Annotated[str, typer.Option(help="fast or paper: how it would be trained.")] = "fast",
    as_json: AsJson = False,
) -> None:
    """Say what drawing and training with a base would take, and how it is made to fit."""
    from tools.architectures.registry import preset as find_preset
    from tools.workflows.bases.memory_plans import CardAsked, plans_of

    services = open_services()
    config = find_preset(preset, services.catalog.row(name))
    planned = plans_of(services, name, config, CardAsked(gb=card) if card else None)
    if as_json:
        print_json([each.model_dump(mode="json") for each in planned])
        return
    for each in planned:
        for line in each.lines:
            say(line)


def adapter(
    name: Annotated[str, typer.Argument(help="An installed base that is trained beside one.")],
    file: Annotated[
        Path | None, typer.Argument(help="The adapter, if it is here; else it is downloaded.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Get the adapter that a step-distilled base is trained beside; it is off when the base draws."""
    from tools.backends.training_adapters import install_training_adapter

    catalog = open_services().catalog
    with progress_bars(paced=True) as watch:
        place = install_training_adapter(catalog, name, file, watch)
    if as_json:
        print_json({"file": str(place)})
    else:
        say(f"{name} can be trained: {place}")


def maquette(
    source: Annotated[Path, typer.Option("--from", help="A folder with the new weights.")],
    as_json: AsJson = False,
) -> None:
    """Replace the embedded base by weights of the same architecture."""
    from tools.backends.shipped import replace_shipped
    from tools.contracts.bases import GUIDE_FOLDER

    folder = replace_shipped(source)
    if as_json:
        print_json({"folder": str(folder)})
    else:
        guide = "with its guide" if (source / GUIDE_FOLDER).is_dir() else "but for the guide"
        say(
            f"the maquette in {folder} was replaced by {source}, {guide}; commit it with its MODEL.md"
        )
