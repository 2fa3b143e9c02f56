"""The learning loop at the desk: messages that went wrong, put together, masked, and what editors say of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.access import EDITOR, DeskRoute, form_of, look, member_of, run
from bot.desk.render import page
from bot.http_json import HttpError
from bot.learning import decisions, groups, learnt
from bot.learning.decisions import LearningError
from bot.learning.intents import INTENTS, say_intent
from bot.privacy import audit
from bot.procedures import search
from bot.staff.accounts import Member

STATES = {"open": "Chờ xem", "accepted": "Đã nhận", "trained": "Đã học", "rejected": "Bỏ qua"}
WHYS = {
    "not_understood": "Không hiểu",
    "unsure": "Hiểu chưa chắc",
    "handed_off": "Chuyển cho người vì không hiểu",
    "corrected": "Nhân viên sửa câu trả lời",
    "reported": "Có người báo trả lời sai",
}
LABELS = {"intent": "ý", "alias": "tên gọi của thủ tục", "answer": "câu trả lời mới"}
PROCEDURES = 8  # found for an everyday name
LONGEST_SEARCH = 200


async def listed(request: Request) -> Response:
    """Show the groups of messages, the ones asked most first."""
    return await _page(request, None)


async def opened(request: Request) -> Response:
    """Show one group, and what can be said of it."""
    return await _page(request, int(request.path_params["id"]))


async def _page(request: Request, item: int | None, status: int = 200, **more: Any) -> Response:
    query = request.query_params
    state = query.get("state", "open")
    why = query.get("why") or None
    at = query.get("page", "0")
    values: dict[str, Any] = {
        "state": state if state in STATES else "open",
        "why": why if why in WHYS else None,
        "at": int(at) if at.isascii() and at.isdigit() and len(at) < 5 else 0,
        "asked": query.get("q", "")[:LONGEST_SEARCH],
    }
    values |= await look(request, _read, item, values)
    names = {"states": STATES, "whys": WHYS, "labels": LABELS, "intents": INTENTS, "say_intent": say_intent}
    return page(request, "learning.html", status, **{**values, **names, "page_size": groups.PAGE, **more})


def _read(session: Session, item: int | None, values: dict[str, Any]) -> dict[str, Any]:
    group = None
    if item is not None:
        group = groups.of_item(session, item)
        if group is None:
            raise HttpError(404, "not_found", "Không có câu này nữa.")
    asked = values["asked"] or (group.texts[0] if group and group.label is None else "")
    return {
        "groups": groups.listed(session, values["state"], values["why"], page=values["at"]),
        "counts": groups.counts(session),
        "waiting": learnt.waiting(session),
        "group": group,
        "found": search.rank(session, asked, PROCEDURES) if asked else [],
    }


async def decide(request: Request) -> Response:
    """Take what an editor says of a group, and go on to the next one."""
    item, form = int(request.path_params["id"]), await form_of(request)
    try:
        following = await run(request, _decide, item, form, member_of(request))
    except LearningError as error:
        return await _page(request, item, 400, error=str(error), given=form)
    return RedirectResponse(f"/desk/learning/{following}" if following else "/desk/learning", 303)


def _decide(session: Session, item: int, form: dict[str, str], member: Member) -> int | None:
    """Do what was decided; returns the next group that waits."""
    group = groups.of_item(session, item)
    if group is None:
        raise HttpError(404, "not_found", "Không có câu này nữa.")
    what = form.get("do", "")
    if what == "intent":
        decisions.accept_intent(session, group, form.get("intent", ""), member)
    elif what == "alias":
        decisions.accept_alias(session, group, form.get("code", ""), form.get("alias", ""), member)
    elif what == "answer":
        decisions.accept_answer(session, group, form.get("answer", ""), member)
    elif what == "reject":
        decisions.reject(session, group, member)
    elif what == "reopen":
        decisions.reopen(session, group, member)
    else:
        raise LearningError("Chưa rõ anh/chị muốn làm gì, tải lại trang giúp.")
    audit.record(session, actor=member.actor, action=f"learning.{what}", subject=group.shape)
    waiting = groups.listed(session)
    return item if what == "reopen" else waiting[0].id if waiting else None


async def proposed(request: Request) -> Response:
    """Return the answers that were proposed, as a file for those who write the content."""
    text = await look(request, learnt.proposals)
    headers = {"Content-Disposition": 'attachment; filename="answers.yml"'}
    return Response(text or "# Chưa có câu trả lời nào được đề nghị.\n", media_type="text/yaml", headers=headers)


routes = [
    DeskRoute("/desk/learning", listed, roles=EDITOR),
    DeskRoute("/desk/learning/answers.yml", proposed, roles=EDITOR),
    DeskRoute("/desk/learning/{id:id}", opened, roles=EDITOR),
    DeskRoute("/desk/learning/{id:id}", decide, roles=EDITOR, methods=("POST",)),
]
