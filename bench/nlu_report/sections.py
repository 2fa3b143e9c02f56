"""The sections of the report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.nlu_report.ablations import COLUMNS
from bench.nlu_report.figures import NOTHING, Figure
from bench.nlu_report.heldout import CAPITALS, STYLES
from bench.nlu_report.measures import Measured
from bench.nlu_report.searching import Search
from bench.nlu_report.targets import judged, number, percent, points
from bench.nlu_report.understanding import GROUPS, lost

CONFUSIONS = 20


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table with an empty line after it."""
    return [_line(head), _line(["---", *["---:"] * (len(head) - 1)]), *map(_line, rows), ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def intents(measured: Measured) -> Iterator[str]:
    """Yield accuracy in the three styles, calibration, what is refused, and what is confused."""
    yield from ("## Intents", "")
    rows: list[Sequence[str]] = []
    for style in STYLES:
        right = measured.intents[style].accuracy
        rows.append((f"accuracy, {style}", percent(right), judged(f"intents {style}", right)))
    known = measured.unseen.count
    rows.append((f"accuracy, as written, the {known} that are not in the training data", percent(measured.unseen), ""))
    for style in STYLES[1:]:
        gap = lost(measured.intents[STYLES[0]], measured.intents[style])
        rows.append((f"points lost, {style}", points(gap), judged(f"lost {style}", gap)))
    for style in STYLES:
        found = measured.intents[style]
        rows += [
            (f"right and sure enough to act, {style}", percent(found.as_answered), ""),
            (
                f"calibration error, {style}",
                percent(found.calibration),
                judged("intents calibration", found.calibration),
            ),
            (
                f"out of scope noticed, {style}",
                percent(found.out_of_scope),
                judged("out of scope", found.out_of_scope),
            ),
            (
                f"refused wrongly, {style}",
                percent(found.false_refusals),
                judged("false refusals", found.false_refusals),
            ),
        ]
    yield from table(("", "measured", "target"), rows)
    yield "Accuracy counts the likeliest intent, sure or not. “Not understood” counts as noticing what is out of scope."
    yield from ("", "### Most frequent confusions", "")
    others = [dict(measured.intents[style].confusions) for style in STYLES[1:]]
    top = measured.intents[STYLES[0]].confusions[:CONFUSIONS]
    rows = [(f"`{a}` → `{b}`", str(n), *(str(other.get((a, b), 0)) for other in others)) for (a, b), n in top]
    yield from table(("right → understood", *STYLES), rows)


def entities(measured: Measured) -> Iterator[str]:
    """Yield precision, recall and F1 of each type."""
    yield from (
        "## Entities",
        "",
        "Exact span and type. In the last table the marks are gone and the capitals are not.",
        "",
    )
    for style in (*STYLES, CAPITALS):
        scores = measured.entities[style]
        rows = []
        for group, kinds in GROUPS.items():
            for name in (group, *kinds):
                found = scores[name]
                shown = f"**{group}**" if name == group else f"`{name}`"
                aim = judged(name, found.f1) if name == group else ""
                count = str(found.recall.count)
                rows.append((shown, count, percent(found.precision), percent(found.recall), percent(found.f1), aim))
        yield from table((style, "there", "precision", "recall", "F1", "target of F1"), rows)


def search(measured: Measured) -> Iterator[str]:
    """Yield procedure search, beside plainer ways."""
    yield from ("## Procedure search", "")
    asked = measured.search["all"].first.count
    yield f"{asked} held-out questions over {measured.procedures} procedures" + (
        f"; {measured.left_out} more ask for procedures that are not in this catalogue." if measured.left_out else "."
    )
    yield ""
    names = {
        "first": "right one first", "three": "within three", "ten": "within ten", "answered": "answered at once",
        "asked_back": "asked back", "not_found": "not found", "wrong": "answered wrongly at once",
        "calibration": "calibration error",
    }  # fmt: skip
    everything = measured.search["all"]
    styles = [style for style in measured.search if style != "all"]
    rows = []
    for key, name in names.items():
        cells = [percent(_of(measured.search[style], key)) for style in ("all", *styles)]
        rows.append((name, *cells, judged(f"search {key}", _of(everything, key))))
    counts = [f"{style} ({measured.search[style].first.count})" for style in styles]
    yield from table(("", "all", *counts, "target (all)"), rows)
    yield from ("### Beside plainer ways, same questions", "")
    ways = {"our search": everything, **measured.baselines}
    rows = [(way, *(percent(_of(found, key)) for key in ("first", "three", "ten"))) for way, found in ways.items()]
    yield from table(("", "first", "within three", "within ten"), rows)


def _of(found: Search, key: str) -> Figure:
    return getattr(found, key)


def speed(measured: Measured) -> Iterator[str]:
    """Yield milliseconds, seconds and megabytes."""
    yield from ("## Speed and weight", "")
    speed = measured.speed
    rows = [(f"parse, {at}", number(f, "ms"), judged(f"parse {at}", f, "ms")) for at, f in speed.parse.items()]
    for name, key, held in (
        (f"{measured.procedures:,} procedures", "search", speed.search),
        ("100,000 procedures", "search many", speed.search_many),
    ):
        rows += [(f"search in {name}, {at}", number(f, "ms"), judged(f"{key} {at}", f, "ms")) for at, f in held.items()]
    total = sum(measured.training.values())
    training = Figure(total, total, total, 1) if measured.training else NOTHING
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in measured.training.items())
    rows.append(
        (
            f"training on {measured.trained_on} sentences, both learners",
            _once(training, "s", parts),
            judged("training", training, "s"),
        )
    )
    size = Figure(speed.model_mb, speed.model_mb, speed.model_mb, 1) if speed.model_mb else NOTHING
    rows.append(("model file", _once(size, "MB", ""), judged("model", size, "MB")))
    rows.append(("loading, beyond importing Rasa", number(speed.loading, "s"), judged("loading", speed.loading, "s")))
    rows.append(("importing Rasa", number(speed.importing, "s"), ""))
    yield from table(("", "measured", "target"), rows)
    yield "Training: the two learned components, without Rasa's start. Loading: median, least, most of three processes."
    yield ""


