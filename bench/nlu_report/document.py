"""Writes `understanding.md`: every figure with its interval, and its target beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bench.nlu_report import sections
from bench.nlu_report.measures import Measured

NAME = "understanding.md"


def write(measured: Measured, folder: Path, pictures: Sequence[str]) -> None:
    """Write the report into `folder`; `pictures` are the files that lie beside it."""
    lines = [
        *_head(measured),
        *sections.intents(measured),
        *_picture("confusion.png", "Which intents are taken for which", pictures),
        *_picture("reliability.png", "Said and come true", pictures),
        *sections.entities(measured),
        *sections.search(measured),
        *_picture("styles.png", "The three styles side by side", pictures),
        *sections.speed(measured),
        *sections.ablations(measured),
        *_picture("ablations.png", "What each part is worth", pictures),
        *sections.each(measured),
        *_picture("per_intent.png", "Accuracy of each intent", pictures),
    ]
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _picture(name: str, title: str, drawn: Sequence[str]) -> list[str]:
    return [f"![{title}]({name})", ""] if name in drawn else []


def _head(measured: Measured) -> Iterator[str]:
    now = datetime.now().astimezone()
    yield from ("# What is understood", "")
    yield f"{now:%Y-%m-%d %H:%M}. {measured.sentences} held-out sentences, through {measured.through}."
    yield f"{len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f} at the end of the run."
    yield ""
    yield "In brackets the 95 % interval: Wilson's for shares, 1,000 bootstrap samples of sentences for the rest."
    yield "Targets marked * are proposals (`bench/nlu_report/targets.py`); “within chance”: the interval holds it."
    yield "“No marks”: the same sentences folded, capitals gone too. “Noisy”: typed in a hurry (`noise.py` there)."
    if measured.repeated:
        yield f"{measured.repeated} of the sentences also stand in the training data, but for marks, case and signs."
    yield ""
