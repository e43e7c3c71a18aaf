"""Twelve briefs in twelve voices, each to a gated set of twenty: `python -m bench.briefs [--only ID ...] --out DIR`.

Every brief (`bench/data/briefs.yaml`) has a studio of its own. It goes the way of a person without opinions: the
words are read as `samecast create` reads them, the face whose portraits agree best is taken, the set is built by
the layers and gated as it is. `OUT/ID/sheet.png` is for the eye, `OUT/results.json` holds everything. A finished
brief is not run again; one that was cut is begun anew, so that its minutes are whole. Goal: nine of twelve pass
untouched, each within four minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bench.brief_sheets import write_brief_sheet
from tools.compose import Studio, build_studio
from tools.contracts.casting import LayerMade
from tools.contracts.model import Contract
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateReport, Outcome
from tools.errors import Refused
from tools.imaging.pictures import write_json
from tools.language.brief import parse_character
from tools.qc.gate import refusal_reasons
from tools.settings import Settings
from tools.workflows.bases.calibrations import calibration_of
from tools.workflows.people.create import CreatedCharacter, CreateRequest, create
from tools.workflows.people.face_choice import choose_face
from tools.workflows.sets.build.set_building import SetBuilder, SetOptions
from tools.workflows.sets.gate import gate_set
from tools.workflows.stages import StageRunner

BRIEFS = Path(__file__).parent / "data" / "briefs.yaml"
PRODUCTION, BASE = "briefs", "maquette"
SIZE, CANDIDATES, SEED = 20, 4, 1
"""What `samecast cast` and `samecast references` take where nobody says anything."""
WANTED_MINUTES, WANTED_PASSES = 4.0, 9


class BenchBrief(Contract):
    """One brief of the data."""

    id: str
    voice: str
    text: str


class BriefResult(Contract):
    """What came of one brief."""

    id: str
    name: str
    minutes: dict[str, float]
    """By step."""
    passed: bool
    csfd_mean: float | None
    csfd_worst: float | None
    images: int
    named: tuple[str, ...]
    """Why the gate refuses, image by image and as a whole."""
    not_drawn: tuple[str, ...]
    """Planned images that no try brought, with the reason."""
    drawn: int
    """Pictures that the set cost."""
    garment_asked: str
    garment_chosen: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        steps = ", ".join(f"{step} {minutes:.1f}" for step, minutes in self.minutes.items())
        verdict = "passes" if self.passed else "REFUSED"
        return (
            f"{self.id} ({self.name}): {sum(self.minutes.values()):.1f} min ({steps}); {verdict}, "
            f"mean {_number(self.csfd_mean)}, worst {_number(self.csfd_worst)}, {self.images} images of "
            f"{self.drawn} drawn; named: {'; '.join(self.named) or 'none'}; not drawn: "
            f"{'; '.join(self.not_drawn) or 'none'}; {self.garment_asked} -> {self.garment_chosen}"
        )


@dataclass
class _Clock:
    """Minutes by step."""

    minutes: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what runs inside to a step."""
        begun = time.monotonic()
        yield
        self.minutes[name] = round((time.monotonic() - begun) / 60, 2)


def read_briefs(only: Sequence[str] = ()) -> list[BenchBrief]:
    """Return the briefs, all or those that are named by id or number."""
    rows = yaml.safe_load(BRIEFS.read_text(encoding="utf-8"))
    briefs = [BenchBrief.model_validate(row) for row in rows]
    return [
        brief
        for number, brief in enumerate(briefs, start=1)
        if not only or brief.id in only or str(number) in only
    ]


def run_brief(brief: BenchBrief, folder: Path) -> BriefResult:
    """Take one brief from its words to the gate's answer, in a fresh studio."""
    shutil.rmtree(folder, ignore_errors=True)
    studio = build_studio(Settings(home=folder / "studio", database_url=None, base=BASE))
    clock = _Clock()
    with clock.step("create"):
        character = parse_character(brief.text)
        request = CreateRequest(brief=character, production=PRODUCTION, base=BASE)
        created = create(studio.services, request)
    builder = _builder(studio, created.name)
    with clock.step("cast"):
        found = builder.cast()
    try:
        face = choose_face(found, None)
        with clock.step("build"):
            state = builder.layers(found)
    except Refused as refusal:
        return _refused(brief, created, clock, character.wardrobe, str(refusal))
    assert state.finished is not None
    with clock.step("gate"):
        judged = GateRequest(
            reference_set_id=state.finished.reference_set_id, calibration=builder.options.calibration
        )
        report = gate_set(studio.services, judged, ignore_progress)
    write_brief_sheet(studio.services, folder / "sheet.png", brief.text, found, face, state.made, report)
    return _result(brief, created, clock, character.wardrobe, state.made, report)
