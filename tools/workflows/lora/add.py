"""Take a LoRA that was trained elsewhere for a character: read, stored, scored as any version.

Knows files, rows and what a file's header says of its origin; must not know layouts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tools.contracts.bases import BaseRow
from tools.contracts.learning import AddLoraRequest, LoraAdded
from tools.contracts.progress import ProgressSink
from tools.errors import BadInput
from tools.jobs.keys import job_key
from tools.services import Services
from tools.store.lora_version import LoraVersion, LoraVersionCreate, add_lora_version
from tools.workflows.bases.calibrations import calibration_of
from tools.workflows.drawing import Bill
from tools.workflows.kinds import Kind
from tools.workflows.lora.score import Scoring, identity_score
from tools.workflows.people.characters import load_character, newest_reference_set

if TYPE_CHECKING:
    from tools.backends.brought_in import BroughtIn

_OURS = "samecast_base"
_STATED_BASES = (_OURS, "ss_sd_model_name", "ss_base_model_version")
"""Keys of a file's header that name what it was trained on, the surest first."""
_LICENCE = "modelspec.license"
_LONGEST = 200


@dataclass(frozen=True)
class ForeignLora:
    """A file from elsewhere, for whom it is, and what is said of it."""

    path: Path
    production: str
    character: str
    base: str
    """That it is to draw on."""
    trained_on: str | None = None
    """Base that the director says it was trained on."""
    licence: str | None = None
    """What the director knows of its licence."""
    calibration: str | None = None
    """Threshold of its score; None takes the base's and the character's own."""


def ask_to_add(services: Services, lora: ForeignLora) -> AddLoraRequest:
    """Read a foreign file, store it in this program's form, and say what is to be done with it.

    Raises:
        BadInput: a file that is not understood or of another family of bases; or trained on a base whose
            adapters this one does not take.
        UnknownName: no such character, base or reference set.
        BaseUnavailable: the base is not installed: its layers are what names are held against.
        StorageFailed: the disk did not take it.
    """
    from tools.backends.brought_in import bring_in

    row = services.catalog.row(lora.base)
    chosen = newest_reference_set(services, lora.production, lora.character)
    found = bring_in(lora.path, row, services.catalog.folder(row.name))
    stated = _stated(found.adapter.header)
    trained_on = _trained_on(services, lora, row, stated)
    return AddLoraRequest(
        production=lora.production,
        character=lora.character,
        base=row.name,
        reference_set_id=chosen.id,
        digest=_stored(services, found),
        trained_on=trained_on,
        lineage=_lineage(lora, found, stated),
        licence=lora.licence or found.adapter.header.get(_LICENCE, "")[:_LONGEST] or None,
        calibration=lora.calibration
        or calibration_of(services, lora.production, lora.character, row.name),
    )


def _stored(services: Services, found: BroughtIn) -> str:
    from tools.training.lora.adapter import write_adapter

    with TemporaryDirectory(dir=services.settings.home) as folder:
        path = Path(folder) / "adapter.safetensors"
        header = {"samecast_from": found.digest}
        write_adapter(path, found.adapter.tensors, found.adapter.settings, header)
        return services.files.put_file(path).digest


def _stated(header: dict[str, str]) -> str | None:
    """What a file says that it was trained on, in its own words."""
    said = (header.get(key, "").strip()[:_LONGEST] for key in _STATED_BASES)
    return next((words for words in said if words.lower() not in ("", "unknown", "none")), None)


def _trained_on(
    services: Services, lora: ForeignLora, row: BaseRow, stated: str | None
) -> str | None:
    """A base's name where file or director give one, else the file's own words.

    Raises:
        UnknownName: the director names no base.
        BadInput: file and director name two bases, or one whose adapters the base does not take.
    """
    names = {each.name for each in services.catalog.rows()}
    by_file = stated if stated in names else None
    if lora.trained_on is not None:
        services.catalog.row(lora.trained_on)
        if by_file not in (None, lora.trained_on):
            raise BadInput(
                f"{lora.path.name} says that it was trained on {by_file}, not {lora.trained_on}; "
                "leave --trained-on out"
            )
    known = lora.trained_on or by_file
    taken = services.catalog.adapter_bases(row.name)
    if known is not None and known not in taken:
        raise BadInput(
            f"{lora.path.name} was trained on {known}; {row.name} draws with adapters of "
            f"{' and '.join(taken)}; choose another --base"
        )
    return known or stated


def _lineage(lora: ForeignLora, found: BroughtIn, stated: str | None) -> str:
    said = f'; it says that it was trained on "{stated}"' if stated else ""
    names = " and ".join(found.layouts)
    return (
        f"brought in from {lora.path.name[-_LONGEST:]}, sha256 {found.digest}, in the names of "
        f"{names}{said}"
    )


def add_lora(services: Services, request: AddLoraRequest, progress: ProgressSink) -> LoraAdded:
    """Score a stored adapter from elsewhere and make it the character's next version.

    Raises:
        UnknownName: no such character, or the file is not stored.
        BaseUnavailable: the base is not installed.
        Refused: the reference set has no readable face.
        Cancelled: from `progress`.
    """
    from tools.training.lora.strength import delta_rms, weak_adapter_reason

    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    path = services.files.path(request.digest)
    scoring = Scoring(
        services=services,
        bill=Bill(services, character.production_id, job_key(Kind.ADD_LORA, request)),
        character=character,
        row=row,
        reference_set_id=request.reference_set_id,
        calibration=request.calibration,
        seeds=request.score_seeds,
        steps=request.steps,
        progress=progress,
    )
    score, strength = identity_score(scoring, request.digest), delta_rms(path)
    version = _store(services, character.id, request, row, strength, score)
    return LoraAdded(
        lora_version_id=version.id,
        version=version.version,
        base=version.base,
        architecture=version.architecture,
        trained_on=version.trained_on,
        lineage=str(version.lineage),
        licence=version.licence,
        digest=version.digest,
        delta_rms=strength,
        weak=weak_adapter_reason(path, row),
        identity_score=score,
    )


def _store(
    services: Services,
    character_id: str,
    request: AddLoraRequest,
    row: BaseRow,
    strength: float,
    score: float | None,
) -> LoraVersion:
    with services.database.session() as session:
        return add_lora_version(
            session=session,
            lora=LoraVersionCreate(
                character_id=character_id,
                reference_set_id=request.reference_set_id,
                base=row.name,
                architecture=row.architecture,
                trained_on=request.trained_on,
                lineage=request.lineage,
                licence=request.licence,
                digest=request.digest,
                delta_rms=strength,
                score=score,
            ),
        )
