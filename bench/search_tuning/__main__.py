"""The command: `python -m bench.search_tuning --procedures FILE`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from rich.progress import track
from scipy.optimize import minimize_scalar

from bench.command import add_procedures
from bench.search_tuning.catalogue import entries
from bench.search_tuning.logit import Asked, learn
from bench.search_tuning.questions import asked, left_out, tuning
from bot.procedures.index import MEASURES, QUESTION, Index
from bot.procedures.postings import Floats
from bot.procedures.ranking import WEIGHTS, Weights

QUESTIONS = Path(__file__).parent / "questions.yml"
FOLDS = 5
OURS = 0.1  # what all our aliases together count beside the tuning questions


@dataclass(frozen=True)
class Judged:
    """A question scored by weights that had not seen it: the sums of its candidates, and last that of "none"."""

    sums: Floats
    right: tuple[int, ...]

    def chances(self, sharpness: float) -> Floats:
        """Return the chances of the candidates and of "none"."""
        powers = np.exp(sharpness * (self.sums - self.sums.max()))
        return powers / powers.sum()


def main() -> None:
    """Learn the weights, print what cross-validation says of them, and write them."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.search_tuning",
        description="Learn the weights of the procedure search from our own tuning questions (never the held-out "
        "ones); about three minutes.",
        epilog="Example: python -m bench.search_tuning --procedures procedures_full.jsonl",
    )
    add_procedures(parser, "import this export first")
    parser.add_argument("--dry", action="store_true", help="print only")
    options = parser.parse_args()
    held = entries(options.procedures)
    index = Index(held)
    rows = tuning(QUESTIONS)
    asks = {entry.code: entry.popularity for entry in held}
    people = [
        one
        for row in rows
        if (
            one := asked(
                index,
                row["ask"],
                [code for code in (row["code"], *row["also"]) if code],
                0.5 + 1.5 * asks.get(row["code"], 50) / 100,  # the questions name each procedure about once
            )
        )
    ]
    print(f"{len(held)} procedures; {len(rows)} tuning questions, {len(people)} with the right one in reach")
    ours = list(left_out(held, 1.0))
    share = OURS * len(people) / sum(one.counts for one in ours)
    ours = [replace(one, counts=one.counts * share) for one in ours]
    judged: list[Judged] = []
    for fold in track(range(FOLDS), "cross-validation"):
        weights = learn([*ours, *(one for i, one in enumerate(people) if i % FOLDS != fold)])
        judged += [judge(one, weights) for one in people[fold::FOLDS]]
    sharpness = truest(judged)
    report(judged, sharpness, len(rows))
    if not options.dry:
        learnt = learn([*ours, *people])
        write(Weights(learnt.measures * sharpness, learnt.none * sharpness))


def judge(one: Asked, weights: Weights) -> Judged:
    """Score a question."""
    return Judged(np.append(one.found.measures @ weights.measures, one.found.question @ weights.none), one.right)


def truest(judged: list[Judged]) -> float:
    """Return the factor that makes the chances most truthful (least log loss)."""

    def loss(factor: float) -> float:
        return -float(np.mean([np.log(one.chances(factor)[list(one.right) or [-1]].sum() + 1e-12) for one in judged]))

    return float(minimize_scalar(loss, bounds=(0.3, 4.0), method="bounded").x)


def report(judged: list[Judged], sharpness: float, asked_in_all: int) -> None:
    """Print how often the right one comes first, and what a threshold would cost."""
    named = [one for one in judged if one.right]
    lost = asked_in_all - len(judged)
    places = [[row in one.right for row in np.argsort(-one.sums[:-1])] for one in named]
    print(
        f"first {sum(place[0] for place in places) / (len(named) + lost):.3f}  "
        f"in three {sum(any(place[:3]) for place in places) / (len(named) + lost):.3f}  sharpness {sharpness:.2f}"
    )
    best = [(one.chances(sharpness)[:-1].max(), int(one.sums[:-1].argmax()) in one.right) for one in judged]
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9):
        sure = [right for chance, right in best if chance >= threshold]
        print(
            f"  sure from {threshold}: answered {len(sure) / asked_in_all:.3f}, "
            f"wrong {sure.count(False) / asked_in_all:.3f}"
        )


def write(weights: Weights) -> None:
    """Write the weights as data."""
    body = {
        "measures": {name: round(float(value), 3) for name, value in zip(MEASURES, weights.measures, strict=True)},
        "none": {name: round(float(value), 3) for name, value in zip(QUESTION, weights.none, strict=True)},
    }
    head = "# What each measure of the procedure index counts. Learned: python -m bench.search_tuning\n"
    WEIGHTS.write_text(head + yaml.safe_dump(body, sort_keys=False), encoding="utf-8")
    print(f"written: {WEIGHTS.name}")


if __name__ == "__main__":
    main()
