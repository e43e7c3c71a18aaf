from __future__ import annotations

from tests.ui.page.conftest import Filled
from ui.page.views.bases import base_views


def test_bases_say_how_to_install_what_cannot_draw(filled: Filled) -> None:
    bases = {base.name: base for base in base_views(filled.studio.services, "maquette")}
    assert bases["maquette"].usable
    assert bases["maquette"].in_use
    assert not bases["sdxl"].usable
    assert "samecast base add sdxl" in bases["sdxl"].how_to
