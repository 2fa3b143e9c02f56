"""Practice at the desk: a played citizen asks, the trainee answers, a clerk's answer and the record stand beside."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import clock
from bot.desk.access import EVERYONE, SUPERVISOR, DeskRoute, desk_of, form_of, look, member_of, run
from bot.desk.render import page
from bot.formulas import as_data
from bot.http_json import HttpError
from bot.practice import runs, sources, suggesting
from bot.practice.runs import JUDGEMENTS, PracticeError
from bot.practice.scenarios import ABOUT, MANNERS, scenarios
from bot.privacy import audit
from bot.staff.accounts import Member


async def listed(request: Request) -> Response:
    """Show the played citizens, and one's own last results."""
    own = await look(request, runs.results, member_of(request), 200)
    values = {"scenarios": scenarios(), "about": ABOUT, "manners": MANNERS, "own": own, "done": _best(own)}
    return page(request, "practice.html", **values, is_supervisor=member_of(request).role in SUPERVISOR)


def _best(own: list[runs.Result]) -> dict[str, str]:
    """Return the best result of each finished citizen, by title."""
    best: dict[str, tuple[int, int]] = {}
    for one in own:
        if one.ended_at and (one.title not in best or one.right > best[one.title][0]):
            best[one.title] = (one.right, one.turns)
    return {title: f"{right}/{turns}" for title, (right, turns) in best.items()}


async def begin(request: Request) -> Response:
    """Begin with a played citizen."""
    form = await form_of(request)
    begun = await _doing(request, runs.begin, form.get("scenario", ""), member_of(request))
    return RedirectResponse(f"/desk/practice/{begun.id}", 303)


async def opened(request: Request) -> Response:
    """Show a run as far as it is: the citizen's words, what was answered, the clerk's answer beside it."""
    return await _page(request)


async def _page(request: Request, status: int = 200, **more: Any) -> Response:
    values = await look(request, _read, int(request.path_params["id"]), member_of(request))
    return page(request, "practice_run.html", status, judgements=JUDGEMENTS, manners=MANNERS, **{**values, **more})


def _read(session: Session, run_id: int, member: Member) -> dict[str, Any]:
    try:
        found, scenario = runs.find(session, run_id, member, sees_all=member.role in SUPERVISOR)
    except PracticeError as error:
        raise HttpError(404, "not_found", str(error)) from error
    turns = [
        {"turn": turn, "given": given, "held": held, "record": sources.shown(session, turn.record)}
        for turn, given, held in runs.compared(found, scenario)
    ]
    waits = runs.waits_for_judgement(found)
    over = found.ended_at is not None
    return {
        "run": {"id": found.id, "right": found.right, "ended_at": found.ended_at},
        "scenario": scenario,
        "turns": turns,
        "mine": found.staff_id == member.id,
        "waits": waits,
        "next": None if waits or over else scenario.turns[len(turns)],
        "all_right": found.right == len(scenario.turns),
    }


async def answer(request: Request) -> Response:
    """Take the trainee's answer; or show the assistant's suggestion first, when that was asked for."""
    run_id, form, member = int(request.path_params["id"]), await form_of(request), member_of(request)
    if form.get("do") == "suggest":
        said = await look(request, _said, run_id, member)
        shared = desk_of(request)
        text = await asyncio.to_thread(suggesting.suggest, shared.database, shared.engine, said)
        return await _page(request, suggestion=text, asked=True, draft=form.get("text", ""))
    turn = form.get("turn", "")
    number = int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 4 else -1
    picked = form.get("do") == "pick"
    text = form.get("suggestion" if picked else "text", "")
    try:
        await run(request, _answer, run_id, number, text, member, picked)
    except PracticeError as error:
        return await _page(request, 400, error=str(error), draft=form.get("text", ""))
    return RedirectResponse(f"/desk/practice/{run_id}#turn-{number + 1}", 303)


def _answer(session: Session, run_id: int, turn: int, text: str, member: Member, picked: bool) -> None:
    runs.answer(session, run_id, turn, text, member, picked=picked)


def _said(session: Session, run_id: int, member: Member) -> list[str]:
    """Return what the citizen has said so far, the turn that waits for an answer last."""
    try:
        found, scenario = runs.find(session, run_id, member)
    except PracticeError as error:
        raise HttpError(404, "not_found", str(error)) from error
    return [turn.says for turn in scenario.turns[: len(found.answers) + 1]]


async def judge(request: Request) -> Response:
    """Take how the trainee judges the answer, and go on."""
    run_id, form = int(request.path_params["id"]), await form_of(request)
    try:
        await run(request, runs.judge, run_id, form.get("judged", ""), member_of(request))
    except PracticeError as error:
        return await _page(request, 400, error=str(error))
    return RedirectResponse(f"/desk/practice/{run_id}#next", 303)


async def _doing(request: Request, work: Any, *args: Any) -> Any:
    try:
        return await run(request, work, *args)
    except PracticeError as error:
        raise HttpError(404, "not_found", str(error)) from error


async def sheet(request: Request) -> Response:
    """Show the sheet of results: a supervisor sees everybody's, others their own."""
    rows = await run(request, _sheet, member_of(request), "practice.results")
    return page(request, "practice_results.html", rows=rows, judgements=JUDGEMENTS)


async def exported(request: Request) -> Response:
    """Return the sheet as CSV, with a mark at its beginning by which spreadsheets see that it is UTF-8."""
    rows = await run(request, _sheet, member_of(request), "practice.export")
    written = io.StringIO()
    table = csv.writer(written)
    heads = ["Bắt đầu", "Xong", "Người luyện", "Tài khoản", "Tình huống", "Đúng", "Đã trả lời", "Số câu"]
    table.writerow([*heads, *JUDGEMENTS.values()])
    for one in rows:
        ends = [clock.to_vietnam(at).isoformat(timespec="minutes") if at else "" for at in (one.began_at, one.ended_at)]
        names = [as_data(one.trainee), as_data(one.username), as_data(one.title)]
        table.writerow([*ends, *names, one.right, one.asked, one.turns, *one.judged.values()])
    headers = {"Content-Disposition": 'attachment; filename="luyen-tap.csv"'}
    return Response("\ufeff" + written.getvalue(), media_type="text/csv", headers=headers)


def _sheet(session: Session, member: Member, action: str) -> list[runs.Result]:
    """Return the results that somebody may see; to look at those of others is written down."""
    if member.role not in SUPERVISOR:
        return runs.results(session, member)
    audit.record(session, actor=member.actor, action=action, subject="all")
    return runs.results(session)


routes = [
    DeskRoute("/desk/practice", listed, roles=EVERYONE),
    DeskRoute("/desk/practice", begin, roles=EVERYONE, methods=("POST",)),
    DeskRoute("/desk/practice/results", sheet, roles=EVERYONE),
    DeskRoute("/desk/practice/results.csv", exported, roles=EVERYONE),
    DeskRoute("/desk/practice/{id:id}", opened, roles=EVERYONE),
    DeskRoute("/desk/practice/{id:id}/answer", answer, roles=EVERYONE, methods=("POST",)),
    DeskRoute("/desk/practice/{id:id}/judge", judge, roles=EVERYONE, methods=("POST",)),
]
