"""Going through a guide: showing a step, writing it down, pausing, and taking it up again, here or elsewhere."""

from __future__ import annotations

from typing import Any

import msgspec

from actions.turn import LISTEN, Reply, Turn
from bot.accounts import answers, moves, runs, runs_answers, runs_codes
from bot.accounts.guides import guides
from bot.accounts.models import GuideRun
from bot.accounts.runs import Place
from bot.messages import MOST_BUTTONS, Button, Message, button, say
from bot.tickets import answers as tickets

PAUSED = "guide_paused"  # `pending` right after a pause: an "ok" then goes on nowhere
CHECK = button("Kiểm tra nhanh", "help", readiness="start")
NO_GUIDE: dict[str, Any] = {"guide": None, "guide_step": None}
# These mean what they say, in a guide too.
FIRST = frozenset({"talk_to_human", "abuse", "suspect_scam", "emergency", "request_my_data", "send_feedback"})


def under_way(turn: Turn) -> tuple[Place, GuideRun | None] | None:
    """Return where the guide under way stands; None when there is none, or it is no longer shipped."""
    goal, step = turn.slots.get("guide"), turn.slots.get("guide_step")
    if goal not in guides() or not isinstance(step, (int, float)):
        return None
    run = runs.under_way(turn.session, turn.conversation_id, goal)
    now = runs.place(run) if run else None
    if now and now.changed:
        return now, run
    return Place(goal, max(1, min(int(step), len(guides()[goal].steps)))), run


def show(turn: Turn, goal: str, number: int, before: str = "", run: GuideRun | None = None) -> Reply:
    """Show a step and write it down; at the beginning the quick check is offered."""
    number = max(1, min(number, len(guides()[goal].steps)))
    run = note(turn, Place(goal, number), "shown", run)
    code = (run.code or runs.give_code(turn.session, run)) if run else None
    message = answers.guide_step(goal, number, before, code)
    slots: dict[str, Any] = {"guide": goal, "guide_step": number}
    if turn.slots.get("pending"):
        slots["pending"] = None
    return Reply([offering(message, CHECK) if number == 1 else message], slots)


def note(turn: Turn, at: Place, event: str, run: GuideRun | None = None) -> GuideRun | None:
    """Write down what happened at a step; in a shell, which has no conversation, only where a code needs it."""
    if turn.conversation_id is None and event != "paused":
        return None
    run = run or runs.under_way(turn.session, turn.conversation_id, at.goal)
    guide = guides()[at.goal]
    return runs.record(
        turn.session,
        turn.channel,
        run.run_key if run else runs.new_key(),
        at.goal,
        guide.version,
        guide.steps[at.number - 1].id,
        event,
        conversation_id=turn.conversation_id,
    )


def forth(turn: Turn, at: Place, run: GuideRun | None, to: int | None = None) -> Reply:
    """Go on to the next step (or the one named); what was paused or has gone is shown again first."""
    of = len(guides()[at.goal].steps)
    if at.moved or (run is not None and run.state == "paused" and to is None):
        return show(turn, at.goal, at.number, runs_answers.changed(at))
    if to is None:
        note(turn, at, "done")
    if to is None and at.number >= of:
        return Reply([answers.guide_done(at.goal)], dict(NO_GUIDE))
    return show(turn, at.goal, to or at.number + 1, runs_answers.changed(at))


def back(turn: Turn, at: Place, to: int | None = None) -> Reply:
    """Go one step back (or to the one named); before the first one there is none, and nothing is lost."""
    if at.moved:
        return show(turn, at.goal, at.number, runs_answers.changed(at))
    if at.number == 1 and to is None:
        return show(turn, at.goal, 1, "Dạ, đây là bước đầu rồi ạ.")
    note(turn, at, "back")
    return show(turn, at.goal, to or at.number - 1, runs_answers.changed(at))


def pause(turn: Turn, at: Place) -> Reply:
    """Keep the place, and tell the code with which it goes on anywhere."""
    run = note(turn, at, "paused")
    assert run is not None, "a step of a shipped guide is always written down"
    runs.give_code(turn.session, run)
    return Reply([runs_answers.paused(at, run)], {"pending": PAUSED})


def leave(turn: Turn) -> None:
    """Write down that somebody stops the guide under way."""
    if found := under_way(turn):
        note(turn, found[0], "left")


def take_up(turn: Turn, slots: dict[str, Any] | None = None, before: str = "") -> Reply | None:
    """Show again the step at which a guide stands: of `slots`, or of the conversation's last run; None without any."""
    goal = (slots or {}).get("guide")
    run = runs.under_way(turn.session, turn.conversation_id, goal, left=True)
    at = runs.place(run) if run else None
    if at is None and goal in guides():
        at = Place(goal, int((slots or {}).get("guide_step") or 1))
    if at is None:
        return None
    return show(turn, at.goal, at.number, runs_answers.changed(at) or before, run)


