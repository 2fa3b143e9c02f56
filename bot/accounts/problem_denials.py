"""Denials in what people tell: "không tài nào nhớ nổi" and "nhớ hoài không ra" both deny "nhớ".

What is denied means something else: not done ("chưa kích hoạt"), or done in vain ("kích hoạt hoài không được").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.accounts.problem_words import PASSED_OVER, Marks, Words

NOT = frozenset("khong chua chang deo dech".split())
RESULT = frozenset(  # what follows a denial of something that was tried
    "duoc noi ra xong an len chiu cho thay vo vao thanh kip dau gi nhan hieu hop dung ve toi doc mo".split()
)
_NOT_BESIDE = frozenset("cha het khoi".split())  # also father, finished: only right before what they deny
# A denial reaches over these few words, over no other clause and over no other thing.
_REACH_BEFORE, _REACH_AFTER = 4, 4
_NEW_CLAUSE = frozenset("nhung nen vi roi de hoac neu khi nma".split())
_ABLE = frozenset("duoc noi ra".split())
_UNABLE = frozenset("the cho sao nao".split())
_NOWHERE = frozenset(("dau", "mo"))  # "có nhớ đâu", "có nhớ chi mô"


@dataclass(frozen=True)
class Token:
    """A syllable: its folded spelling, all that it may be, its marks (None where an abbreviation was written out)."""

    text: str
    forms: frozenset[str]
    marks: Marks | None


@dataclass(frozen=True)
class Hit:
    """Something of the table in a clause: from where to where, and what it means."""

    start: int
    end: int
    names: frozenset[str]


def meant(hit: Hit, hits: Iterable[Hit], tokens: list[Token], words: Words) -> frozenset[str]:
    """Return what a hit means in its clause: itself, or what its denial means."""
    deniable = hit.names & words.denied.keys()
    if not deniable:
        return hit.names
    light = words.light | {PASSED_OVER}
    heavy = [other for other in hits if other is not hit and not other.names <= light]
    others = {at for other in heavy for at in range(other.start, other.end)}
    before, after = _before(hit, tokens, others), _after(hit, tokens, others)
    if not before and not after:
        return hit.names
    in_vain = after or before == "in vain"
    told = {words.denied[name].in_vain if in_vain else words.denied[name].undone for name in deniable}
    return (hit.names - (deniable - words.things)) | told


def _before(hit: Hit, tokens: list[Token], others: set[int]) -> str:
    """Return whether a denial stands before a hit: "undone" or "in vain" ("không … được", "không thể"), else ""."""
    between: set[str] = set()
    for at in range(hit.start - 1, max(-1, hit.start - 1 - _REACH_BEFORE), -1):
        forms = tokens[at].forms
        beside = at == hit.start - 1 and forms & _NOT_BESIDE
        if at not in others and (forms & NOT or beside):
            able = any(token.forms & _ABLE for token in tokens[hit.end : hit.end + 3])
            return "in vain" if able or between & (_ABLE | _UNABLE) else "undone"
        if at in others or forms & _NEW_CLAUSE:
            return ""
        between |= forms
    return ""


def _after(hit: Hit, tokens: list[Token], others: set[int]) -> bool:
    """Return whether a hit is denied by what follows: "nhớ hoài không ra", "quét mãi mà chưa được", "có nhớ đâu"."""
    said = hit.start and "co" in tokens[hit.start - 1].forms
    if said and any(token.forms & _NOWHERE for token in tokens[hit.end : hit.end + _REACH_AFTER]):
        return True
    for at in range(hit.end, min(len(tokens), hit.end + _REACH_AFTER)):
        forms = tokens[at].forms
        if forms & NOT:
            return at + 1 < len(tokens) and bool(tokens[at + 1].forms & RESULT)
        if at in others or forms & _NEW_CLAUSE:
            return False
    return False
