"""underthesea's words as further features, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from bench.nlu_report.figures import Figure, percentile
from bot.nlu import crf_extractor, crf_features, intent_classifier, linear_model
from bot.normalise import Syllable, syllables

_BETWEEN = " ‖ "


@lru_cache(maxsize=1)
def _segmenter() -> Callable[[str], list[str]]:
    from underthesea import word_tokenize

    word_tokenize("Tôi làm thủ tục đăng ký khai sinh")  # loads its model
    return word_tokenize


def patches() -> list[tuple[Any, str, Any]]:
    """Return what must be patched to let both learned models see words."""
    return [
        (crf_extractor, "features", _features),
        (intent_classifier, "seen", _seen),
        (linear_model, "SPELLING", (_words, lambda text: linear_model.letters(text.partition(_BETWEEN)[0]))),
    ]


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the words of `text` begin and end; none for a text without marks, which it cannot cut."""
    if text.isascii():
        return ()
    found, at = [], 0
    for word in _segmenter()(text):
        start = text.find(word, at)
        if start < 0:  # it was changed inside, as a glued full stop is
            continue
        at = start + len(word)
        found.append((start, at))
    return tuple(found)


def joined(text: str, tokens: Sequence[Syllable]) -> list[str]:
    """Return for each token the word it belongs to, its syllables joined by "_"; "" where there is none."""
    found = [""] * len(tokens)
    for start, end in words(text):
        inside = [i for i, token in enumerate(tokens) if start <= token.start and token.end <= end]
        for i in inside:
            found[i] = "_".join(tokens[j].normal for j in inside)
    return found


def cost(texts: Sequence[str], at: float) -> Figure:
    """Return a percentile of the milliseconds that a sentence with marks takes."""
    cut = _segmenter()
    times = []
    for text in (text for text in texts if not text.isascii()):
        begun = time.perf_counter()
        cut(text)
        times.append((time.perf_counter() - begun) * 1000)
    return percentile(times, at)


_plain_features, _plain_seen = crf_features.features, intent_classifier.seen


def _features(tokens: list[Syllable], kinds: list[str]) -> list[list[str]]:
    rows = _plain_features(tokens, kinds)
    text = ""
    for token in tokens:
        text += " " * (token.start - len(text)) + token.text
    names = joined(text, tokens)
    for i, row in enumerate(rows):
        row += [f"word{step}={names[i + step]}" for step in (-1, 0, 1) if 0 <= i + step < len(rows) and names[i + step]]
        if names[i]:
            row.append(f"goes on={i > 0 and names[i] == names[i - 1]}")
    return rows


def _seen(text: str, entities: list[dict[str, Any]]) -> str:
    tokens = syllables(text)
    names = joined(text, tokens)
    free = (
        name
        for token, name in zip(tokens, names, strict=True)
        if "_" in name and not any(e["start"] < token.end and token.start < e["end"] for e in entities)
    )
    more = " ".join(dict.fromkeys(name.replace(" ", "_") for name in free))
    return _plain_seen(text, entities) + _BETWEEN + more


def _words(text: str) -> list[str]:
    plain, _, more = text.partition(_BETWEEN)
    return [*linear_model.words(plain), *(f"word {word}" for word in more.split())]
