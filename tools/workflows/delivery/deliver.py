"""Hand takes over: checked, judged again, matted, marked as generated, with report and manifest.

Knows the order of things and what is said of a take; must not choose takes (`delivery_plan`) nor draw.
Interrupted anywhere, it begins again from the stored pictures and gives the same folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.contracts.briefs import ProductionStyle
from tools.contracts.delivery import (
    DeliveredTake,
    DeliverRequest,
    DeliveryMade,
    DeliveryReport,
    DeliveryTake,
)
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.verdicts import Outcome, Verdict
from tools.errors import Refused
from tools.imaging.matte import matte, parse_ratio
from tools.imaging.pictures import (
    decode_picture,
    encode_png,
    load_picture,
    save_picture,
    write_atomically,
    write_json,
)
from tools.imaging.provenance import SOURCE_TYPE, generated_text
from tools.imaging.sheets import SheetCell, Tone, contact_sheet
from tools.services import Services
from tools.store.delivery import Delivery, DeliveryCreate, add_delivery, list_deliveries
from tools.store.production import Production, get_production
from tools.store.shot import Shot, is_in_film
from tools.store.take import take_of_slate
from tools.workflows.delivery.delivery_folder import (
    production_folder,
    take_file_name,
    whole_folder,
    write_manifest,
    zip_folder,
)
from tools.workflows.delivery.delivery_page import delivery_page
from tools.workflows.digest import style_words
from tools.workflows.shots.judge.shoot_judge import ShootJudge
from tools.workflows.shots.judge.take_evidence import (
    Evidence,
    evidence_of,
    judge_again,
    judge_of,
    stored_verdict,
    threshold_of,
)

if TYPE_CHECKING:
    from sqlmodel import Session

STAGE = "deliver"
TAKES = "takes"
MOST_LARGE_CELLS = 60
SHEET = "contact_sheet.png"
REPORT = "report.json"


@dataclass(frozen=True)
class Frame:
    """A picture as it was written; sizes are width and height in pixels."""

    file: str
    picture_size: tuple[int, int]
    size: tuple[int, int]


@dataclass(frozen=True)
class Judges:
    """One judge for each set, threshold and base, built when it is first needed."""

    services: Services
    known: dict[tuple[str | None, str, str | None], ShootJudge | None]

    def of(self, evidence: Evidence) -> ShootJudge | None:
        """Return the judge of a take, or None without a reference set."""
        key = (evidence.reference_set_id, evidence.calibration, evidence.base)
        if key not in self.known:
            self.known[key] = judge_of(self.services, evidence)
        return self.known[key]


def deliver(services: Services, request: DeliverRequest, progress: ProgressSink) -> DeliveryMade:
    """Write a delivery's folder and zip, and store that it was made.

    Raises:
        UnknownName: a take or its file is gone.
        Refused: a take is another picture than when the delivery was asked for, was omitted since, or
            was not judged; or the delivery's name was given twice.
        StorageFailed: a stored picture is damaged, or the disk did not take a file.
        Cancelled: from `progress`; nothing of the delivery is left.
    """
    with services.database.reading() as session:
        production = get_production(session=session, name=request.production)
        evidence = [_evidence(services, session, production.id, each) for each in request.takes]
    home = services.settings.home / "deliveries" / production_folder(production.name, production.id)
    folder = home / request.stamp
    _require_own(services, production, request, folder)
    judges = Judges(services, {})
    with whole_folder(folder) as part:
        lines: list[DeliveredTake] = []
        for each in evidence:
            progress(Progress(stage=STAGE, done=len(lines), total=len(evidence)))
            lines.append(_write_take(services, request, each, judges.of(each), part))
        report = _report(production, request, lines)
        write_json(part / REPORT, report.model_dump(mode="json"))
        write_atomically(part / "report.html", delivery_page(report).encode())
        sheet = contact_sheet_of(report, part)
        write_atomically(part / SHEET, sheet)
        manifest = write_manifest(part)
    archive = home / f"{home.name}_{request.stamp}.zip"
    zip_folder(folder, archive)
    progress(Progress(stage=STAGE, done=len(lines), total=len(lines)))
    row = _store(services, production, folder, archive, manifest)
    return DeliveryMade(
        delivery_id=row.id,
        folder=str(folder),
        zip=str(archive),
        manifest=manifest,
        takes=tuple(line.take for line in lines),
        contact_sheet=services.files.put_bytes(sheet, ".png").digest,
        not_passed=tuple(x.take for x in lines if x.verdict.outcome is not Outcome.PASS),
        changed=tuple(x.take for x in lines if x.verdict.outcome is not x.verdict_before),
    )


def contact_sheet_of(report: DeliveryReport, folder: Path) -> bytes:
    """Return the PNG of a delivery's contact sheet, from the files in its folder."""
    cells = [
        SheetCell(
            load_picture(folder / line.file),
            line.take,
            (line.character, _distance(line.verdict)),
            Tone(line.verdict.outcome.value),
        )
        for line in report.takes
    ]
    large = len(cells) <= MOST_LARGE_CELLS
    title = f"{report.production}, delivery {report.stamp} (AI-generated)"
    sheet = contact_sheet(cells, title=title, columns=4 if large else 8, side=256 if large else 160)
    return encode_png(sheet, generated_text(title, "contact sheet"))


