"""How surely a message tells of a problem: weighed by the words that were found, in whatever order and spelling.

"Máy cũ hư rồi, giờ nó đòi xác nhận bên đó" holds no key phrase, but an old phone and something broken. A problem's
signs (problems.yml) say which words together tell of it. A key phrase, or a sign that is only a hint, counts where a
problem is spoken of anyway; a whole sign tells of one whatever the model takes the message for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from bot.accounts.problem_reading import Told, read
from bot.accounts.problem_words import WordsError, table
from bot.key_phrases import pattern

__all__ = ["NOTHING", "Score", "Sign", "Told", "WordsError", "known", "read", "score", "sign"]
_A_WORD_OF_A_PHRASE = 1.2  # a key phrase is weighed by its length: it says more than single words do
_SUPPORT = 0.5  # of its weight: what makes a problem likelier


@dataclass(frozen=True)
class Sign:
    """Words that together tell of a problem, and words with which they do not."""

    all: frozenset[str]
    none: frozenset[str]
    near: tuple[tuple[str, str], ...] = ()  # which of them stand near each other
    hint: bool = False  # says something only where a problem is spoken of anyway
    anywhere: bool = False  # tells of it even where no account is spoken of

    def holds(self, told: Told) -> bool:
        """Return whether the sign is in a message."""
        found = told.found
        return self.all <= found and self.none.isdisjoint(found) and all(told.near(*pair) for pair in self.near)


@dataclass(frozen=True, order=True)
class Score:
    """How surely a message tells of a problem."""

    weight: float
    surely: float  # the same by whole signs only, where an account is spoken of

    def __bool__(self) -> bool:
        """Return whether it tells of it at all."""
        return bool(self.weight)


NOTHING = Score(0.0, 0.0)


def score(told: Told, phrases: Iterable[str], signs: Iterable[Sign], supports: frozenset[str]) -> Score:
    """Return how surely a message tells of a problem with these key phrases and signs."""
    weights, about = table().weights, told.about_account
    by_phrase = max(
        (_A_WORD_OF_A_PHRASE * len(phrase.split()) for phrase in phrases if pattern(phrase).search(told.text)),
        default=0.0,
    )
    best, surely = (by_phrase, frozenset[str]()), (0.0, frozenset[str]())
    for sign in signs:
        if sign.holds(told):
            found = sum(weights[name] for name in sign.all), sign.all
            best = max(best, found, key=lambda way: way[0])
            if not sign.hint and (sign.anywhere or about):
                surely = max(surely, found, key=lambda way: way[0])
    if not best[0]:
        return NOTHING

    def supported(weight: float, used: frozenset[str]) -> float:
        return weight + _SUPPORT * sum(weights[name] for name in (supports & told.found) - used) if weight else 0.0

    return Score(supported(*best), supported(*surely))


def sign(written: str) -> Sign:
    """Read a sign: names of words, "+" between two that stand near each other, "-" before one that must be missing.

    In front, "~" makes it a hint, and "!" one that needs no account beside it. Raises WordsError for an unknown name.
    """
    parts = written.lstrip("~!").split()
    wanted = [part.split("+") for part in parts if not part.startswith("-")]
    none = [part[1:] for part in parts if part.startswith("-")]
    return Sign(
        frozenset(known(name) for names in wanted for name in names),
        frozenset(map(known, none)),
        tuple(pair for names in wanted for pair in itertools.pairwise(names)),
        hint=written.startswith("~"),
        anywhere=written.startswith("!"),
    )


def known(name: str) -> str:
    """Return the name of words that are in the table; raises WordsError for any other."""
    if name not in table().weights:
        raise WordsError(f"problem_words.yml has no words called {name}")
    return name
