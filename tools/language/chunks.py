"""Phrases of a sentence: a head word with what belongs to it on both sides.

Knows heads, modifiers and tails of the lexicon; must not know how phrases become a brief.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.language.lexicon import CharacterLexicon, SlotName
from tools.language.text import Word, join_words

_LONGEST_TAIL = 7
_NAMED_AFTER_PEOPLE = frozenset({"wardrobe", "headwear"})
_OF_THE_BODY: frozenset[SlotName] = frozenset({"hair", "eyes", "skin"})


@dataclass(frozen=True)
class Chunk:
    """A phrase that one slot takes; `first` and `last` index its words, `last` exclusive."""

    slot: SlotName
    phrase: str
    first: int
    last: int


@dataclass
class SentenceWords:
    """One sentence while its words are being given to slots."""

    words: list[Word]
    lexicon: CharacterLexicon
    taken: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with every word free."""
        self.taken = self.taken or [False] * len(self.words)

    def free_runs(self) -> list[str]:
        """Return what no slot took, as contiguous phrases trimmed of connective words."""
        runs: list[str] = []
        run: list[str] = []
        for index, word in enumerate(self.words):
            if self.taken[index] or word.is_mark:
                runs, run = [*runs, join_words(self._trimmed(run))], []
            else:
                run.append(word.text)
        runs.append(join_words(self._trimmed(run)))
        return [text for text in runs if text]

    def take(self, first: int, last: int) -> str:
        """Mark words as taken and return them as a phrase, connective words trimmed."""
        kept = [
            self._plain(word)
            for index, word in enumerate(self.words[first:last], start=first)
            if not (self.taken[index] or word.is_mark)
        ]
        for index in range(first, last):
            self.taken[index] = True
        return join_words(self._trimmed(kept))

    def _plain(self, word: Word) -> str:
        """Write a word small unless it may be a proper name: `White coat`, but `Kodak`."""
        return word.lower if self.lexicon.knows(word.lower) or word.text.isupper() else word.text

    def _trimmed(self, words: list[str]) -> list[str]:
        stop = self.lexicon.stop
        while words and words[0].lower() in stop:
            words = words[1:]
        while words and words[-1].lower() in stop:
            words = words[:-1]
        return words

    def _is_free(self, index: int) -> bool:
        return index < len(self.words) and not self.taken[index]

    def free_words_at(self, index: int, length: int) -> tuple[str, ...]:
        """Return so many words from an index in small letters, or nothing when one is taken."""
        if index + length > len(self.words) or any(self.taken[index : index + length]):
            return ()
        return tuple(word.lower for word in self.words[index : index + length])