def _require_own(
    services: Services, production: Production, request: DeliverRequest, folder: Path
) -> None:
    """Two deliveries asked for at once get the same name; the later one must not replace the other."""
    with services.database.reading() as session:
        rows = list_deliveries(session=session, production_id=production.id)
    report = folder / REPORT
    if not any(row.folder == str(folder) for row in rows) or not report.is_file():
        return
    made = DeliveryReport.model_validate_json(report.read_bytes())
    same_takes = [line.take for line in made.takes] == [asked.take for asked in request.takes]
    if not same_takes or made.aspect_ratio != request.aspect_ratio:
        raise Refused(f"another delivery {request.stamp} was made meanwhile; deliver again")


def _evidence(
    services: Services, session: Session, production_id: str, asked: DeliveryTake
) -> Evidence:
    take = take_of_slate(session=session, production_id=production_id, slate=asked.take)
    if not is_in_film(session=session, shot=session.get_one(Shot, take.shot_id)):
        raise Refused(f"{take.slate} was omitted after the delivery was asked for; deliver again")
    if take.digest != asked.digest:
        raise Refused(f"{take.slate} is another picture than when it was picked; deliver anew")
    if take.is_sketch:
        raise Refused(
            f"{take.slate} is a sketch, and a sketch is not delivered; make it real first"
        )
    if take.verdict is None:
        raise Refused(f"{take.slate} was not judged yet; wait until its shoot has ended")
    return evidence_of(services, session, take)


def _write_take(
    services: Services,
    request: DeliverRequest,
    evidence: Evidence,
    judge: ShootJudge | None,
    folder: Path,
) -> DeliveredTake:
    take = evidence.take
    verdict = judge_again(services, evidence, judge).verdict if judge else stored_verdict(take)
    limit = threshold_of(services, evidence)
    frame = _write_frame(services, request, evidence, folder)
    return DeliveredTake(
        file=frame.file,
        take=take.slate,
        character=evidence.character,
        prompt=take.prompt,
        seed=take.seed,
        base=evidence.base,
        lora_version=evidence.lora.version if evidence.lora else None,
        picture_size=frame.picture_size,
        frame_size=frame.size,
        verdict=verdict,
        judged_again=judge is not None,
        verdict_before=take.verdict,
        threshold=limit.threshold,
        threshold_origin=limit.origin,
        picked=take.picked_at is not None,
        note=take.note,
    )


def _write_frame(
    services: Services, request: DeliverRequest, evidence: Evidence, folder: Path
) -> Frame:
    """Write one picture, read from the store against its digest, into its frame."""
    take = evidence.take
    picture = decode_picture(services.files.read(str(take.digest)), take.slate)
    framed = matte(picture, parse_ratio(request.aspect_ratio))
    name = f"{TAKES}/{take_file_name(request.production, take.slate)}"
    words = f"{evidence.character}: {take.prompt.split(', SAME ')[0]}"
    save_picture(framed, folder / name, generated_text(f"{request.production} {take.slate}", words))
    return Frame(name, picture.size, framed.size)


def _report(
    production: Production, request: DeliverRequest, lines: list[DeliveredTake]
) -> DeliveryReport:
    return DeliveryReport(
        production=production.name,
        stamp=request.stamp,
        aspect_ratio=request.aspect_ratio,
        style=style_words(ProductionStyle.model_validate_json(production.style)),
        digital_source_type=SOURCE_TYPE,
        takes=tuple(lines),
    )


def _distance(verdict: Verdict) -> str:
    return "no readable face" if verdict.csfd_own is None else f"CSFD {verdict.csfd_own:.3f}"


def _store(
    services: Services, production: Production, folder: Path, archive: Path, manifest: str
) -> Delivery:
    """Store the delivery once, however often its job was begun."""
    with services.database.session() as session:
        for row in list_deliveries(session=session, production_id=production.id):
            if row.folder == str(folder):
                return row
        return add_delivery(
            session=session,
            delivery=DeliveryCreate(
                production_id=production.id,
                folder=str(folder),
                zip=str(archive),
                manifest=manifest,
            ),
        )
