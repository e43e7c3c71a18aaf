"""`samecast cast`: candidate faces for a character, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import Base, CalibrationName, CharacterName, Production, SeedOption, open_studio


def cast(
    name: CharacterName,
    production: Production = "studio",
    candidates: Annotated[int, typer.Option(min=1, max=12, help="Faces to draw.")] = 4,
    face: Annotated[
        int | None, typer.Option(min=1, help="Choose this one of them; sketches are drawn from it.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the sheets go to be looked at.")] = Path(
        "out/cast"
    ),
    base: Base = None,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Draw candidate faces, one character sheet each, and say whose portraits agree best."""
    from tools.contracts.casting import Candidates, CastingRequest
    from tools.imaging.pictures import write_atomically
    from tools.jobs.keys import job_key
    from tools.store.job import find_job
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.kinds import Kind
    from tools.workflows.people.characters import load_character
    from tools.workflows.people.face_choice import remember_casting, take_face

    studio = open_studio()
    drawn_with = base or studio.services.settings.base
    request = CastingRequest(
        production=production,
        character=name,
        base=drawn_with,
        candidates=candidates,
        seed=seed,
        calibration=calibration or calibration_of(studio.services, production, name, drawn_with),
    )
    with progress_bars() as watch:
        found = studio.worker.call(Kind.CAST, request, Candidates, watch=watch)
    for each in found.candidates:
        data = studio.services.files.read(each.sheet)
        write_atomically(out / f"{name}_{each.number}.png", data)
    character = load_character(studio.services, production, name)
    with studio.services.database.reading() as session:
        job = find_job(session=session, key=job_key(Kind.CAST, request))
    if job is not None:
        remember_casting(studio.services, character.id, job.id, seed)
    if face is not None:
        take_face(studio.services, character, face)
    if as_json:
        print_json(found)
        return
    print_table(
        f"candidates for {name} (sheets in {out})",
        ["face", "readable", "disagreement"],
        [
            [
                str(each.number),
                f"{sum(d is not None for d in each.distances)} of {len(each.distances)}",
                number(each.score),
            ]
            for each in found.candidates
        ],
    )
    if face is not None:
        say(f"Face {face} is chosen: samecast references {name} --face {face}, or shoot --sketch.")
    elif found.suggested is None:
        say("No sheet has two readable faces: cast again with another --seed.")
    else:
        say(f"Face {found.suggested} agrees best: samecast references {name} --face N to choose.")
