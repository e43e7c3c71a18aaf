"""Who acts in a clause: names, pronouns and looks, followed through a scene.

Knows the cast and the order in which people were spoken of; must not know framings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from re import Match

from tools.contracts.briefs import Person
from tools.contracts.limits import MOST_IN_FRAME
from tools.contracts.planning import UnknownLook
from tools.contracts.shots import CharacterInShot
from tools.language.names import tidy_name, trigger_of
from tools.language.scene.rules import coverage_rules
from tools.language.scene.strangers import label_of, name_pattern, same_person, strangers_in

DEFAULT_LOOK = "default"
_PERSON_PRONOUN: Mapping[str, str] = {"woman": "she", "girl": "she", "man": "he", "boy": "he"}
_OPENING_PRONOUN = re.compile(
    r"(?i)^(?:[A-Za-z]+ly,? |then |now |and |but )?(?:her|his)\b|\b(?:she|he)\b"
)
_TOGETHER = re.compile(r"(?i)^(?:then |now |and )?(?:they|both|the two of them|together)\b")
_OBJECT = re.compile(
    r"\b(him|her)\b(?=\W*$|[.,;!?]|\s+(?:there|here|in|from|with|to|at|and|up|down|away|by|on|off|out)\b)"
)
_LOOK = r"(?:\s*\((?P<look>[^()]{1,60})\)|,?\s+in (?:the|her|his|their) (?P<worn>[\w' -]{1,50}?) look\b)?"
_NAMES_LOOK = re.compile(r"(?i)^(?:the |after |before |in |with |without |wearing |as )|look$")


@dataclass(frozen=True)
class Member:
    """Somebody of the cast with their looks."""

    name: str
    looks: tuple[str, ...]


@dataclass(frozen=True)
class ClauseCast:
    """Who is in a clause."""

    actors: tuple[str, ...]
    """Of the cast, in frame, the one who acts first."""
    leads: tuple[str, ...]
    """Those of them who act."""
    stranger: bool
    """Somebody else acts."""
    cut_at: int | None
    """Where the words reach somebody who is not in the cast."""


@dataclass
class Followed:
    """The people of a scene while it is read."""

    known: Sequence[str]
    looks: Mapping[str, Sequence[str]]
    persons: Mapping[str, Person]
    recent: list[str] = field(default_factory=list)
    """Everybody spoken of, cast or not, the last one who acted first."""
    pronouns: dict[str, str] = field(default_factory=dict)
    wearing: dict[str, str] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    unknown_looks: list[UnknownLook] = field(default_factory=list)

    def acting(self, clause: str, *, elided: bool) -> ClauseCast:
        """Say who acts in a clause; with an elided subject the last one goes on."""
        strangers = strangers_in(clause, self.known)
        mentions = self._mentions(clause)
        self._note_looks(clause)
        first_stranger = strangers[0].start if strangers else None
        opening = self._opening(clause, mentions, first_stranger, elided)
        seen = [name for name, _ in mentions]
        for stranger in strangers:
            self.ask_about(stranger.label)
        others = [name for name in seen if name not in opening]
        self._remember([*others, *(stranger.label for stranger in strangers)], opening)
        actors = [name for name in opening if name in self.known]
        acts_elsewhere = bool(opening) and not actors
        in_frame = tuple(dict.fromkeys([*actors, *others]))[:MOST_IN_FRAME]
        return ClauseCast(
            actors=() if acts_elsewhere else in_frame,
            leads=tuple(actors),
            stranger=acts_elsewhere,
            cut_at=first_stranger,
        )

    def ask_about(self, label: str) -> None:
        """Note somebody who is not in the cast, by the fullest name that is said."""
        for index, noted in enumerate(self.strangers):
            if same_person(noted, label):
                self.strangers[index] = max(noted, label, key=len)
                return
        self.strangers.append(label)

    def speaker(self, name: str) -> str | None:
        """Return the member of the cast who is cued in frame, and remember that they are there."""
        said = trigger_of(name).lower()
        found = next((each for each in self.known if trigger_of(each).lower() == said), None)
        self._remember([], [found or label_of(name)])
        return found

    def read_cast(self, said: str) -> None:
        """Read a list of names with their looks: `Mara (winter look), Jonah`."""
        self.acting(said, elided=False)
        known = {name.lower() for name in self.known}
        for part in said.replace(" and ", ",").split(","):
            label = tidy_name(part.partition("(")[0])
            if label and label.lower() not in known:
                self.ask_about(label_of(label))

    def last_actor(self) -> str | None:
        """Return the member of the cast who acted last."""
        return next((name for name in self.recent if name in self.known), None)

    def somebody(self, stranger: bool) -> tuple[str, ...]:
        """Return who is meant where nobody is named: the last one who acted, or the only one."""
        last = None if stranger else self.last_actor()
        only = self.known[0] if len(self.known) == 1 and not stranger else None
        return tuple(name for name in (last or only,) if name)

    def members(self) -> tuple[Member, ...]:
        """Return the cast with their looks, as a picture knows them."""
        return tuple(Member(name, tuple(self.looks.get(name, ()))) for name in self.known)

    def member(self, name: str) -> CharacterInShot:
        """Return a character with the look that the text has put on them by now."""
        return CharacterInShot(character=name, look=self.wearing.get(name, DEFAULT_LOOK))

    def wear(self, name: str, said: str, *, is_look: bool = False) -> None:
        """Put a look on somebody, when the text names one that they have."""
        folded = _folded_look(said)
        for look in self.looks.get(name, ()):
            if _folded_look(look) == folded:
                self.wearing[name] = look
                return
        if (is_look or _NAMES_LOOK.search(said)) and folded != DEFAULT_LOOK:
            missing = UnknownLook(character=name, look=said.strip()[:60])
            if missing not in self.unknown_looks:
                self.unknown_looks.append(missing)

    def _opening(
        self, clause: str, mentions: Sequence[tuple[str, int]], stranger: int | None, elided: bool
    ) -> list[str]:
        """Return who acts: the one that the clause opens with, of cast or not."""
        if elided and self.recent:
            return [self.recent[0]]
        if _TOGETHER.match(clause):
            return list(self.met)
        pronoun = _OPENING_PRONOUN.search(clause)
        named = min(
            [start for _, start in mentions] + ([] if stranger is None else [stranger]),
            default=len(clause),
        )
        if pronoun and pronoun.end() <= named:
            return self._resolved(coverage_rules().pronouns[pronoun[0].lower().split()[-1]])
        if stranger is not None and all(stranger < start for _, start in mentions):
            return [self._stranger(clause)]
        return _joined(clause, mentions)

    def _stranger(self, clause: str) -> str:
        """Return the stranger who acts; whom they act on is not themselves: `finds her there`."""
        label = strangers_in(clause, self.known)[0].label
        object_ = _OBJECT.search(clause)
        if object_:
            self.pronouns.setdefault(label, "he" if object_[1] == "her" else "she")
        return label

    def _resolved(self, pronoun: str) -> list[str]:
        """Return whom a pronoun means: the last who acted, but somebody known before `a waiter`."""
        sure = any(self._pronoun_of(name) == pronoun for name in self.recent)
        for name in self.recent:
            said = self._pronoun_of(name)
            if said is None and sure and name.islower():
                continue
            if said in (None, pronoun):
                self.pronouns[name] = pronoun
                return [name]
        fitting = [n for n in self.known if _PERSON_PRONOUN.get(self.persons.get(n, "")) == pronoun]
        return fitting if len(fitting) == 1 else []

    def _pronoun_of(self, name: str) -> str | None:
        return self.pronouns.get(name) or _PERSON_PRONOUN.get(self.persons.get(name, ""))

    def _mentions(self, clause: str) -> list[tuple[str, int]]:
        """Return the cast that a clause shows, with places; those only spoken of are left out."""
        found: list[tuple[str, int]] = []
        for name in self.known:
            match = name_pattern(name).search(clause)
            if match and not self._only_spoken_of(clause, match):
                found.append((name, match.start()))
        return sorted(found, key=lambda pair: pair[1])

    def _only_spoken_of(self, clause: str, match: Match[str]) -> bool:
        before = clause[: match.start()].lower().split()
        if clause[match.end() :].startswith("'s"):
            following = clause[match.end() + 2 :].lower().split()
            return not (set(following[:2]) & coverage_rules().parts)
        return bool(before) and before[-1] in coverage_rules().absent_leads

    def _note_looks(self, clause: str) -> None:
        for name in self.known:
            for match in re.finditer(name_pattern(name).pattern + _LOOK, clause):
                said = match["look"] or match["worn"]
                if said:
                    self.wear(name, said, is_look=bool(match["worn"]))

    def _remember(self, others: Sequence[str], opening: Sequence[str]) -> None:
        front = [*opening, *others]
        self.recent = list(dict.fromkeys([*front, *self.recent]))
        self.met.extend(name for name in front if name in self.known and name not in self.met)


def _joined(clause: str, mentions: Sequence[tuple[str, int]]) -> list[str]:
    """Return the names that act together: `Mara and Jonah walk`."""
    names: list[str] = []
    end = 0
    for name, start in mentions:
        if names and not re.fullmatch(r"\s*(?:\([^()]*\))?\s*(?:,|,? and|&)\s*", clause[end:start]):
            break
        names.append(name)
        end = start + len(name)
    return names


def _folded_look(words: str) -> str:
    low = words.lower().strip(" .,")
    return re.sub(r"^the\s+|\s+look$", "", low)
