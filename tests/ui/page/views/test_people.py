from __future__ import annotations

from tests.support.filled_studio import trained
from tests.ui.page.conftest import Filled, link
from ui.page.views.people import character_views


def test_characters_show_brief_set_and_versions(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        (daro,) = character_views(session, filled.production_id, ["maquette"], link)
    assert ("eyes", "green eyes") in daro.slots
    assert [version.version for version in daro.versions] == [1]
    assert daro.versions[0].in_use
    assert "the gate was not asked" in daro.set_title


def test_the_version_in_use_is_one_of_the_base_that_draws(filled: Filled) -> None:
    services = filled.studio.services
    trained(services, base="micro", production="Harbour")
    with services.database.reading() as session:
        in_use = {
            base: [
                (version.base, version.in_use)
                for version in character_views(session, filled.production_id, [base], link)[
                    0
                ].versions
            ]
            for base in ("maquette", "micro", "sdxl")
        }
    assert in_use == {
        "maquette": [("maquette", True), ("micro", False)],
        "micro": [("maquette", False), ("micro", True)],
        "sdxl": [("maquette", False), ("micro", False)],
    }
