from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.filled_studio import PASSED, REJECTED, picture, shot, trained
from tests.support.micro_studio import frame
from tools.contracts.learning import LoraMade
from tools.contracts.photography import Framing
from tools.contracts.shooting import CharacterAdapter, ShootRequest, ShootResult, Taken
from tools.contracts.verdicts import GateReport, Outcome, Verdict
from tools.imaging.sheets import Tone
from tools.services import Services
from tools.workflows.demo.finished_run import FinishedRun
from tools.workflows.demo.run_sheets import take_cells, write_sheets
from tools.workflows.people.characters import LoadedCharacter


def taken(services: Services, slate: str, tries: int, take: str, verdict: Verdict) -> Taken:
    return Taken(
        slate=slate,
        tries=tries,
        take=take,
        framing=Framing.CLOSE_UP,
        prompt="Daro, close-up, SAME Daro: tan skin; lit by moonlight",
        seed=tries,
        digest=picture(services, take, tries, 64),
        verdict=verdict,
        embedding=None if verdict.csfd_own is None else (1.0, 0.0),
    )


def run(services: Services, daro: LoadedCharacter, takes: tuple[Taken, ...]) -> FinishedRun:
    version = trained(services, base="maquette", frames=[frame(2, n) for n in (0, 5)])
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    return FinishedRun(
        character=daro,
        way="photos",
        reference_set_id=version.reference_set_id,
        gate=GateReport(
            verdict=Outcome.PASS, csfd_mean=0.0, csfd_worst=0.0, threshold=0.05, images=()
        ),
        lora=LoraMade(
            lora_version_id=version.id,
            version=1,
            base="maquette",
            digest=version.digest,
            kohya_digest=None,
            steps=10,
            seconds=1.0,
            samples_per_s=1.0,
            delta_rms=0.1,
            weak=None,
            identity_score=None,
            losses=(0.3, 0.2),
        ),
        shoot=ShootRequest(
            production="studio",
            base="maquette",
            adapter=adapter,
            shots=(shot("1A"), shot("2A")),
            seed=1,
        ),
        takes=ShootResult(takes=takes),
        base_takes=ShootResult(takes=(taken(services, "1A", 1, "1A base", REJECTED),)),
        stages=(),
    )


def sheet(folder: Path) -> tuple[int, int]:
    with Image.open(folder / "contact_sheet.png") as drawn:
        return drawn.size


def test_a_run_leaves_its_sheet_its_distances_and_its_curve(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    few = (taken(services, "1A", 1, "1A T1", REJECTED), taken(services, "1A", 2, "1A T2", PASSED))
    write_sheets(services, run(services, daro, few), tmp_path / "few")
    few_out = tmp_path / "few"
    files = sorted(path.relative_to(few_out).as_posix() for path in few_out.rglob("*.png"))
    assert files == ["contact_sheet.png", "distances.png", "lora/training.png"]
    shots = tuple(taken(services, f"{n}A", 1, f"{n}A T1", PASSED) for n in range(1, 9))
    write_sheets(services, run(services, daro, shots), tmp_path / "many")
    wider, taller = (
        many > few for many, few in zip(sheet(tmp_path / "many"), sheet(few_out), strict=True)
    )
    assert (wider, taller) == (True, True), "ten cells in rows of four, where three were in one"
    more = (*few, taken(services, "1A", 3, "1A T3", REJECTED))
    write_sheets(services, run(services, daro, more), tmp_path / "more")
    assert sheet(tmp_path / "more") == sheet(few_out), "one take of a shot is shown"


def test_takes_are_shown_by_verdict_with_one_reason_and_without_those_of_the_base(
    services: Services, daro: LoadedCharacter
) -> None:
    turned = "distance 0.080 to the character, threshold 0.059; the face is turned away: look at it"
    malformed = "malformed: hardly formed like a head (sureness 0.10, 0.38 is needed)"
    to_look_at = Verdict(outcome=Outcome.REVIEW, reasons=(turned, "another"), csfd_own=0.08)
    broken = Verdict(outcome=Outcome.REJECT, reasons=(malformed,), malformed=True)
    takes = (
        taken(services, "1A", 1, "1A T1", broken),
        taken(services, "1B", 1, "1B T1", to_look_at),
        taken(services, "2A", 1, "2A T1", broken),
        taken(services, "2A", 2, "2A T2", PASSED),
    )
    cells = take_cells(services, run(services, daro, takes))
    assert [(cell.title, cell.tone) for cell in cells] == [
        ("2A T2, close-up", Tone.PASS),
        ("1B T1, close-up", Tone.REVIEW),
        ("1A T1, close-up", Tone.REJECT),
    ]
    assert [cell.lines for cell in cells[1:]] == [
        ("distance 0.080 to the character, threshold 0.059",),
        ("malformed: hardly formed like a head",),
    ]
