"""How likely each procedure is the one asked for: the measures of the index, weighed by what was learned.

A conditional logit: each candidate and "none of them" have a weighted sum, and a softmax over all gives chances that
add up to one. The weights are data (`bot/content/search_weights.yml`), learned by `python -m bench.search_tuning`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from bot.procedures.index import MEASURES, QUESTION, Found
from bot.procedures.postings import Floats
from bot.settings import CONTENT

WEIGHTS = CONTENT / "search_weights.yml"


@dataclass(frozen=True)
class Weights:
    """What a measure of a candidate counts, and what the question as a whole counts for "none of them"."""

    measures: Floats
    none: Floats


@lru_cache(maxsize=1)
def weights(path: Path = WEIGHTS) -> Weights:
    """Return the learned weights; raises KeyError when the file lacks a measure."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Weights(
        np.array([rows["measures"][name] for name in MEASURES]), np.array([rows["none"][name] for name in QUESTION])
    )


def chances(found: Found, by: Weights | None = None) -> Floats:
    """Return the chance of each candidate of `found`; what is missing from 1 is the chance of none of them."""
    by = by or weights()
    sums = np.append(found.measures @ by.measures, found.question @ by.none)
    powers = np.exp(sums - sums.max())
    return powers[:-1] / powers.sum()
