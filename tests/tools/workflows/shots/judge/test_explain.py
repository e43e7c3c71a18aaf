from __future__ import annotations

import pytest

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.contracts.verdicts import Calibration, Outcome, Verdict
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.store.shot import get_shot
from tools.store.take import TakeCreate, add_take
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.explain import Explanation, explain_take, explanation_lines

LIMIT = Calibration(
    name="maquette",
    embedder="e",
    detector="d",
    threshold=0.05,
    origin="calibrated on people",
    false_accept_rate=0.02,
    copy_distance=0.01,
)


def explanation(verdict: Verdict, **more: object) -> Explanation:
    values = {"take": "12A T1", "character": "Daro", "digest": "a" * 64, "calibration": LIMIT}
    return Explanation.model_validate(values | {"verdict": verdict} | more)


def test_every_number_is_said_with_what_it_means() -> None:
    verdict = PASSED.model_copy(update={"csfd_own": 0.04})
    lines = explanation_lines(explanation(verdict, stranger="cast-3", stranger_distance=0.3))
    assert lines[0].startswith("12A T1 is a pass: ")
    assert lines[1].startswith(
        "Distance to Daro: 0.040, which is 0.80 of the threshold 0.050 for e, calibrated on people "
        "(2 % of strangers would pass)."
    )
    assert "up to 1.15 is for a person to decide" in lines[1]
    assert lines[2].startswith("Nearest reference image: 0.020")
    assert lines[3] == (
        "Nearest stranger: cast-3 at 0.300, mean of the strangers 0.200; "
        "the face is nearer to Daro."
    )
    assert lines[4] == "Faces found: 1, where one was asked for."
    assert lines[5] == "Copy check: it repeats no picture of the reference set."


def test_no_face_a_small_face_a_copy_and_a_stranger_are_said() -> None:
    assert "Distance to Daro: none, because no single face could be read" in " ".join(
        explanation_lines(explanation(REJECTED))
    )
    odd = PASSED.model_copy(
        update={
            "outcome": Outcome.REVIEW,
            "small_face": True,
            "copy_of": "reference 2",
            "nearest": "cast-3",
        }
    )
    said = " ".join(explanation_lines(explanation(odd, stranger="cast-3", stranger_distance=0.01)))
    assert "the face is nearer to cast-3 than to Daro" in said
    assert "it is small, so that its distance counts in no mean" in said
    assert "Copy check: it nearly equals reference 2, so it shows nothing new." in said


def test_a_take_whose_set_is_not_known_is_explained_from_its_row(
    services: Services, daro: LoadedCharacter
) -> None:
    plan(services, shot("12A"))
    takes(services, shot("12A"), [PASSED])
    found = explain_take(services, "studio", "12A T1")
    assert (found.take, found.character) == ("12A T1", "Daro")
    assert found.verdict.csfd_own == PASSED.csfd_own
    assert found.calibration.name == "maquette"
    assert found.stranger is None


def test_what_was_not_judged_has_no_explanation(services: Services, daro: LoadedCharacter) -> None:
    plan(services, shot("12A"))
    with services.database.session() as session:
        row = get_shot(session=session, production_id=daro.production_id, slate="12A")
        create = TakeCreate(shot_id=row.id, key="k", prompt="Daro", seed=1, request="{}")
        add_take(session=session, take=create)
    with pytest.raises(BadInput, match="12A T1 was not judged yet; wait until its shoot has ended"):
        explain_take(services, "studio", "12A T1")
    with pytest.raises(UnknownName, match="no take 12A T2; there are: 12A T1"):
        explain_take(services, "studio", "12A T2")


def test_a_sketch_is_not_said_to_be_no_copy_since_nobody_looked() -> None:
    take, sketch = explanation(PASSED), explanation(PASSED, is_sketch=True)
    assert any(line.startswith("Copy check") for line in explanation_lines(take))
    assert not any(line.startswith("Copy check") for line in explanation_lines(sketch))
