"""What a caller gets to keep: the checklist on the table, the same answer on a channel of theirs, or on paper."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from bot import clock
from bot.conversation.linking import NAMES
from bot.conversation.ways import Ways
from bot.desk import calls, papers, spoken
from bot.desk.access import AGENT, DeskRoute, desk_of, form_of, look, member_of, run
from bot.desk.papers import Checklist
from bot.desk.phone import back, found, mine
from bot.desk.render import page
from bot.http_json import HttpError, json_response
from bot.privacy import audit
from bot.procedures import sheet
from bot.staff.accounts import Member
from bot.tickets.answers import CENTRE_PHONE

_MOST_PAPERS = 100


async def checklist(request: Request) -> Response:
    """Show the papers of a procedure to tick."""
    call_id, code = int(request.path_params["call"]), request.path_params["code"]
    listed = await look(request, papers.checklist, code, request.query_params.get("case"))
    if listed is None:
        raise HttpError(404, "not_found", "Không có thủ tục này.")
    return page(request, "phone_papers.html", listed=listed, call_id=call_id)


async def send(request: Request) -> Response:
    """Send an answer of the call, or the papers that are missing, to the caller's own channel."""
    call_id, form = int(request.path_params["call"]), await form_of(request)
    said = await run(request, _send, call_id, member_of(request), desk_of(request).ways, form)
    return json_response({"said": said}) if request.headers.get("x-requested-with") else back(call_id)


def _send(session: Session, call_id: int, member: Member, ways: Ways, form: dict[str, str]) -> str:
    going = mine(session, call_id, member)
    if not going.linked:
        raise HttpError(409, "not_linked", "Chưa nối với kênh nào của người gọi: nhập mã nối kênh, hoặc in ra giấy.")
    if form.get("code"):
        messages = [papers.message(_listed(session, form), _ticked(form))]
    else:
        messages = spoken.messages(session, going, _inbox_id(form) or 0)
    if not messages:
        raise HttpError(404, "not_found", "Chưa có câu trả lời nào để gửi.")
    calls.hold(session, going.conversation_id)
    ways_taken = [ways.tell(session, going.conversation_id, message, but_not=going.address_id) for message in messages]
    audit.record(
        session,
        actor=member.actor,
        action="conversation.send",
        subject=str(going.conversation_id),
        reason=f"cuộc gọi {call_id}",
    )
    way = ways_taken[-1]
    if way.state == "held":
        return "Đã để sẵn: người gọi nhận được khi họ nhắn tin lại."
    return f"Đã gửi qua {NAMES.get(way.channel, way.channel)}."


async def printed(request: Request) -> Response:
    """Show what was answered as a page to print: one answer, the missing papers, or the whole call."""
    call_id, given = int(request.path_params["call"]), dict(request.query_params)
    return page(request, "phone_print.html", **await run(request, _printed, call_id, member_of(request), given))


def _printed(session: Session, call_id: int, member: Member, given: dict[str, str]) -> dict[str, Any]:
    going = found(session, call_id)
    audit.record(session, actor=member.actor, action="conversation.read", subject=str(going.own), reason="in ra giấy")
    values: dict[str, Any] = {"call": going, "now": clock.now(), "phone": CENTRE_PHONE, "answers": [], "listed": None}
    if given.get("code"):
        listed = _listed(session, given)
        return {
            **values,
            "listed": listed,
            "missing": listed.missing(_ticked(given)),
            "link": sheet.address(listed.code),
        }
    wanted = [_inbox_id(given)] if given.get("inbox") else _said_in(session, going)
    answers = [spoken.answer(session, going, inbox_id) for inbox_id in wanted]
    return {**values, "answers": [one for one in answers if one and one.told]}


def _said_in(session: Session, going: calls.Going) -> list[int]:
    return [line.custom["inbox_id"] for line in spoken.lines(session, going) if line.sender == "citizen"]


def _listed(session: Session, given: dict[str, str]) -> Checklist:
    listed = papers.checklist(session, given.get("code", ""), given.get("case"))
    if listed is None:
        raise HttpError(404, "not_found", "Không có thủ tục này.")
    return listed


def _ticked(given: dict[str, str]) -> frozenset[int]:
    """Return the numbers of the papers that are there: "0,2,3"."""
    numbers = given.get("have", "").split(",")[:_MOST_PAPERS]
    return frozenset(int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 4)


def _inbox_id(given: dict[str, str]) -> int | None:
    number = given.get("inbox", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


_CALL = "/desk/phone/{call:id}"
routes = [
    DeskRoute(f"{_CALL}/papers/{{code}}", checklist, roles=AGENT),
    DeskRoute(f"{_CALL}/send", send, roles=AGENT, methods=("POST",)),
    DeskRoute(f"{_CALL}/print", printed, roles=AGENT),
]
