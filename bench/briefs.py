"""Twelve briefs in twelve voices, each to a gated set: `python -m bench.briefs [--only ID ...] --out DIR`.

Every brief (`bench/data/briefs.yaml`) has a studio of its own. It goes the way of a person without opinions:
the words are read as `samecast create` reads them, the face whose portraits agree best is taken, the set of
twenty is built by the layers and gated as it is. `DIR/ID/sheet.png` is for the eye, `DIR/results.json` holds
everything. A finished brief is not run again; one that was cut is begun anew, so that its minutes are whole.
Goal: nine of twelve pass untouched, each within four minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bench.brief_sheets import write_brief_sheet
from tools.compose import Studio, build_studio
from tools.contracts.casting import CandidateFace, Candidates, LayerMade
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
from tools.workflows.people.create import CreateRequest, create
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
    identity_block: str
    garment_asked: str
    minutes: dict[str, float]
    """By step."""
    layers: tuple[LayerMade, ...]
    gate: GateReport | None
    refused: str | None
    """Why it came to no set; None when it was gated."""

    @property
    def passed(self) -> bool:
        """Whether the gate passes the set untouched."""
        return self.gate is not None and self.gate.verdict is Outcome.PASS

    @property
    def total(self) -> float:
        """Minutes of all steps."""
        return sum(self.minutes.values())

    @property
    def line(self) -> str:
        """All of it in one line."""
        steps = ", ".join(f"{step} {minutes:.1f}" for step, minutes in self.minutes.items())
        return (
            f"{self.id} ({self.name}): {self.total:.1f} min ({steps}); {self._verdict}; "
            f"not drawn: {'; '.join(self._not_drawn) or 'none'}; "
            f"garment {self.garment_asked or 'none'}, block “{self.identity_block}”"
        )

    @property
    def _verdict(self) -> str:
        if self.gate is None:
            return f"NO SET: {self.refused}"
        gate, drawn = self.gate, sum(layer.drawn for layer in self.layers)
        numbers = f"mean {gate.csfd_mean or 0:.3f}, worst {gate.csfd_worst or 0:.3f}"
        named = "; ".join(refusal_reasons(gate)) or "none"
        verdict = "passes" if self.passed else "REFUSED"
        return f"{verdict}, {numbers}, {len(gate.images)} images of {drawn} drawn; named: {named}"

    @property
    def _not_drawn(self) -> list[str]:
        return [
            f"{layer.layer} {gone.position} ({gone.reason})"
            for layer in self.layers
            for gone in layer.given_up
        ]


@dataclass
class _BriefMinutes:
    """Minutes by step, as they pass."""

    minutes: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.minutes[name] = round((time.monotonic() - begun) / 60, 2)


@dataclass
class _Way:
    """How far a brief has come when it ends, well or not."""

    face: CandidateFace | None = None
    layers: tuple[LayerMade, ...] = ()
    gate: GateReport | None = None
    refused: str | None = None


def read_briefs(only: Sequence[str] = ()) -> list[BenchBrief]:
    """Return the briefs, all or those that are named by id or by number from 1."""
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
    steps = _BriefMinutes()
    with steps.step("create"):
        words = parse_character(brief.text)
        request = CreateRequest(brief=words, production=PRODUCTION, base=BASE)
        created = create(studio.services, request)
    builder = _builder(studio, created.name)
    with steps.step("cast"):
        found = builder.cast()
    way = _build_and_gate(studio, builder, found, steps)
    sheet = folder / "sheet.png"
    write_brief_sheet(
        studio.services,
        sheet,
        found,
        way.face,
        way.layers,
        way.gate,
        title=" ".join(brief.text.split()),
    )
    return BriefResult(
        id=brief.id,
        name=created.name,
        identity_block=created.identity_block,
        garment_asked=", ".join(words.wardrobe),
        minutes=steps.minutes,
        layers=way.layers,
        gate=way.gate,
        refused=way.refused,
    )


def _builder(studio: Studio, name: str) -> SetBuilder:
    options = SetOptions(
        production=PRODUCTION,
        character=name,
        base=BASE,
        size=SIZE,
        seed=SEED,
        candidates=CANDIDATES,
        calibration=calibration_of(studio.services, PRODUCTION, name, BASE),
    )
    return SetBuilder(studio.services, StageRunner(studio.worker, ignore_progress), options)


def _build_and_gate(
    studio: Studio, builder: SetBuilder, found: Candidates, steps: _BriefMinutes
) -> _Way:
    way = _Way()
    try:
        way.face = choose_face(found, None)
        with steps.step("build"):
            state = builder.layers(found)
        assert state.finished is not None
        way.layers = state.made
        request = GateRequest(
            reference_set_id=state.finished.reference_set_id,
            calibration=builder.options.calibration,
        )
        with steps.step("gate"):
            way.gate = gate_set(studio.services, request, ignore_progress)
    except Refused as refusal:
        way.refused = str(refusal)
    return way


def result_of(brief: BenchBrief, out: Path) -> BriefResult:
    """Return a brief's result, from its folder where it was finished before."""
    path = out / brief.id / "result.json"
    if path.exists():
        return BriefResult.model_validate_json(path.read_text(encoding="utf-8"))
    result = run_brief(brief, out / brief.id)
    write_json(path, result.model_dump(mode="json"))
    return result


def main() -> None:
    """Run the briefs one after the other, a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=(), help="ids or numbers; default: all")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    results = []
    for brief in read_briefs(given.only):
        results.append(result_of(brief, given.out))
        print(results[-1].line, flush=True)
        write_json(given.out / "results.json", [each.model_dump(mode="json") for each in results])
    passed = sum(each.passed for each in results)
    slow = [each.id for each in results if each.total > WANTED_MINUTES]
    print(
        f"{passed} of {len(results)} pass (wanted {WANTED_PASSES} of {len(read_briefs())}); over "
        f"{WANTED_MINUTES:.0f} minutes: {', '.join(slow) or 'none'}"
    )


if __name__ == "__main__":
    main()