class SentenceReader(SentenceWords):
    """Finds the phrases of one sentence."""

    def chunks(self) -> list[Chunk]:
        """Give every phrase to its slot, in reading order.

        Heads are read first, then single adjectives among what is left.
        """
        found = [*self._headed(), *self._compounds(), *self._lone()]
        return sorted(found, key=lambda chunk: chunk.first)

    def _headed(self) -> Iterator[Chunk]:
        index = 0
        while index < len(self.words):
            length, slot = self._head_at(index)
            if slot is None or self._head_at(index + length)[1] == slot:
                index += 1
                continue
            first = self._left_edge(index, slot)
            last = self._right_edge(index + length, slot)
            if self.words[index].lower in _OF_THE_BODY and first == index and last == index + 1:
                last = self._modifiers_after(last, slot)
            first -= self._is_negated(first)
            if self._is_complete(first, last, index, length):
                yield Chunk(slot, self.take(first, last), first, last)
                index = last
            else:
                index += 1

    def _modifiers_after(self, index: int, slot: SlotName) -> int:
        """Take adjectives that follow a bare head: `eyes blue as the sea`."""
        last = index
        modifiers = self.lexicon.slots[slot].modifiers
        while self._is_free(last) and self.words[last].lower in modifiers:
            last += 1
        if last == index or self._head_at(last)[1] is not None:
            return index
        return self._comparison_end(last)

    def _is_negated(self, first: int) -> bool:
        """Say whether `no` stands before a phrase, which it then opens: `no hair`."""
        return first > 0 and self.words[first - 1].lower == "no" and not self.taken[first - 1]

    def _head_at(self, index: int) -> tuple[int, SlotName | None]:
        """Return the number of words of the longest head that starts here, and its slot."""
        for length in (4, 3, 2, 1):
            key = self.free_words_at(index, length)
            slot = self.lexicon.head_slot.get(key) if key else None
            if slot is not None and not self._goes_on(key, index + length):
                return length, slot
        return 0, None

    def _goes_on(self, key: tuple[str, ...], after: int) -> bool:
        """Say whether a light word describes what follows it, as in `light brown hair`."""
        if key[-1] not in self.lexicon.ends_a_head or after >= len(self.words) or self.taken[after]:
            return False
        following = self.words[after]
        return not (following.is_mark or following.lower in self.lexicon.stop)

    def _is_complete(self, first: int, last: int, head: int, length: int) -> bool:
        """Some heads mean their slot only beside a certain word: `head` beside `shaved`."""
        around = {word.lower for word in self.words[first:last]}
        key = " ".join(word.lower for word in self.words[head : head + length])
        if key == "light":
            return first < head or last > head + length
        return all(
            around & set(needed)
            for slot in self.lexicon.slots.values()
            for needs_head, needed in slot.needs.items()
            if needs_head == key
        )

    def _left_edge(self, head: int, slot: SlotName) -> int:
        first = head
        while first > 0:
            if self._joins_left(first - 1, slot):
                first -= 1
            elif self._crosses_left(first - 1, slot):
                first -= 2
            else:
                break
        return first

    def _joins_left(self, index: int, slot: SlotName) -> bool:
        word = self.words[index]
        if self.taken[index] or word.is_mark:
            return False
        if word.lower in self.lexicon.slots[slot].modifiers:
            return True
        return word.lower not in self.lexicon.stop and not self._speaks_elsewhere(word.lower, slot)

    def _speaks_elsewhere(self, word: str, slot: SlotName) -> bool:
        """Say whether a word belongs to another slot, to a person or to a working role."""
        lexicon = self.lexicon
        key = (word,)
        is_person = word in lexicon.person or word in lexicon.roles
        return (
            (is_person and slot not in _NAMED_AFTER_PEOPLE)
            or lexicon.lone_slot.get(key, slot) != slot
            or lexicon.suffix_slot(word) is not None
            or word in lexicon.negations
            or lexicon.head_slot.get(key, slot) in _OF_THE_BODY - {slot}
        )

    def _crosses_left(self, index: int, slot: SlotName) -> bool:
        """Step over a comma or `and` when all that stands before it modifies this slot."""
        if index < 1 or self.taken[index] or self.words[index].lower not in {",", "and"}:
            return False
        segment = self._segment_before(index)
        modifiers = self.lexicon.slots[slot].modifiers
        return bool(segment) and all(
            word in modifiers and not self._speaks_elsewhere(word, slot) for word in segment
        )

    def _segment_before(self, index: int) -> list[str]:
        segment: list[str] = []
        for before in range(index - 1, -1, -1):
            word = self.words[before]
            if self.taken[before] or word.is_mark or word.lower in self.lexicon.stop:
                break
            segment.append(word.lower)
        return segment

    def _right_edge(self, index: int, slot: SlotName) -> int:
        rules = self.lexicon.slots[slot]
        if self._is_free(index) and self.words[index].lower in rules.after:
            return self._tail(index, slot)
        if index < len(self.words) and self.words[index].text == ",":
            return self._absorbed(index, slot)
        return index

    def _absorbed(self, comma: int, slot: SlotName) -> int:
        """Take a following `, grey,` when it holds nothing but modifiers of this slot."""
        last = comma + 1
        while last < len(self.words) and not (self.taken[last] or self.words[last].is_mark):
            word = self.words[last].lower
            known = word in self.lexicon.slots[slot].modifiers
            if not known or self._speaks_elsewhere(word, slot):
                return comma
            last += 1
        ended = last == len(self.words) or self.words[last].is_mark
        return last if ended and last > comma + 1 and slot not in ("marks", "build") else comma

    def _tail(self, start: int, slot: SlotName) -> int:
        last = start
        while last < len(self.words) and last - start < _LONGEST_TAIL:
            word = self.words[last]
            if self.taken[last] or word.is_mark or self._stops_tail(last, slot):
                break
            last += 1
            if slot == "marks" and word.lower in self.lexicon.body:
                break
        return last if self._tail_belongs(start, last, slot) else start

    def _stops_tail(self, index: int, slot: SlotName) -> bool:
        if self.words[index].lower not in self.lexicon.tail_stops:
            return False
        following = self.words[index + 1].lower if index + 1 < len(self.words) else ""
        return following not in self.lexicon.slots[slot].modifiers

    def _tail_belongs(self, start: int, last: int, slot: SlotName) -> bool:
        tail = [word.lower for word in self.words[start:last]]
        if all(word in self.lexicon.stop for word in tail):
            return False
        if tail[0] == "in" and slot == "hair":
            return any(
                word in self.lexicon.hair_gathered or self.lexicon.head_slot.get((word,)) == "hair"
                for word in tail
            )
        return not any(
            self.lexicon.head_slot.get((word,), slot) != slot and word not in self.lexicon.body
            for word in tail
        )

    def _compounds(self) -> Iterator[Chunk]:
        for index, word in enumerate(self.words):
            slot = None if self.taken[index] else self.lexicon.suffix_slot(word.lower)
            if slot is not None and (word.lower,) not in self.lexicon.lone_slot:
                yield Chunk(slot, self.take(index, index + 1), index, index + 1)

    def _lone(self) -> Iterator[Chunk]:
        index = 0
        while index < len(self.words):
            length, slot = self._lone_at(index)
            if slot is None:
                index += 1
                continue
            last = index + length
            while self._lone_at(last)[1] == slot and slot in ("build", "skin"):
                last += self._lone_at(last)[0]
            last = self._comparison_end(last)
            yield Chunk(slot, self.take(index, last), index, last)
            index = last

    def _comparison_end(self, index: int) -> int:
        """Take in a comparison: `pale as paper`, `thin as a rake`."""
        if index >= len(self.words) or self.words[index].lower != "as" or self.taken[index]:
            return index
        last = index + 1
        while self._is_free(last) and last - index <= 3 and not self.words[last].is_mark:
            last += 1
            if self.words[last - 1].lower not in self.lexicon.stop:
                break
        return last

    def _lone_at(self, index: int) -> tuple[int, SlotName | None]:
        before = self.words[index - 1].lower if index else ""
        if before in {"too", *self.lexicon.negations} or before.endswith("n't"):
            return 0, None
        for length in (2, 1):
            key = self.free_words_at(index, length)
            if key and key in self.lexicon.lone_slot:
                return length, self.lexicon.lone_slot[key]
        return 0, None
