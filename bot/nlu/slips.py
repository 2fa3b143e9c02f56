"""Slips of the finger for training: a model that has seen some is not thrown off by others."""

from __future__ import annotations

from random import Random

from bot.spelling import mend

_LETTERS = "abcdeghiklmnopqrstuvxy"
_SHARE = 0.2  # of the words


def with_slips(normal: str, random: Random) -> str:
    """Return a normalised text with slips in some of its words, mended again as far as they can be."""
    return " ".join(
        mend(_slip(word, random)) if word.isalpha() and len(word) > 2 and random.random() < _SHARE else word
        for word in normal.split()
    )


def _slip(word: str, random: Random) -> str:
    """Return `word` with a letter left out, doubled, changed, added, or swapped with its neighbour."""
    at = random.randrange(len(word))
    kind = random.randrange(5)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + random.choice(_LETTERS) + word[at + 1 :]
    if kind == 3:
        return word[:at] + random.choice(_LETTERS) + word[at:]
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
