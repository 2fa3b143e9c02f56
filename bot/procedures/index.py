"""The words of all names of the catalogue, weighed by how rare they are, as a sparse matrix."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_matrix

from bot.normalise import normal_text

# A name that stands whole in the text closes this share of the gap to a full score; below LEAST nothing fits.
WHOLE_NAME, LEAST = 0.4, 0.05
UNKNOWN_WORD = 3.0  # what a word that no name holds weighs against every name

# What belongs to the question and not to the thing asked about, folded. Phrases go first, because single
# syllables collide without their marks: "hồ sơ" goes, "hộ" (kinh doanh) stays.
_QUESTION_PHRASES = re.compile(
    r"\b(?:mat bao (?:lau|nhieu)|mat may (?:ngay|buoi|tien)|ho so|giay to|thu tuc hanh chinh|thu tuc|le phi"
    r"|nhu the nao|the nao|bao nhieu|bao lau|chuan bi|huong dan|quy trinh|o dau|cho nao|khi nao|tai sao|lam sao|lam gi"
    r"|dau tien|thoi gian|vui long|cam on|cho hoi|can gi|nhung gi|may ngay|truc tuyen|online|qua mang|tren mang"
    r"|xin chao|cho em|cho toi)\b"
)
_QUESTION_WORDS = frozenset(
    """toi tui minh em anh chi co chu bac ba chau nha cua cho voi va hoac thi la ma nay do kia nhe a ah u uh da vang
    oi xin hoi muon can phai nen duoc khong chua gi nao sao dau luc lam di den ve o tai mot cac nhung giup biet noi
    nghe phi tien lau nop mang nhu vay roi them nua qua rat moi se ai nguoi ta khoang gom xong gio um alo ad admin
    shop chao hay nhan dum""".split()
)


@dataclass(frozen=True)
class Match:
    """A procedure that may be meant, with a score from 0 to 1."""

    code: str
    name: str
    score: float


class Index:
    """The words of all names and aliases, as a sparse matrix."""

    def __init__(self, rows: Iterable[tuple[str, str, int, str]]) -> None:
        """Build from (code, official name, popularity, name or alias)."""
        self._procedures: list[tuple[str, str]] = []
        owners, weights, popularity = [], [], []
        terms: dict[str, int] = {}
        columns: list[list[int]] = []
        seen: dict[str, int] = {}
        for code, name, asked, text in rows:
            if code not in seen:
                seen[code] = len(self._procedures)
                self._procedures.append((code, name))
                popularity.append(asked)
            owners.append(seen[code])
            found = sorted({terms.setdefault(term, len(terms)) for term in _terms(text)})
            columns.append(found)
        self._owners = np.array(owners, dtype=np.int64)
        self._popularity = np.array(popularity, dtype=np.float64) / 100
        counts = np.zeros(len(terms))
        for found in columns:
            counts[found] += 1
        self._terms = terms
        self._rarity = np.log1p(len(columns) / np.maximum(counts, 1))
        for found in columns:
            weights.append(float(self._rarity[found].sum()) or 1.0)
        self._weights = np.array(weights)
        data = np.ones(sum(map(len, columns)))
        indptr = np.cumsum([0, *map(len, columns)])
        flat = (
            np.concatenate([np.array(found, dtype=np.int64) for found in columns])
            if columns
            else np.array([], dtype=np.int64)
        )
        by_name = csc_matrix((data, flat, indptr), shape=(max(len(terms), 1), len(columns)))
        self._postings = by_name.tocsr()

    def rank(self, text: str, limit: int = 10) -> list[Match]:
        """Return the best matches for `text`, best first."""
        if not self._procedures:
            return []
        known = [self._terms[term] for term in _terms(text) if term in self._terms]
        unknown = sum(1 for term in _terms(text) if " " not in term and term not in self._terms)
        if not known:
            return []
        overlap = np.zeros(len(self._weights))
        start = self._postings.indptr
        for term in set(known):
            overlap[self._postings.indices[start[term] : start[term + 1]]] += self._rarity[term]
        asked = float(self._rarity[list(set(known))].sum()) + unknown * UNKNOWN_WORD
        scores = overlap / np.sqrt(self._weights * asked)
        # A name that stands whole in the text says more than one of which a part does.
        whole = overlap >= self._weights - 1e-9
        scores = np.where(whole, scores + WHOLE_NAME * (1 - np.minimum(scores, 1)), scores)
        best = np.zeros(len(self._procedures))
        np.maximum.at(best, self._owners, scores)
        final = best * (0.86 + 0.14 * self._popularity)
        order = np.argpartition(-final, min(limit, len(final) - 1))[:limit]
        order = order[np.argsort(-final[order])]
        matches = []
        for i in order:
            code, name = self._procedures[i]
            matches.append(Match(code, name, round(min(float(final[i]), 1.0), 4)))
        return [match for match in matches if match.score > LEAST]


@lru_cache(maxsize=5_000)
def _terms(text: str) -> tuple[str, ...]:
    """Return the words of `text` that say which procedure is meant, and their pairs."""
    # The card's name has been "căn cước" since 2024; half of the people still say "căn cước công dân".
    named = normal_text(text).replace("can cuoc cong dan", "can cuoc")
    words = _QUESTION_PHRASES.sub(" | ", named).split()
    kept = [word if word not in _QUESTION_WORDS and word.isalnum() else "" for word in words]
    singles = [word for word in kept if word]
    # Pairs hold the order: "khai sinh" is not "sinh khai"; they may span a dropped word's neighbour only.
    pairs = [f"{a} {b}" for a, b in pairwise(words) if a.isalnum() and b.isalnum() and (a in singles or b in singles)]
    return tuple(dict.fromkeys(singles + pairs))
