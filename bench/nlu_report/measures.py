"""Everything that is measured, in the order in which it is measured."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.nlu_report import ablations as taken_away
from bench.nlu_report import searching, segmentation, speed
from bench.nlu_report.catalogue import installation
from bench.nlu_report.figures import NOTHING, Figure, Scores, share
from bench.nlu_report.heldout import CAPITALS, STYLES, key, sentences, styled
from bench.nlu_report.pipeline import loaded, trained, training_data
from bench.nlu_report.searching import Search
from bench.nlu_report.speed import Speed
from bench.nlu_report.understanding import Intents, entities, intents, understood
from bot.conversation.engine import Engine, ModelError
from bot.settings import ROOT
from bot.training import is_current

MODEL = ROOT / "models" / "motcua.tar.gz"
Step = Callable[[str | None, int | None], None]  # a name and a total begin a new stage; neither: one thing is done


@dataclass
class Measured:
    """The whole report, before it is written."""

    through: str = ""  # what answered
    model_loads: bool = False
    sentences: int = 0
    trained_on: int = 0
    repeated: int = 0  # held-out sentences that also stand in the training data
    unseen: Figure = NOTHING  # accuracy on the others
    intents: dict[str, Intents] = field(default_factory=dict)
    entities: dict[str, dict[str, Scores]] = field(default_factory=dict)
    procedures: int = 0
    left_out: int = 0
    search: dict[str, Search] = field(default_factory=dict)  # by style, and "all"
    baselines: dict[str, Search] = field(default_factory=dict)
    speed: Speed = field(default_factory=Speed)
    training: dict[str, float] = field(default_factory=dict)  # seconds of each learner
    ablations: list[taken_away.Row] = field(default_factory=list)
    segmentation: dict[str, Figure] = field(default_factory=dict)


def measure(export: Path | None, quick: bool, step: Step) -> Measured:
    """Measure everything; `quick` leaves the ablations out."""
    out = Measured()
    with tempfile.TemporaryDirectory(prefix="motcua-report-") as place:
        understand = _understander(Path(place) / "direct", out, step)
        _understanding(understand, out, step)
        _search(export, out, step)
        _loading(out, step)
        if not quick:
            _ablations(Path(place) / "ablations", out, step)
    return out


def _understander(folder: Path, out: Measured, step: Step) -> Callable[[str], dict[str, Any]]:
    step("loading the model", None)
    try:
        engine = Engine(MODEL)
    except ModelError:
        step("training: the model does not fit the code", None)
        data = training_data()
        out.training = trained(folder, data)
        out.trained_on = len(data.intent_examples)
        out.through = (
            f"the components of `config.yml`, trained in this run: `models/{MODEL.name}` does not fit the code as it "
            "is now (`make train` makes one that does)"
        )
        return loaded(folder).understand
    out.model_loads = True
    state = "trained from what lies here now" if is_current(MODEL) else "**older than its sources: run `make train`**"
    out.through = f"`models/{MODEL.name}`, {state}"
    return engine.understand


def _understanding(understand: Callable[[str], dict[str, Any]], out: Measured, step: Step) -> None:
    written = sentences()
    out.sentences = len(written)
    known = {key(example.get("text")) for example in training_data().intent_examples}
    for style in (*STYLES, CAPITALS):
        step(f"understanding, {style}", len(written))
        results = understood(understand, styled(written, style), partial(step, None, None))
        out.intents[style], out.entities[style] = intents(results), entities(results)
        if style == STYLES[0]:
            new = [one.right for one in results if key(one.sentence.text) not in known]
            out.unseen, out.repeated = share(new), len(written) - len(new)
            out.speed = Speed(parse=speed.of_parses(results))


def _search(export: Path | None, out: Measured, step: Step) -> None:
    step("filling a catalogue", None)
    with installation(export) as session:
        known = searching.entries(session)
        rows, out.left_out = searching.questions(known)
        out.procedures = len(known)
        step("searching procedures", len(rows))
        results = searching.asked(session, known, rows, partial(step, None, None))
        for style in searching.STYLES:
            out.search[style] = searching.figures([one for one in results if one.question.style == style])
        out.search["all"] = searching.figures(results)
        step("plainer searches", None)
        out.baselines["BM25, official names, marks as typed"] = searching.figures(searching.plain(known, rows))
        without = searching.unaided(session, known, rows)
        out.baselines["our search without our everyday names"] = searching.figures(without)
        step("searching among a hundred thousand", None)
        out.speed = replace(
            out.speed,
            search=speed.of_searches(results),
            search_many=speed.searches_in_many(session, known, rows),
        )


def _loading(out: Measured, step: Step) -> None:
    step("loading in fresh processes", None)
    rows = speed.loadings(MODEL) if out.model_loads else []
    out.speed = replace(
        out.speed,
        importing=speed.measured(rows, 0),
        loading=speed.measured(rows, 1),
        first=speed.measured(rows, 2),
        model_mb=MODEL.stat().st_size / 1e6 if out.model_loads else None,
    )


def _ablations(folder: Path, out: Measured, step: Step) -> None:
    data = training_data()
    out.trained_on = len(data.intent_examples)
    written = sentences()
    styles = {style: styled(written, style) for style in STYLES}

    def took(name: str | None) -> None:
        step(name and f"ablation: {name}", len(written) * len(STYLES) if name else None)

    took("the whole")
    out.ablations = taken_away.ablations(folder, data, styles, out.training, took)
    step("segmenting words", None)
    texts = [one.text for one in written]
    segmentation.cost(texts[:20], 50)
    out.segmentation = {f"p{at}": segmentation.cost(texts, at) for at in (50, 95)}
