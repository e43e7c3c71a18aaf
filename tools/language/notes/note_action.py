"""The action that a note asks for, as a present participle: `have him hold it` is `holding it`.

Knows how directors ask for an action and how English makes participles; must not know a shot.
"""

from __future__ import annotations

import re

from tools.language.notes.note_rules import note_rules
from tools.language.notes.note_text import NoteText
from tools.language.scenes.whereabouts import without_setting

_WHO = r"(?:her|him|them|she|he|they|{names})"
_ASKED = (
    r"\b(?:have|let|make|get|want|like|need|see|rather have|prefer)\s+{who}\s+(?:to\s+)?(?:be\s+)?"
    r"(?P<verb>[a-z]+)",
    r"\b{who}\s+(?:should|could|must|needs to|has to|ought to|might|can)\s+"
    r"(?:be\s+|just\s+|rather\s+)*(?P<verb>[a-z]+)",
    r"\b{who}(?:'s|\s+is|\s+are)\s+(?P<verb>[a-z]+ing)\b",
    r"(?:^|[,.;]\s*|\band\s+|\bbut\s+)(?:maybe\s+|now\s+|just\s+|rather\s+|try\s+)*(?P<verb>[a-z]{2,}ing)\b",
)
_FAULT = re.compile(r"\b(?:wrong|bad|weird|strange|odd)\b", re.IGNORECASE)
_DOUBLED = re.compile(r"^(?:[^aeiou]*[aeiou][bdgmnprt])$")


def action_asked(note: NoteText, names: tuple[str, ...]) -> str | None:
    """Find the action that a note asks for, take its words and return it as a participle phrase."""
    for pattern in _patterns(names):
        for match in pattern.finditer(note.text):
            at = match.start("verb")
            verb = match["verb"].lower()
            _, end = note.piece_at(at)
            is_free = note.is_free(at, match.end("verb")) and not note.is_denied(at)
            if verb in note_rules().no_action or not is_free:
                continue
            end = min([end, *(start for start, _ in note.taken if start >= at)])
            if _FAULT.search(note.text[at:end]):
                continue
            phrase = without_setting(note.text[match.end("verb") : end]).strip()
            note.take(match.start(), end)
            return f"{participle(verb)} {phrase}".strip()
    return None


def take_denied_actions(note: NoteText) -> None:
    """Take what is not to be done beside what is: `not walking`."""
    for match in re.finditer(
        r"\b(?:not|instead of|rather than|stop)\s+[a-z]+ing\b", note.text, re.IGNORECASE
    ):
        if note.is_free(*match.span()):
            note.take(*match.span())


def participle(verb: str) -> str:
    """Return the present participle of a verb in its plain form; a participle comes back."""
    if verb.endswith("ing") and len(verb) > 4:
        return verb
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    if _DOUBLED.match(verb) and verb not in note_rules().not_doubled:
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"


def _patterns(names: tuple[str, ...]) -> list[re.Pattern[str]]:
    listed = "|".join(map(re.escape, names)) or "it"
    who = _WHO.replace("{names}", listed)
    return [re.compile(pattern.replace("{who}", who), re.IGNORECASE) for pattern in _ASKED]


def wears(words: str) -> bool:
    """Say whether a verb phrase puts clothes on or off."""
    low = words.lower()
    return any(re.search(rf"\b{re.escape(verb)}\b", low) for verb in note_rules().wear_verbs[:-1])
