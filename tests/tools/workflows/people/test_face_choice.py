from __future__ import annotations

import pytest

from tools.contracts.casting import CandidateFace, Candidates
from tools.errors import BadInput, Refused
from tools.workflows.people.face_choice import choose_face, ranked_faces


def candidates(suggested: int | None) -> Candidates:
    return Candidates(
        candidates=tuple(
            CandidateFace(
                number=number, sheet=f"{number}" * 64, portraits=(), distances=(), score=None
            )
            for number in (1, 2, 3)
        ),
        suggested=suggested,
    )


def test_the_face_that_agrees_best_is_taken_when_nobody_chooses() -> None:
    assert choose_face(candidates(suggested=2), None).number == 2


def test_a_person_may_choose_another_face_or_one_that_could_not_be_measured() -> None:
    assert choose_face(candidates(suggested=2), 3).number == 3
    assert choose_face(candidates(suggested=None), 1).number == 1


def test_no_readable_sheet_and_no_choice_is_refused() -> None:
    with pytest.raises(Refused, match="no sheet has two portraits with a readable face; cast"):
        choose_face(candidates(suggested=None), None)


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_candidate_that_is_not_there_is_bad_input(number: int) -> None:
    with pytest.raises(BadInput, match=f"no candidate {number}; there are 1 to 3"):
        choose_face(candidates(suggested=1), number)


def test_faces_are_ranked_by_agreement_and_those_without_one_are_left_out() -> None:
    scores = {1: 0.08, 2: 0.06, 3: None, 4: 0.07}
    faces = tuple(
        CandidateFace(number=number, sheet="a" * 64, portraits=(), distances=(), score=score)
        for number, score in scores.items()
    )
    assert ranked_faces(Candidates(candidates=faces, suggested=2)) == [2, 4, 1]
    assert ranked_faces(Candidates(candidates=faces[2:3], suggested=None)) == []
