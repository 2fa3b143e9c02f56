"""Phone mode: what a caller says is typed, and the answer stands there before the sentence is finished."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.rest import ask
from bot.conversation import scratch
from bot.desk import calls, dossier_card, preview, spoken
from bot.desk.access import AGENT, Desk, DeskRoute, desk_of, form_of, look, member_of, run
from bot.desk.calls import CHANNEL, CallError, Going
from bot.desk.dossier_card import Card, CardError
from bot.desk.render import page
from bot.http_json import HttpError, json_response
from bot.privacy import audit
from bot.staff.accounts import Member

# What is typed in a call most, as one press.
QUICK = (
    ("Đặt bưu tá lấy hồ sơ", "Đặt bưu điện đến nhà lấy hồ sơ"),
    ("Giao kết quả tận nhà", "Giao kết quả tận nhà"),
    ("Tra hồ sơ", "Tra hồ sơ"),
    ("Mở tài khoản", "Làm sao tạo tài khoản dịch vụ công"),
)
# One at a time: two would only take the interpreter from each other, and from the turns.
_previews = ThreadPoolExecutor(1, "preview")
_newest: dict[int, float] = {}  # the latest preview asked for, by call: an older one is not worth its time


async def start_page(request: Request) -> Response:
    """Show the button that begins a call, and the calls of today."""
    return page(request, "phone.html", rows=await look(request, calls.today, member_of(request)))


async def begin(request: Request) -> Response:
    """Begin a call and lead to it; while the greeting is spoken, the catalogue is read in."""
    _previews.submit(preview.warm, desk_of(request).database)
    return RedirectResponse(f"/desk/phone/{await run(request, calls.begin, member_of(request))}", 303)


async def opened(request: Request) -> Response:
    """Show a call; the look is written down."""
    return page(request, "phone_call.html", **await run(request, _opened, _number(request), member_of(request)))


def _opened(session: Session, call_id: int, member: Member) -> dict[str, Any]:
    going = found(session, call_id)
    audit.record(session, actor=member.actor, action="conversation.read", subject=str(going.own), reason="cuộc gọi")
    return {
        **_live(session, going),
        "mine": going.staff_id == member.id and going.ended_at is None,
        "topics": calls.NOTE_TOPICS,
        "reasons": dossier_card.REASONS,
        "other": dossier_card.OTHER,
        "quick": QUICK,
    }


def _live(session: Session, going: Going) -> dict[str, Any]:
    """Return what changes while people talk."""
    return {"call": going, "lines": spoken.lines(session, going), "answer": spoken.answer(session, going)}


async def suggest(request: Request) -> Response:
    """Return what fits to what is being typed; nothing of it happens (204: something newer is being typed)."""
    began = time.perf_counter()
    text, call_id = (await form_of(request)).get("text", ""), _number(request)
    _newest[call_id] = began
    work = partial(_suggest, desk_of(request), call_id, member_of(request), text, began)
    try:
        suggested = await asyncio.get_running_loop().run_in_executor(_previews, work)
    finally:
        if _newest.get(call_id) == began:
            del _newest[call_id]
    if suggested is None:
        return Response(status_code=204)
    took = (time.perf_counter() - began) * 1000
    return json_response(suggested, headers={"Server-Timing": f"suggest;dur={took:.1f}"})


def _suggest(shared: Desk, call_id: int, member: Member, text: str, began: float) -> dict[str, Any] | None:
    if _newest.get(call_id, began) > began:
        return None
    with scratch.undone(shared.database) as session:
        here = calls.place(session, call_id, member.id) or mine(session, call_id, member).conversation_id
        return preview.suggest(session, shared.engine, here, text)


async def say(request: Request) -> Response:
    """Take what the caller said, or a button of the last answer, as a message of theirs; show the answer."""
    call_id, member, form = _number(request), member_of(request), await form_of(request)
    going = await look(request, mine, call_id, member)
    text = form.get("press") or form.get("text", "")
    _, lines = await ask(request, CHANNEL, going.sender, text, form.get("message_id") or None)
    customs = [line.custom for line in lines]
    if any(custom.get("topic") == "linked" for custom in customs):
        await run(request, _linked, call_id, member)
    if any(custom.get("kind") == "handoff" for custom in customs):
        await run(request, calls.settle_handoff, going)
    if request.headers.get("x-requested-with"):
        return page(request, "phone_live.html", **await look(request, lambda s: _live(s, found(s, call_id))))
    return back(call_id)


def _linked(session: Session, call_id: int, member: Member) -> None:
    going = found(session, call_id)
    audit.record(
        session,
        actor=member.actor,
        action="conversation.link",
        subject=str(going.conversation_id),
        reason=f"mã nối kênh, cuộc gọi {call_id}",
    )


async def dossier(request: Request) -> Response:
    """Show a whole dossier for a reason; the look, also one that found nothing, is written down."""
    call_id, form = _number(request), await form_of(request)
    card = await run(request, _card, call_id, member_of(request), form)
    values: dict[str, Any] = {"error": card} if isinstance(card, str) else {"card": card}
    values |= {"channels": dossier_card.CHANNELS, "returns": dossier_card.RETURNS}
    return page(request, "phone_dossier.html", **values)


def _card(session: Session, call_id: int, member: Member, form: dict[str, str]) -> Card | str:
    mine(session, call_id, member)
    try:
        why = dossier_card.reason(form.get("reason", ""), form.get("other", ""))
        return dossier_card.open_card(session, member, form.get("code", ""), f"{why} (cuộc gọi {call_id})")
    except CardError as error:
        return str(error)  # not raised on: the entry stays


async def note(request: Request) -> Response:
    """Keep a note, with a topic as a ticket; `end` ends the call as well."""
    call_id, form = _number(request), await form_of(request)
    try:
        number = await run(request, _note, call_id, member_of(request), form)
    except CallError as error:
        raise HttpError(422, "bad_note", str(error)) from error
    if form.get("end"):
        return RedirectResponse("/desk/phone", 303)
    if request.headers.get("x-requested-with"):
        said = f"Đã mở phiếu {number}; anh/chị đọc số này cho người gọi." if number else "Đã ghi lại."
        return json_response({"said": said, "ticket": number})
    return back(call_id)


def _note(session: Session, call_id: int, member: Member, form: dict[str, str]) -> str | None:
    going = mine(session, call_id, member)
    written, topic, ends = form.get("text", ""), form.get("topic", ""), bool(form.get("end"))
    ticket = None
    if written.strip() or topic or not ends:
        ticket = calls.keep_note(session, going, member, written, topic=topic, subject=form.get("subject", ""))
    if ends:
        calls.end(session, going)
    return str(ticket.number) if ticket else None


def found(session: Session, call_id: int) -> Going:
    """Return a call; raises HttpError 404."""
    going = calls.find(session, call_id)
    if going is None:
        raise HttpError(404, "not_found", "Không có cuộc gọi này.")
    return going


def mine(session: Session, call_id: int, member: Member) -> Going:
    """Return a call of this member of the staff that goes on; raises HttpError 404, 403 or 409."""
    going = found(session, call_id)
    if going.staff_id != member.id:
        raise HttpError(403, "not_yours", f"Cuộc gọi này của {going.staff}.")
    if going.ended_at is not None:
        raise HttpError(409, "ended", "Cuộc gọi này đã kết thúc, anh/chị bắt đầu cuộc mới giúp.")
    return going


def back(call_id: int) -> Response:
    """Lead a browser without script to the call."""
    return RedirectResponse(f"/desk/phone/{call_id}", 303)


def _number(request: Request) -> int:
    return int(request.path_params["call"])


_CALL = "/desk/phone/{call:id}"
routes = [
    DeskRoute("/desk/phone", start_page, roles=AGENT),
    DeskRoute("/desk/phone/begin", begin, roles=AGENT, methods=("POST",)),
    DeskRoute(_CALL, opened, roles=AGENT),
    DeskRoute(f"{_CALL}/suggest", suggest, roles=AGENT, methods=("POST",)),
    DeskRoute(f"{_CALL}/say", say, roles=AGENT, methods=("POST",)),
    DeskRoute(f"{_CALL}/dossier", dossier, roles=AGENT, methods=("POST",)),
    DeskRoute(f"{_CALL}/note", note, roles=AGENT, methods=("POST",)),
]
