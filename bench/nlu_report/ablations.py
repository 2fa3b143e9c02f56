"""What each part of the understanding is worth: train without it, measure again, compare sentence by sentence.

Everything is patched from outside for as long as a training and its measuring last; the product has no such switches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.nlu_report import segmentation
from bench.nlu_report.figures import Figure, between, f1_samples, resampled, spans_scores
from bench.nlu_report.heldout import STYLES, Sentence
from bench.nlu_report.pipeline import copied, loaded, trained
from bench.nlu_report.understanding import GROUPS, counts, understood
from bot import normalise, spelling
from bot.nlu import crf_extractor, crf_features, intent_classifier, linear_model

PEOPLE = "person and address"
COLUMNS = (*(f"intents, {style}" for style in STYLES), f"{PEOPLE}, F1")
Patch = tuple[Any, str, Any]
Step = Callable[[str | None], None]  # a name begins an ablation; None: one sentence is done


@dataclass(frozen=True)
class Ablation:
    """One thing taken away, or added."""

    part: str
    patches: Callable[[], list[Patch]]
    retrained: tuple[str, ...] = ("intents", "entities")
    added: bool = False

    @property
    def name(self) -> str:
        """Return what the models of this ablation are."""
        return f"{'with' if self.added else 'without'} {self.part}"


def _one_view() -> list[Patch]:
    return [(linear_model, "SPELLING", (linear_model.words, lambda text: []))]


ABLATIONS = (
    Ablation("abbreviations", lambda: [(normalise, "abbreviations", dict)]),
    Ablation("mending of spelling", lambda: [(spelling, "mend", lambda word: word)]),
    Ablation(
        "placeholders for found entities",
        lambda: [(intent_classifier, "_PLACEHOLDERS", frozenset())],
        ("intents",),
    ),
    Ablation("letter groups", _one_view, ("intents",)),
    Ablation("name lists in the CRF", lambda: [(crf_features, "name_words", dict)], ("entities",)),
    Ablation(
        "what stands there by its form, in the CRF",
        lambda: [(crf_extractor, "given", lambda tokens, entities: [""] * len(tokens))],
        ("entities",),
    ),
    Ablation("underthesea's word segmentation", segmentation.patches, added=True),
)


@dataclass(frozen=True)
class Row:
    """The figures of one ablation and what it differs by from the product: with the part minus without it."""

    name: str
    part: str
    values: tuple[Figure, ...]
    worth: tuple[Figure, ...]
    verdict: str


@dataclass(frozen=True)
class _Measured:
    values: tuple[Figure, ...]
    hits: tuple[NDArray[np.bool_], ...]
    people: NDArray[np.int64]


def ablations(
    folder: Path, data: TrainingData, styles: dict[str, list[Sentence]], seconds: dict[str, float], step: Step
) -> list[Row]:
    """Train and measure everything; `folder` gets the models, `seconds` what the whole training took."""
    whole = folder / "whole"
    seconds.update(trained(whole, data))
    base = _measured(whole, styles, step)
    rows = [Row("as the product is", "", base.values, (), "")]
    for number, ablation in enumerate(ABLATIONS):
        step(ablation.name)
        place = folder / str(number)
        copied(whole, place)
        with patched(ablation.patches()):
            trained(place, data, ablation.retrained)
            found = _measured(place, styles, step)
        worth = _worth(found, base) if ablation.added else _worth(base, found)
        rows.append(Row(ablation.name, ablation.part, found.values, worth, verdict(worth, ablation.added)))
    return rows


@contextmanager
def patched(patches: Sequence[Patch]) -> Iterator[None]:
    """Hold the patches and empty what remembers words, before and after."""
    with ExitStack() as stack:
        for target, name, value in patches:
            stack.enter_context(mock.patch.object(target, name, value))
        normalise.normal.cache_clear()
        yield
    normalise.normal.cache_clear()


def verdict(worth: Sequence[Figure], added: bool) -> str:
    """Say what the numbers say: a part stays (or comes in) when it surely helps somewhere and surely harms nowhere."""
    helps, harms = any(one.low > 0 for one in worth), any(one.high < 0 for one in worth)
    if helps and harms:
        return "helps here, harms there: weigh"
    if added:
        return "take in" if helps else "leave out"
    return "keep" if helps else "drop: it harms" if harms else "drop: no help shows"


def _measured(folder: Path, styles: dict[str, list[Sentence]], step: Step) -> _Measured:
    pipeline = loaded(folder)
    results = {style: understood(pipeline.understand, found, partial(step, None)) for style, found in styles.items()}
    hits = tuple(np.array([one.right for one in results[style]]) for style in STYLES)
    # One row a sentence, its three styles added up: they rise and fall together.
    people = np.sum([counts(results[style], GROUPS[PEOPLE]) for style in STYLES], axis=0)
    values = (*(_accuracy(found) for found in hits), spans_scores(people).f1)
    return _Measured(values, hits, people)


def _accuracy(hits: NDArray[np.bool_]) -> Figure:
    samples = hits[resampled(len(hits))].mean(axis=1)
    return between(float(hits.mean()), samples, len(hits))


def _worth(with_it: _Measured, without: _Measured) -> tuple[Figure, ...]:
    found = []
    for a, b in zip(with_it.hits, without.hits, strict=True):
        gap = a.astype(float) - b.astype(float)
        found.append(between(float(gap.mean()), gap[resampled(len(gap))].mean(axis=1), len(gap)))
    gap = with_it.values[-1].value - without.values[-1].value
    samples = f1_samples(with_it.people) - f1_samples(without.people)
    return (*found, between(gap, samples, with_it.values[-1].count))
