"""What a message tells, word by word: which meanings are in it, which of them are denied, and which only asked about.

"Không tài nào nhớ nổi" and "nhớ hoài không ra" both deny "nhớ"; in "có bị khóa không" nothing is locked yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.accounts.problem_words import ASKS, LONGEST, PASSED_OVER, Entry, Marks, Words, marks_of, table
from bot.normalise import normal
from bot.text import fold

_CLAUSE = re.compile(r"[.,;:?!()\n\"“”…]+|\s[-–]\s")
_WORD = re.compile(r"\w+(?:['’]\w+)*")  # "K'Ho" is one word, and no "k"
_NOT = frozenset("khong chua chang deo dech".split())
_NOT_BESIDE = frozenset("cha het khoi".split())  # also father, finished: only right before what they deny
# A denial reaches over these few words, over no other clause and over no other thing.
_REACH_BEFORE, _REACH_AFTER = 4, 4
_NEAR, _APART = 10, 2  # syllables between two meanings that belong together; what a comma adds
_NEW_CLAUSE = frozenset("nhung nen vi roi de hoac neu khi nma".split())
_RESULT = frozenset(
    "duoc noi ra xong an len chiu cho thay vo vao thanh kip dau gi nhan hieu hop dung hieu ve toi doc mo".split()
)
_ABLE = frozenset("duoc noi ra".split())
_UNABLE = frozenset("the cho sao nao".split())
# What may follow the "không" that makes a sentence a question.
_PARTICLES = frozenset(
    "a ah ha nha nhi nhe vay the day ta ad em e anh chi c shop oi co chu bac hen he ne z v vs voi mn moi nguoi "
    "nua xin giup cam on luon".split()
)
_NOWHERE = frozenset(("dau", "mo"))  # "có nhớ đâu", "có nhớ chi mô"
_STILL = frozenset("van ma cung".split())
_ASKED = frozenset("bi mat sao".split())  # "có bị … không", "có mất … không": nothing of it has happened


@dataclass(frozen=True)
class Token:
    """A syllable: its folded spelling, all that it may be, its marks (None where an abbreviation was written out)."""

    text: str
    forms: frozenset[str]
    marks: Marks | None


@dataclass(frozen=True)
class Told:
    """A message: its words in one spelling, and where which meanings were found among them."""

    text: str
    places: dict[str, tuple[int, ...]]

    @property
    def found(self) -> frozenset[str]:
        """Return all that was found."""
        return frozenset(self.places)

    @property
    def about_account(self) -> bool:
        """Return whether an account is spoken of, and not only something that may happen elsewhere, too."""
        return not table().about.isdisjoint(self.places)

    def near(self, one: str, other: str) -> bool:
        """Return whether two meanings stand near each other somewhere."""
        return any(abs(a - b) <= _NEAR for a in self.places.get(one, ()) for b in self.places.get(other, ()))


@dataclass
class _Hit:
    start: int
    end: int
    names: frozenset[str]


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
        told = _denied(hit, hits, tokens, words) - {PASSED_OVER}
        if asked and asked[0] < hit.start <= asked[1]:
            told &= words.things  # what it is asked about is spoken of
        for name in told:
            yield (hit.start + hit.end) // 2, name
    for at, token in enumerate(tokens):
        if token.forms & _NOT:
            yield at, "khong"


def _without_question(tokens: list[Token]) -> tuple[list[Token], tuple[int, int] | None]:
    """Drop the "không" or "chưa" that only asks; return also what it asks about, when that has not happened."""
    for at in range(len(tokens) - 1, 0, -1):
        forms = tokens[at].forms
        rest = tokens[at + 1 :]
        ends = all(token.forms & _PARTICLES for token in rest) or bool(rest[0].forms & {"hay"})
        if "khong" in forms and not (ends or (tokens[at - 1].forms & {"duoc"} and not rest[0].forms & _RESULT)):
            continue
        if "chua" in forms and (not ends or any(token.forms & _STILL for token in tokens[max(0, at - 3) : at])):
            continue
        if not forms & {"khong", "chua"}:
            continue
        begun = [i for i in range(at - 1) if "co" in tokens[i].forms and tokens[i + 1].forms & _ASKED]
        return tokens[:at] + rest, (begun[-1], at) if begun and "khong" in forms else None
    return tokens, None


def _hits(tokens: list[Token], words: Words, *, marked: bool) -> list[_Hit]:
    """Return what stands in the table, in order; the longest entries first, each word taken once."""
    hits: list[_Hit] = []
    taken: set[int] = set()
    for length in range(min(LONGEST, len(tokens)), 0, -1):
        for start in range(len(tokens) - length + 1):
            span = range(start, start + length)
            if taken.isdisjoint(span) and (names := _meant(tokens[start : start + length], words, marked=marked)):
                inner = (
                    frozenset[str]()
                    if PASSED_OVER in names
                    else _inside(tokens[start : start + length], words, marked=marked)
                )
                hits.append(_Hit(start, start + length, names | inner))
                taken.update(span)
    return sorted(hits, key=lambda hit: hit.start)


def _inside(tokens: list[Token], words: Words, *, marked: bool) -> frozenset[str]:
    """Return the things that are named inside a longer entry: "đổi điện thoại" speaks of a phone, too."""
    found: set[str] = set()
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + (start > 0)):
            found |= _meant(tokens[start:end], words, marked=marked) & words.things
    return frozenset(found)


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


def _denied(hit: _Hit, hits: list[_Hit], tokens: list[Token], words: Words) -> set[str]:
    """Return what a hit means here: itself, or what its denial means."""
    deniable = hit.names & words.denied.keys()
    if not deniable:
        return set(hit.names)
    others = {
        at
        for other in hits
        if other is not hit and not other.names <= words.light | {PASSED_OVER}
        for at in range(other.start, other.end)
    }
    before, after = _before(hit, tokens, others), _after(hit, tokens, others)
    if not before and not after:
        return set(hit.names)
    in_vain = after or before == "in vain"
    told = {words.denied[name].in_vain if in_vain else words.denied[name].undone for name in deniable}
    return (set(hit.names) - deniable) | told


def _before(hit: _Hit, tokens: list[Token], others: set[int]) -> str:
    """Return whether a denial stands before a hit: "undone" or "in vain" ("không … được", "không thể"), else ""."""
    between: set[str] = set()
    for at in range(hit.start - 1, max(-1, hit.start - 1 - _REACH_BEFORE), -1):
        forms = tokens[at].forms
        beside = at == hit.start - 1 and forms & _NOT_BESIDE
        if at not in others and (forms & _NOT or beside):
            able = any(token.forms & _ABLE for token in tokens[hit.end : hit.end + 3])
            return "in vain" if able or between & (_ABLE | _UNABLE) else "undone"
        if at in others or forms & _NEW_CLAUSE:
            return ""
        between |= forms
    return ""


def _after(hit: _Hit, tokens: list[Token], others: set[int]) -> bool:
    """Return whether a hit is denied by what follows: "nhớ hoài không ra", "quét mãi mà chưa được", "có nhớ đâu"."""
    said = hit.start and "co" in tokens[hit.start - 1].forms
    if said and any(token.forms & _NOWHERE for token in tokens[hit.end : hit.end + _REACH_AFTER]):
        return True
    for at in range(hit.end, min(len(tokens), hit.end + _REACH_AFTER)):
        forms = tokens[at].forms
        if forms & _NOT:
            return at + 1 < len(tokens) and bool(tokens[at + 1].forms & _RESULT)
        if at in others or forms & _NEW_CLAUSE:
            return False
    return False