def coded(turn: Turn) -> Reply | None:
    """Return the answer to a resume code; None when the message holds none."""
    code = runs_codes.find(turn.text) or _bare_code(turn)
    return _resumed(turn, code) if code else None


def move(turn: Turn) -> Reply | None:
    """Return the answer to a move inside the guide under way; None when the message is none."""
    if turn.intent in FIRST or pressed(turn):
        return None
    found = under_way(turn)
    if found is None:
        return take_up(turn, before="Dạ, mình làm tiếp nhé.") if moves.goes_on(turn.text) else None
    if turn.slots.get("pending") == PAUSED and turn.intent == "affirm" and not moves.goes_on(turn.text):
        said = "Dạ vâng. Khi nào tiện anh/chị nhắn “tiếp tục hướng dẫn” là mình làm tiếp ạ."
        return Reply([say("smalltalk", said, topic="affirm")], {"pending": PAUSED})
    wanted = moves.read(turn.text)
    return _moved(turn, wanted, *found) if wanted else None


def pressed(turn: Turn) -> bool:
    """Return whether a button with a meaning of its own was pressed, whatever its title says."""
    return any(entity.get("extractor") == "button" for entity in turn.entities)


def _moved(turn: Turn, wanted: moves.Move, at: Place, run: GuideRun | None) -> Reply | None:
    if wanted.kind in ("pause", "code"):
        return pause(turn, at)
    if wanted.kind == "where":
        return Reply([runs_answers.where(at)])
    if wanted.kind in ("repeat", "go_on"):
        return show(turn, at.goal, at.number, runs_answers.changed(at) or "Dạ, bước mình đang làm đây ạ.")
    if wanted.kind == "jump":
        return _jump(turn, at, run, wanted.to or 1)
    if wanted.kind == "next":
        return forth(turn, at, run)
    if wanted.kind == "back":
        return back(turn, at)
    if wanted.kind == "wait":
        return Reply([runs_answers.wait(at)])
    return _stuck(turn, at, run)


def _stuck(turn: Turn, at: Place, run: GuideRun | None) -> Reply:
    """Say what helps at a step without a known problem; the second time a person takes over."""
    step = guides()[at.goal].steps[at.number - 1]
    if run is not None and run.state == "stuck" and run.step_id == step.id:
        summary = f"Hướng dẫn: {guides()[at.goal].title}. Kẹt ở bước {at.number} ({step.title}). Đã thử: {step.if_not}"
        handed = tickets.handoff(turn.session, turn.conversation_id, "account", summary, subject=at.goal)
        return Reply([handed])
    note(turn, at, "stuck", run)
    return Reply([runs_answers.stuck(at)])


def _jump(turn: Turn, at: Place, run: GuideRun | None, to: int) -> Reply:
    of = len(guides()[at.goal].steps)
    to = of if to == moves.LAST else to
    if not 1 <= to <= of:
        return show(turn, at.goal, at.number, f"Dạ, hướng dẫn này có {of} bước thôi ạ; mình đang ở bước {at.number}.")
    return show(turn, at.goal, to, f"Dạ, bước {to} đây ạ." if to != at.number else "Dạ, mình đang ở bước này ạ.")


def _resumed(turn: Turn, code: str) -> Reply:
    run = runs.by_code(turn.session, code)
    at = runs.place(run) if run else None
    if run is None or at is None:
        return Reply([runs_answers.unknown_code(code)], then=LISTEN)
    if run.state == "done":
        return Reply([answers.guide_done(run.goal)], {**NO_GUIDE, "pending": None}, then=LISTEN)
    run.conversation_id = turn.conversation_id
    before = runs_answers.changed(at) or f"Dạ, mình {guides()[at.goal].title} tiếp, ở bước đang dở nhé."
    return show(turn, at.goal, at.number, before, run)


def _bare_code(turn: Turn) -> str | None:
    """Return a code typed without its "HD-", if it is one; with a dossier in talk it may be the slip's secret."""
    code = None if turn.slots.get("dossier_code") else runs_codes.bare(turn.text)
    return code if code and runs.by_code(turn.session, code) else None


def offering(message: Message, new: Button) -> Message:
    """Return the message with one button more, before the last one, which leads to a person."""
    if len(message.buttons) >= MOST_BUTTONS or any(new.title == old.title for old in message.buttons):
        return message
    return msgspec.structs.replace(message, buttons=(*message.buttons[:-1], new, *message.buttons[-1:]))
