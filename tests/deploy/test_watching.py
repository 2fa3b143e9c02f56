"""Alerts and the board name only figures that exist, with the labels that they have; every alert has its runbook."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from bot.channels.telegram import listening
from bot.channels.zalo import alarms
from bot.conversation.models import DEAD, OUTBOX_STATES
from bot.conversation.understanding import OUTCOMES
from bot.settings import ROOT
from bot.upkeep.waiting import QUEUES

from .files import DEPLOY, board, read, rules, run_tool

ANCHORS = frozenset(
    "zalo-token-dead telegram-token-dead database-away queue-grows dead-letters channel-away many-fallbacks disk-full "
    "turns-failing no-backup".split()
)
# Figures of others: node_exporter, the kubelet, kube-state-metrics, blackbox_exporter, Prometheus and its client.
OTHERS = re.compile(
    r"node_filesystem_(avail|size)_bytes|kubelet_volume_stats_(available|capacity)_bytes|probe_success|up|"
    r"kube_cronjob_status_last_successful_time|process_(resident_memory_bytes|cpu_seconds_total)"
)
ADDED = {"job", "instance", "le"}  # by Prometheus and by histograms
KINDS = {
    "Counter": ("_total",),
    "CounterMetricFamily": ("_total",),
    "Gauge": ("",),
    "GaugeMetricFamily": ("",),
    "Histogram": ("_bucket", "_sum", "_count"),
}
_WORDS = set(
    "sum max min rate increase by on and or unless absent time histogram_quantile predict_linear ignoring".split()
)


def _calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield kind, name and labels of every figure that bot/ declares."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "prometheus_client" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            kind = getattr(node.func, "id", getattr(node.func, "attr", ""))
            name = node.args[0].value
            if kind not in KINDS or not isinstance(name, str) or not name.startswith("motcua_"):
                continue
            lists = [*node.args[1:], *(k.value for k in node.keywords if k.arg in ("labelnames", "labels"))]
            listed = [entry for part in lists if isinstance(part, (ast.List, ast.Tuple)) for entry in part.elts]
            yield kind, name, {entry.value for entry in listed if isinstance(entry, ast.Constant)}


@lru_cache(maxsize=1)
def _declared() -> dict[str, set[str]]:
    """Return the series that /metrics and the backup script give, each with its labels."""
    found = {}
    for kind, name, labels in _calls():
        for ending in KINDS[kind]:
            found[name.removesuffix("_total") + ending] = labels
    of_backups = re.findall(r"^# TYPE (motcua_\w+)", read("bin/motcua-backup"), re.MULTILINE)
    return found | {name: set() for name in of_backups}


def _expressions() -> list[tuple[str, str]]:
    of_rules = [(f"alert {rule['alert']}", rule["expr"]) for rule in rules()]
    panels = [(p, t) for p in board()["panels"] for t in p.get("targets", [])]
    return of_rules + [
        (f"panel {p['title']} {t['refId']}", t["expr"].replace("$__rate_interval", "5m")) for p, t in panels
    ]


EXPRESSIONS = _expressions()


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_every_figure_exists_with_its_labels(where: str, expression: str) -> None:
    declared = _declared()
    bare = re.sub(r'"[^"]*"', '""', expression)
    outside = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|on|ignoring) \([^)]*\)", " ", bare)
    names = {word for word in re.findall(r"[a-z_]\w*", outside) if word not in _WORDS}
    unknown = {name for name in names if name not in declared and not OTHERS.fullmatch(name)}
    assert names and not unknown, f"{where}: no such figure: {sorted(unknown)}"
    for name, matchers in re.findall(r"(motcua_\w+)\{([^}]*)\}", bare):
        labels = set(re.findall(r"(\w+)\s*[=!]", matchers))
        assert labels <= declared[name] | ADDED, f"{where}: {name} has no label {labels - declared[name] - ADDED}"
    grouped = {word for group in re.findall(r"\bby \(([^)]*)\)", bare) for word in re.findall(r"\w+", group)}
    here: set[str] = set().union(*(declared.get(name, set()) for name in names))
    assert grouped <= here | ADDED, f"{where}: grouped by what is no label: {grouped - here - ADDED}"


def test_every_value_that_is_asked_for_can_come() -> None:
    turn = (ROOT / "bot" / "conversation" / "turn.py").read_text(encoding="utf-8")
    stages = set(re.findall(r'timed\("(\w+)"\)', turn))
    can = {
        ("motcua_outbox_total", "state"): set(OUTBOX_STATES),
        ("motcua_zalo_alarm", "reason"): set(alarms.SENTENCES),
        ("motcua_telegram_alarm", "reason"): set(listening._ALARMS),
        ("motcua_turns_total", "outcome"): set(OUTCOMES),
        **{(f"motcua_turn_seconds_{part}", "stage"): stages for part in ("bucket", "sum", "count")},
        **{(name, "queue"): set(QUEUES) for name in ("motcua_waiting_rows", "motcua_oldest_waiting_seconds")},
    }
    for where, expression in EXPRESSIONS:
        for name, matchers in re.findall(r"(motcua_\w+)\{([^}]*)\}", expression):
            for label, asked in re.findall(r'(\w+)!?=~?"([^"]*)"', matchers):
                known = can.get((name, label))
                assert known is None or set(asked.split("|")) <= known, f"{where}: {name}: {label} is never {asked}"


def test_dead_letters_are_what_the_code_calls_so() -> None:
    [expression] = [rule["expr"] for rule in rules() if rule["alert"] == "dead-letters"]
    assert f'"{"|".join(DEAD)}"' in expression


def test_the_share_not_understood_is_of_what_the_assistant_answered() -> None:
    others = {"guard", "person", "failed", "off", "limited"}
    asked = {found for _, expression in EXPRESSIONS for found in re.findall(r'outcome=~"([^"]*)"', expression)}
    assert [set(found.split("|")) for found in asked] == [set(OUTCOMES) - others]


def test_every_alarm_of_a_platform_alerts_somebody() -> None:
    text = " ".join(rule["expr"] for rule in rules())
    for name, reasons in (("motcua_zalo_alarm", alarms.SENTENCES), ("motcua_telegram_alarm", listening._ALARMS)):
        asked = {r for found in re.findall(name + r'\{reason=~?"([^"]*)"', text) for r in found.split("|")}
        assert asked == set(reasons), name


def test_every_alert_says_what_it_is_and_where_to_read_on() -> None:
    assert {rule["alert"] for rule in rules()} >= ANCHORS
    runbooks = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", runbooks, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    anchors |= set(re.findall(r'<a (?:id|name)="([\w-]+)"', runbooks))
    for rule in rules():
        notes = rule["annotations"]
        page, _, anchor = notes["runbook"].partition("#")
        assert page == "docs/runbooks.md" and anchor in ANCHORS, rule["alert"]
        assert anchor in anchors, f"docs/runbooks.md has no {anchor}"
        assert rule["labels"]["severity"] in ("critical", "warning"), rule["alert"]
        assert 20 <= len(notes["summary"]) <= 160, rule["alert"]


def test_the_board_can_be_imported() -> None:
    made = board()
    assert made["id"] is None and made["uid"] == "motcua" and made["schemaVersion"] >= 36
    ids = [panel["id"] for panel in made["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in made["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        fields = {(place["x"] + i, place["y"] + j) for i in range(place["w"]) for j in range(place["h"])}
        assert not fields & taken, f"{panel['title']} lies over another panel"
        taken |= fields
        if panel["type"] != "row":
            assert panel["description"] and panel["targets"], panel["title"]
            assert {str(part["datasource"]["uid"]) for part in [panel, *panel["targets"]]} == {"${datasource}"}


def test_jobs_have_the_names_that_alerts_use() -> None:
    jobs = set(re.findall(r"job_name: (\S+)", read("prometheus/prometheus.yml")))
    asked = {job for _, expression in EXPRESSIONS for job in re.findall(r'\bjob="([^"]*)"', expression)}
    assert asked <= jobs


def test_promtool_agrees() -> None:
    folder = DEPLOY / "prometheus"
    for words in (["check", "rules", str(folder / "alerts.yml")], ["test", "rules", str(folder / "alerts_test.yml")]):
        done = run_tool("promtool", *words)
        assert done.returncode == 0, done.stdout + done.stderr
