"""What parsers are fed: odd texts, any JSON, and valid examples damaged in the ways in which data get damaged.

`MOTCUA_FUZZ_EXAMPLES=2000 pytest tests/fuzz` looks longer; the default keeps the whole folder below half a minute.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("MOTCUA_FUZZ_EXAMPLES", "30"))
HUGE = 10**400  # fits no float, and no integer of a database
DEEPER_THAN_PYTHON = 2_000  # levels; its stack ends at a thousand

# Lone surrogates, NUL, right-to-left and zero-width marks, letters that grow in NFC, digits that are none of ours.
ODD = (
    "", " ", "\x00", "\ud800", "\udfff", "\u202e", "\u200f", "\u2066", "\u200b", "\ufeff", "\u0301", "\ufb2c", "ﬁ",
    "²", "٣", "١٢٣", "９", "İ", "ß", "\r\n", "\u2028", "\\", '"', "'", "<b>", "{}", "[]", "%00", "../", "\x1b[31m",
    "😀", "đ", "ế", "NaN", "-0", "1e999", "0x10", "null", "true", "9" * 30, "a" * 300,
)  # fmt: skip


def few(share: float = 1.0) -> Callable[[Any], Any]:
    """Return the settings of a property: `share` of the usual number of examples, for one that is slow."""
    return settings(
        max_examples=max(5, int(EXAMPLES * share)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# Every character, the halves of surrogate pairs too: JSON can spell them.
any_char = st.characters() | st.characters(whitelist_categories=("Cs", "Cf", "Cc", "Mn", "Nd"))
any_text = st.text(any_char, max_size=60) | st.sampled_from(ODD)
whole_text = any_text.filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([HUGE, -HUGE, 2**53, 2**63, 2**64, -1, 0])
    | st.floats()
    | any_text
)
any_json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


def mixed(*pieces: str) -> st.SearchStrategy[str]:
    """Return texts out of the pieces that a reader looks for, with odd ones between."""
    part = st.sampled_from([*pieces, *ODD]) | st.text(any_char, max_size=4)
    return st.lists(part, max_size=10).map("".join) | st.lists(part, max_size=8).map(" ".join)


@st.composite
def damaged(draw: st.DrawFn, *examples: Any, times: int = 3) -> Any:
    """Return one of the examples (JSON) with one to three places of it changed."""
    value = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(1, times))):
        value = _damage(draw, value)
    return value


def _damage(draw: st.DrawFn, value: Any) -> Any:
    """Change one place of a value: the whole of it, or something inside."""
    inside = (isinstance(value, (dict, list)) and len(value) > 0) and draw(st.integers(0, 9)) < 9
    if not inside:
        return draw(st.sampled_from([_other_type(draw, value), _nested(value), draw(any_json)]))
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key, other = draw(st.sampled_from(keys)), draw(st.sampled_from(keys))
    how = draw(st.sampled_from(["deeper", "deeper", "deeper", "drop", "swap", "add", "replace"]))
    if how == "deeper":
        value[key] = _damage(draw, value[key])
    elif how == "drop":
        del value[key]
    elif how == "swap":
        value[key], value[other] = value[other], value[key]
    elif how == "replace":
        value[key] = draw(any_json)
    elif isinstance(value, dict):
        value[draw(any_text)] = copy.deepcopy(value[key])
    else:
        value.insert(key, copy.deepcopy(value[other]))
    return value


def _other_type(draw: st.DrawFn, value: Any) -> Any:
    """Return what another program makes of the same value: a number as text, a text cut, one in a list."""
    if isinstance(value, str):
        cut, odd = draw(st.integers(0, len(value))), draw(st.sampled_from(ODD))
        return draw(st.sampled_from([value[:cut], value[:cut] + odd + value[cut:], value * 50, [value], {"": value}]))
    return draw(st.sampled_from([str(value), [value], {"value": value}, None, HUGE, float("nan"), True]))


def _nested(value: Any) -> Any:
    for _ in range(60):
        value = [value]
    return value


@st.composite
def damaged_bytes(draw: st.DrawFn, *examples: bytes) -> bytes:
    """Return one of the examples cut, with bytes put in, left out, written over, or with a piece of it twice."""
    value = draw(st.sampled_from(examples))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, min(len(value), start + 64)))
        piece = draw(st.binary(max_size=8) | st.sampled_from([value[start:end] * 2, b"\x00" * 4, b"\xff\xfe", b""]))
        value = value[:start] + piece + value[draw(st.sampled_from([start, end])) :]
    return value[: draw(st.integers(0, len(value)))] if draw(st.integers(0, 4)) == 0 else value


def dumped(value: Any) -> bytes:
    """Return a value as JSON the way careless programs write it: halves of characters escaped, NaN as it is."""
    return json.dumps(value).encode()


def nested_json(levels: int, inner: str = "1") -> bytes:
    """Return JSON of so many lists, one in the other."""
    return ("[" * levels + inner + "]" * levels).encode()
