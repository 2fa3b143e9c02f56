"""The way of a dossier, step by step: as lines of text, and as facts that a channel may draw."""

from __future__ import annotations

from typing import Any

from bot import clock
from bot.dossiers.deadlines import Change
from bot.dossiers.lookup import DossierView
from bot.dossiers.statuses import Clock, Status, info

MOST_STEPS = 12  # the newest; a dossier that went to and fro for years would fill the screen
_SIGNS = {"done": "✓", "now": "●", "waits": "!", "stopped": "✕", "ahead": "○"}
_WAITS = (Status.SUPPLEMENT, Status.PAYMENT)


def steps(view: DossierView, history: list[Change]) -> list[dict[str, Any]]:
    """Return the steps, oldest first: what has been, where it stands, and the due date if that lies ahead."""
    shown = [
        {"status": change.status, "label": info(change.status).title, "at": _iso(change), "state": "done"}
        for change in history[-MOST_STEPS:]
    ]
    if not shown or shown[-1]["status"] != view.status:
        shown.append({"status": int(view.status), "label": info(view.status).title, "at": None, "state": "done"})
    shown[-1]["state"] = _present(view.status)
    due = view.new_due_at or view.due_at
    if due and info(view.status).clock in (Clock.NOT_YET, Clock.RUNS):
        label = "Hẹn lại" if view.new_due_at else "Hẹn trả kết quả"
        passed = " (đã qua)" if clock.to_vietnam(due).date() < clock.today() else ""
        at = clock.to_vietnam(due).isoformat()
        shown.append({"status": None, "label": f"{label}{passed}", "at": at, "state": "ahead"})
    return shown


def lines(view: DossierView, history: list[Change]) -> list[str]:
    """Return the steps as lines of a message."""
    text = [f"Dạ, hồ sơ {view.code} đi tới đây rồi ạ:"]
    for step in steps(view, history):
        at = clock.parse(step["at"]) if step["at"] else None
        when = "" if at is None else clock.say_date(at) if step["state"] == "ahead" else clock.say_time(at)
        text.append(f"{_SIGNS[step['state']]} {step['label']}{f': {when}' if when else ''}")
    return text


def _present(status: Status) -> str:
    if status in _WAITS:
        return "waits"
    state = info(status).clock
    if state is Clock.STOPPED:
        return "stopped"
    return "done" if status is Status.RETURNED else "now"


def _iso(change: Change) -> str:
    return clock.to_vietnam(change.at).isoformat()
