"""Which bases have their heads checked, and by whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.support.micro_studio import WELL_READ, frame
from tests.support.readable_faces import ReadableFaces
from tools.contracts.photography import Framing
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.services import Services
from tools.workflows.bases.form import FormAsked, FormFound, look_at_form, open_form_check


def test_a_base_without_a_check_has_none(services: Services) -> None:
    row = services.catalog.row("maquette").model_copy(update={"form": None})
    assert open_form_check(services, row) is None


def test_the_maquettes_heads_are_checked_by_the_detector_of_drawn_people(
    services: Services,
) -> None:
    check = open_form_check(services, services.catalog.row("maquette"))
    assert check is not None
    assert check.seer.embedder == "drawn"
    flat = Image.fromarray(np.full((128, 128, 3), 90, np.uint8))
    close, far = check.look([flat, flat], [FormAsked(Framing.CLOSE_UP), FormAsked(Framing.FULL)])
    assert close.fault == "malformed: nothing in it is formed like a head"
    assert far == FormFound(sureness=0.0)


def test_how_sure_the_check_is_of_a_head_is_told_in_its_bars(services: Services) -> None:
    check = open_form_check(services, services.catalog.row("maquette"))
    assert check is not None
    drawn = load_picture(frame(2, WELL_READ[0]))
    pictures, close_up = [drawn, Image.new("RGB", (128, 128), "grey")], FormAsked(Framing.CLOSE_UP)
    head, nothing = look_at_form(check, pictures, [close_up, close_up])
    assert head.sureness is not None
    assert head.sureness > 1
    assert nothing.sureness == 0
    assert look_at_form(None, pictures, [close_up, close_up]) == [FormFound(), FormFound()]


def test_an_embedder_that_cannot_tell_is_refused(services: Services) -> None:
    quick = replace(services, load_faces=lambda _name: ReadableFaces())
    row = services.catalog.row("maquette").model_copy(update={"form": "photo"})
    with pytest.raises(BadInput, match="embedder photo cannot tell a malformed head"):
        open_form_check(quick, row)
