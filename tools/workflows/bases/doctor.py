"""What works in this studio, what does not, and the command that mends it."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

from tools.contracts.bases import AnyBaseRow, BaseRow
from tools.contracts.embedders import EmbedderRow
from tools.contracts.memory import GB
from tools.contracts.model import Contract
from tools.embedders.table import PHOTO, embedder_files, embedder_row, embedder_rows, model_of
from tools.errors import SamecastError
from tools.services import Services
from tools.workflows.bases.calibrations import calibration_name, find_calibration
from tools.workflows.bases.memory_plans import plans_of

NEEDED_GB = 2.0
PACKAGES = ("torch", "diffusers", "peft", "deepface", "dlib-bin", "sqlmodel")


class HealthCheck(Contract):
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str
    how_to: str = ""
    """The command or step that mends it; empty when nothing is wrong."""


class Diagnosis(Contract):
    """Everything that was looked at; the studio works when the required ones are fine."""

    required: tuple[HealthCheck, ...]
    bases: tuple[HealthCheck, ...]
    abilities: tuple[HealthCheck, ...]
    """What each base could do on this device, installed or not."""
    embedders: tuple[HealthCheck, ...]
    """Every row of the embedder table; those that the studio's base needs are required too."""

    @property
    def healthy(self) -> bool:
        """Whether the main job can run on the embedded base."""
        return all(finding.ok for finding in self.required)


def diagnose(services: Services) -> Diagnosis:
    """Look at packages, device and its arithmetic, disk, face models, calibrations and bases."""
    return Diagnosis(
        required=(
            _packages(),
            _device(services),
            _arithmetic(services),
            _disk(services.settings.home),
            *(_eyes(services, row) for row in _rows_in_use(services)),
            _calibrations(services),
        ),
        bases=tuple(_base(services, row) for row in services.catalog.rows()),
        abilities=_abilities(services),
        embedders=tuple(_eyes(services, row) for row in embedder_rows().values()),
    )


def _packages() -> HealthCheck:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return HealthCheck(what=f"Python {platform.python_version()}", ok=True, detail=versions)


def _device(services: Services) -> HealthCheck:
    from tools.compute import device_facts, resolve_device

    try:
        facts = device_facts(resolve_device(services.settings.device))
    except SamecastError as error:
        how_to = f"{error}, unset it, or install a torch that knows it"
        return HealthCheck(what="device", ok=False, detail="not there", how_to=how_to)
    name = f"CPU, {os.cpu_count()} cores" if facts.kind == "cpu" else facts.name
    room = f"{facts.free / GB:.1f} of {facts.total / GB:.1f} GB free"
    return HealthCheck(what="device", ok=True, detail=f"{name}; {room}")


def _abilities(services: Services) -> tuple[HealthCheck, ...]:
    """Drawing and training with every base on a machine, as memory allows."""
    if not _device(services).ok:
        return ()
    rows = [row for row in services.catalog.rows() if isinstance(row, BaseRow)]
    return tuple(
        HealthCheck(
            what=f"{row.name}: {planned.task}",
            ok=planned.plan is not None,
            detail=planned.lines[0] if planned.plan else "does not fit",
            how_to=planned.refusal,
        )
        for row in rows
        for planned in plans_of(services, row.name)
    )


def _arithmetic(services: Services) -> HealthCheck:
    """In which numbers this machine computes, and what would be faster."""
    import torch

    from tools.compute import faster_than, pretraining_compute, resolve_device

    try:
        compute = pretraining_compute(resolve_device(services.settings.device))
    except SamecastError as error:
        return HealthCheck(what="arithmetic", ok=False, detail="no such device", how_to=str(error))
    faster = faster_than(compute)
    said = [compute.why, f"{faster} would be faster" if faster else ""]
    if compute.device.type == "cpu":
        said.append(f"{services.settings.threads or torch.get_num_threads()} threads")
    return HealthCheck(what="arithmetic", ok=True, detail="; ".join(filter(None, said)))


def _disk(home: Path) -> HealthCheck:
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free / 1e9
    how_to = "" if free >= NEEDED_GB else f"free {NEEDED_GB:.0f} GB, or set SAMECAST_HOME"
    detail = f"{free:.1f} GB free in {home}"
    return HealthCheck(what="disk", ok=not how_to, detail=detail, how_to=how_to)


def _rows_in_use(services: Services) -> list[EmbedderRow]:
    """The embedder of the studio's base; of photographs too, which everybody brings."""
    base = services.catalog.row(services.settings.base)
    return [embedder_row(name) for name in dict.fromkeys((base.embedder, PHOTO))]


def _eyes(services: Services, row: EmbedderRow) -> HealthCheck:
    what = f"face embedder {model_of(row, services.settings)}"
    try:
        where = embedder_files(row, services.settings)
    except SamecastError as error:
        return HealthCheck(what=what, ok=False, detail="not usable", how_to=str(error))
    return HealthCheck(what=what, ok=True, detail=f"{row.title}; {row.licence}; {where}")


def _calibrations(services: Services) -> HealthCheck:
    try:
        name = calibration_name(services, services.settings.base)
        ours = find_calibration(services, name)
    except SamecastError as error:
        how_to = f"{error}; unset SAMECAST_CALIBRATION, or run `samecast calibrate`"
        return HealthCheck(what="calibration", ok=False, detail="not usable", how_to=how_to)
    detail = f"{ours.name}: threshold {ours.threshold} for {ours.embedder}, {ours.origin}"
    return HealthCheck(what="calibration", ok=True, detail=detail)


def _base(services: Services, row: AnyBaseRow) -> HealthCheck:
    status = services.catalog.status(row.name)
    return HealthCheck(
        what=row.name,
        ok=status.usable,
        detail=f"{row.title}; {row.licence_line}; {status.reason}",
        how_to=status.how_to,
    )
