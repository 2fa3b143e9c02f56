"""What the CRF sees of each syllable: its form, its shape, its neighbours, and what stands there by its form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml

from bot.normalise import Syllable
from bot.settings import CONTENT
from bot.spelling import is_syllable
from bot.text import fold

_SPLIT = re.compile(r"\s+")


@lru_cache(maxsize=1)
def name_words() -> dict[str, frozenset[str]]:
    """Return the folded words of each kind ("surnames", "middle", "titles", "address")."""
    rows: dict[str, str] = yaml.safe_load((CONTENT / "name_words.yml").read_text(encoding="utf-8"))
    return {kind: frozenset(_SPLIT.split(fold(words).strip())) for kind, words in rows.items()}


def given(tokens: list[Syllable], entities: Iterable[dict[str, Any]]) -> list[str]:
    """Return for each token the entity that was found there by its form ("" for none)."""
    kinds = [""] * len(tokens)
    for entity in entities:
        for i, token in enumerate(tokens):
            if token.start < entity["end"] and token.end > entity["start"]:
                kinds[i] = entity["entity"]
    return kinds


def features(tokens: list[Syllable], kinds: list[str]) -> list[list[str]]:
    """Return the features of each token; `kinds` is what `given` returned."""
    forms = [_form(token, kind) for token, kind in zip(tokens, kinds, strict=True)]
    shapes = [_shape(token.text) for token in tokens]
    lists = [_lists(token) for token in tokens]
    marked = any(not token.text.isascii() for token in tokens)
    capitals = sum(shape[0] == "X" for shape in shapes) > 1
    rows = []
    for i, token in enumerate(tokens):
        row = ["bias", f"w={forms[i]}", f"s={shapes[i]}", f"suffix={forms[i][-2:]}", f"prefix={forms[i][:2]}"]
        row += [f"{name}=0" for name in lists[i]]
        if marked and token.text.isascii() and len(token.text) > 1:
            row.append("bare")  # a word without marks in a text that has some
        if shapes[i][0] == "X" and i and capitals:
            row.append("capital")
        for step in (-4, -3, -2, -1, 1, 2, 3):
            at = i + step
            if 0 <= at < len(tokens):
                row.append(f"w{step}={forms[at]}")
                if abs(step) < 3:
                    row.append(f"s{step}={shapes[at]}")
                    row += [f"{name}={step}" for name in lists[at]]
            elif abs(step) < 3:
                row.append(f"edge{step}")
        if i:
            row.append(f"pair={forms[i - 1]}|{forms[i]}")
            row.append(f"spair={shapes[i - 1]}|{shapes[i]}")
        if i + 1 < len(tokens):
            row.append(f"next={forms[i]}|{forms[i + 1]}")
        row.append(f"length={min(len(tokens), 8)}")
        rows.append(row)
    return rows


def _form(token: Syllable, kind: str) -> str:
    return f"<{kind}>" if kind else token.normal


def _lists(token: Syllable) -> list[str]:
    folded = fold(token.text)
    found = [kind for kind, words in name_words().items() if folded in words]
    if token.text.isalpha() and not is_syllable(folded):
        found.append("foreign")  # "K'Brơi", "Niê": names of other peoples are no Vietnamese syllables
    return found


def _shape(text: str) -> str:
    if text.isdigit():
        return f"0{min(len(text), 5)}"
    if text.isalpha():
        return "XX" if text.isupper() and len(text) > 1 else "X" if text[0].isupper() else "x"
    return "0x" if text[0].isdigit() else f".{text[0]}"