def _once(figure: Figure, unit: str, parts: str) -> str:
    return f"{figure.value:.1f} {unit}{f' ({parts})' if parts else ''}" if figure.known else "not measured"


def ablations(measured: Measured) -> Iterator[str]:
    """Yield the models without one part, and the verdicts."""
    yield from ("## What each part is worth", "")
    if not measured.ablations:
        yield from ("Left out of this run (`--quick`).", "")
        return
    whole, *others = measured.ablations
    shown = ["trained and measured in this run", *COLUMNS]
    yield from table(shown, [(row.name, *map(percent, row.values)) for row in (whole, *others)])
    yield "What the part brings, in points, sentence by sentence (F1 over the three styles together):"
    yield ""
    yield from table(
        ("the part", *COLUMNS, "verdict"), [(row.part, *map(points, row.worth), row.verdict) for row in others]
    )
    yield "“Keep”: in some column the part surely helps (the interval lies above zero), and in none it surely harms."
    yield "“No help shows” is said of these columns only: abbreviations and mending also serve the procedure search."
    yield f"Of these {len(others) * len(COLUMNS)} intervals one or two miss the truth by chance."
    cost = " and ".join(f"{number(figure, 'ms')} at {at}" for at, figure in measured.segmentation.items())
    yield f"Word segmentation costs a sentence with marks {cost}."
    yield ""


def each(measured: Measured) -> Iterator[str]:
    """Yield the accuracy of each intent, worst first."""
    yield from ("## Each intent", "")
    each = [measured.intents[style].each for style in STYLES]
    rows = [
        (f"`{name}`", str(figure.count), percent(figure), *(percent(other[name]) for other in each[1:]))
        for name, figure in sorted(each[0].items(), key=lambda item: item[1].value)
    ]
    yield from table(("intent", "sentences", *STYLES), rows)
