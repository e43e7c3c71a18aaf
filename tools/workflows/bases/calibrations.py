"""Thresholds by name: the studio's own, else those that ship."""

from __future__ import annotations

from pydantic import ValidationError

from tools.contracts.verdicts import Calibration
from tools.errors import BadInput
from tools.qc.calibration import load_calibration
from tools.services import Services


def find_calibration(services: Services, name: str) -> Calibration:
    """Return a calibration made by `samecast calibrate`, else a shipped one.

    Raises:
        UnknownName: neither has this name.
        BadInput: the studio's file is damaged.
    """
    own = services.settings.home / "calibrations" / f"{name}.json"
    if not own.is_file():
        return load_calibration(name)
    try:
        return Calibration.model_validate_json(own.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise BadInput(f"{own} is damaged; run `samecast calibrate` again") from error
