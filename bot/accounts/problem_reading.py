"""What a message tells, word by word: which meanings are in it, which of them are denied, and which only asked about.

In "có bị khóa không" nothing is locked yet; "vào được không" denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.accounts import problem_denials as denials
from bot.accounts.problem_denials import Hit, Token
from bot.accounts.problem_words import ASKS, PASSED_OVER, Entry, Words, marks_of, table
from bot.normalise import normal
from bot.text import fold

_CLAUSE = re.compile(r"[.,;:?!()\n\"“”…]+|\s[-–]\s")
_WORD = re.compile(r"\w+(?:['’]\w+)*")  # "K'Ho" is one word, and no "k"
_NEAR, _APART = 10, 2  # syllables between two meanings that belong together; what a comma adds
# What may follow the "không" that makes a sentence a question.
_PARTICLES = frozenset(
    "a ah ha nha nhi nhe vay the day ta ad em e anh chi c shop oi co chu bac hen he ne z v vs voi mn moi nguoi "
    "nua xin giup cam on luon".split()
)
_QUESTION = frozenset(("khong", "chua"))
_STILL = frozenset("van ma cung".split())
_ASKED = frozenset("bi mat sao".split())  # "có bị … không", "có mất … không": nothing of it has happened


@dataclass(frozen=True)
class Told:
    """A message: its words in one spelling, and where which meanings were found among them."""

    text: str
    places: dict[str, tuple[int, ...]]

    @cached_property
    def found(self) -> frozenset[str]:
        """All that was found."""
        return frozenset(self.places)

    @cached_property
    def about_account(self) -> bool:
        """Whether an account is spoken of, and not only something that may happen elsewhere, too."""
        return not table().about.isdisjoint(self.places)

    def near(self, one: str, other: str) -> bool:
        """Return whether two meanings stand near each other somewhere."""
        return any(abs(a - b) <= _NEAR for a in self.places.get(one, ()) for b in self.places.get(other, ()))


@lru_cache(maxsize=64)  # model, rules and actions look at the same message
def read(text: str) -> Told:
    """Return what a message tells."""
    words = table()
    clauses = [_tokens(clause, words) for clause in _CLAUSE.split(text.lower())]
    written = [token for clause in clauses for token in clause if token.marks is not None]
    marked = 5 * sum(bool(token.marks) for token in written) >= 2 * len(written)
    places: dict[str, list[int]] = {}
    start = 0
    for clause in clauses:
        for at, name in _found(clause, words, marked=marked):
            places.setdefault(name, []).append(start + at)
        start += len(clause) + _APART
    said = " ".join(token.text for clause in clauses for token in clause)
    return Told(said, {name: tuple(at) for name, at in places.items()})


def _tokens(clause: str, words: Words) -> list[Token]:
    tokens: list[Token] = []
    for word in _WORD.findall(clause):
        folded = fold(word)
        spelled = words.short.get(word) or (word if word.isdecimal() else normal(word))
        if word not in words.short and " " in spelled and folded in words.syllables:
            spelled = folded  # "samsung" is not two words
        parts = spelled.split()
        if len(parts) == 1:
            tokens.append(Token(spelled, frozenset((spelled, folded)), marks_of(word) if spelled == folded else None))
        else:
            tokens += [Token(part, frozenset((part,)), None) for part in parts]
    return tokens


def _found(tokens: list[Token], words: Words, *, marked: bool) -> Iterator[tuple[int, str]]:
    """Yield what is told in a clause: the place of its middle, and its name."""
    whole = len(tokens)
    tokens, asked = _without_question(tokens)
    if len(tokens) < whole:
        yield len(tokens), ASKS
    hits = _hits(tokens, words, marked=marked)
    for hit in hits:
        told = denials.meant(hit, hits, tokens, words) - {PASSED_OVER}
        if asked and asked[0] < hit.start <= asked[1]:
            told &= words.things  # what it is asked about is spoken of
        for name in told:
            yield (hit.start + hit.end) // 2, name
    for at, token in enumerate(tokens):
        if token.forms & denials.NOT:
            yield at, "khong"


def _without_question(tokens: list[Token]) -> tuple[list[Token], tuple[int, int] | None]:
    """Drop the "không" or "chưa" that only asks; return also what it asks about, when that has not happened."""
    for at in range(len(tokens) - 1, 0, -1):
        if not tokens[at].forms & _QUESTION:
            continue
        rest = tokens[at + 1 :]
        ends = all(token.forms & _PARTICLES for token in rest) or "hay" in rest[0].forms
        if "khong" in tokens[at].forms:
            if not ends and not ("duoc" in tokens[at - 1].forms and not rest[0].forms & denials.RESULT):
                continue
            begun = [i for i in range(at - 1) if "co" in tokens[i].forms and tokens[i + 1].forms & _ASKED]
            return tokens[:at] + rest, (begun[-1], at) if begun else None
        if ends and not any(token.forms & _STILL for token in tokens[max(0, at - 3) : at]):
            return tokens[:at] + rest, None
    return tokens, None


def _hits(tokens: list[Token], words: Words, *, marked: bool) -> list[Hit]:
    """Return what stands in the table, in order; the longest entries first, each word taken once."""
    spans = sorted(
        {
            (-length, start)
            for start, token in enumerate(tokens)
            for form in token.forms
            for length in words.lengths.get(form, ())
            if start + length <= len(tokens)
        }
    )
    hits: list[Hit] = []
    taken: set[int] = set()
    for minus, start in spans:
        span = range(start, start - minus)
        if taken.isdisjoint(span) and (names := _meant(tokens[start : start - minus], words, marked=marked)):
            inner = () if PASSED_OVER in names else _inside(tokens[start : start - minus], words, marked=marked)
            hits.append(Hit(start, start - minus, names.union(inner)))
            taken.update(span)
    return sorted(hits, key=lambda hit: hit.start)


def _inside(tokens: list[Token], words: Words, *, marked: bool) -> set[str]:
    """Return what else a longer entry tells: the things named in it, and what it denies.

    "Đổi điện thoại" speaks of a phone, too; "không nhận" denies "nhận", whatever it means as a whole.
    """
    found: set[str] = set()
    if len(tokens) > 1 and tokens[0].forms & denials.NOT:
        denied = _meant(tokens[1:], words, marked=marked) & words.denied.keys()
        found |= {words.denied[name].undone for name in denied}
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + (start > 0)):
            found |= _meant(tokens[start:end], words, marked=marked) & words.things
    return found


def _meant(tokens: list[Token], words: Words, *, marked: bool) -> frozenset[str]:
    texts = [""]
    for token in tokens:
        texts = [f"{text} {form}" if text else form for text in texts for form in token.forms]
    entries = [entry for text in texts for entry in words.entries.get(text, ())]
    names = [entry.names for entry in entries if _fits(entry, tokens, marked=marked)]
    return frozenset().union(*names)


def _fits(entry: Entry, tokens: list[Token], *, marked: bool) -> bool:
    for wanted, token in zip(entry.marks, tokens, strict=True):
        if token.marks is None:
            if entry.exact and wanted:
                return False
        elif entry.exact or (marked and len(tokens) == 1):  # who writes the marks means none where none is
            if token.marks != wanted:
                return False
        elif not token.marks.within(wanted):
            return False
    return True
