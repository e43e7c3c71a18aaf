"""The linter's table: how a lemma becomes a pattern, and the contexts that decide."""

from __future__ import annotations

import pytest

from tools.language.prompt.lint_terms import (
    LintTerm,
    TermGroup,
    TermRow,
    TermTable,
    _term,
    term_table,
    terms,
)


def term(lemma: str, **rules: object) -> LintTerm:
    row = TermRow.model_validate({"lemma": lemma, **rules})
    return _term(TermGroup(reason="why", terms=(row,)), row, "hat|glove")


def goes(made: LintTerm, text: str) -> bool:
    return any(made.goes_at(text, match) for match in made.pattern.finditer(text))


@pytest.mark.parametrize(
    ("lemma", "text", "found"),
    [
        ("unreal engine", "Unreal-Engine 5 look", True),
        ("unreal engine", "unrealengine", True),
        ("unreal engine", "surreal engineers", False),
        ("4k", "a 4-k photo", True),
        ("4k", "$4k of gold", False),
        ("4k", "2.4k", False),
        ("render", "renders", True),
        ("render", "rendering", False),
        ("render", "#render", True),
        ("render", "pre-render", False),
    ],
)
def test_a_lemma_is_found_in_its_forms_only(lemma: str, text: str, found: bool) -> None:
    assert (term(lemma).pattern.search(text) is not None) is found


def test_a_lemma_of_words_that_must_stay_apart() -> None:
    assert not term("in game", joined=False).pattern.search("ingame")
    assert term("in game", joined=False).pattern.search("in-game")


@pytest.mark.parametrize(
    ("rules", "text", "goes_away"),
    [
        ({"unless_before": r"oil "}, "an oil render", False),
        ({"unless_before": r"oil "}, "a render in oil ", True),
        ({"unless_after": r" farm"}, "a render farm", False),
        ({"unless_near": ("kitchen",)}, "a render. The kitchen", True),
        ({"unless_near": ("kitchen",)}, "a render of the kitchen", False),
        ({"only_before": r"3d "}, "a 3d render", True),
        ({"only_before": r"3d "}, "a render", False),
        ({"only_after": r" farm"}, "render farm", True),
        ({"only_near": ("engine",)}, "render by an engine", True),
        ({"only_near": ("engine",)}, "render", False),
        ({"only_near": ("engine",), "only_before": r"3d "}, "3d render", True),
        ({"only_before": r"3d ", "only_after": r" farm"}, "3d render", False),
    ],
)
def test_the_context_decides(rules: dict[str, object], text: str, goes_away: bool) -> None:
    made = term("render", **rules)
    assert goes(made, text) is goes_away


def test_what_is_worn_stays() -> None:
    row = TermRow(lemma="neon")
    worn = _term(TermGroup(reason="why", worn=True, terms=(row,)), row, "hat|glove")
    assert not goes(worn, "a neon hat")
    assert not goes(worn, "a neon red glove")
    assert goes(worn, "a neon sign")


def test_a_bare_lemma_is_a_row_of_its_group() -> None:
    table = TermTable(
        wearables="hat", groups=(TermGroup(reason="r", terms=("a", TermRow(lemma="b"))),)
    )
    assert [(group.reason, row.lemma) for group, row in table.rows()] == [("r", "a"), ("r", "b")]


def test_every_term_of_the_table_is_searched_once_and_longer_ones_first() -> None:
    made = terms()
    together = [*made.syntax, *made.beside_others, *made.plain]
    assert len(together) == len(term_table().rows())
    for each in (made.plain, made.beside_others):
        lengths = [len(one.row.lemma) for one in each]
        assert lengths == sorted(lengths, reverse=True)


def test_every_plain_lemma_finds_itself() -> None:
    led = {group.reason for group in term_table().groups if group.led_by}
    deaf = [
        each.row.lemma
        for each in terms().plain
        if each.reason not in led and not each.pattern.search(each.row.lemma)
    ]
    assert deaf == []
