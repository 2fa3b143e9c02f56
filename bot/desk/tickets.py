"""Tickets: the list, one of them, opening one by hand, and what a member of the staff does with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation import staffing, ticket_telling
from bot.conversation.models import Conversation
from bot.conversation.staffing import StaffingError
from bot.desk import ticket_list
from bot.desk.access import AGENT, DeskRoute, desk_of, form_of, look, member_of, run
from bot.desk.render import page
from bot.http_json import HttpError, json_response
from bot.privacy import audit
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.text import clean
from bot.tickets import timers, work
from bot.tickets.models import Note, Ticket
from bot.tickets.names import STATE_NAMES, TOPIC_NAMES
from bot.tickets.work import WorkError

_DONE = {
    "new": "Đã mở phiếu.",
    "take": "Anh/chị đã nhận phiếu này.",
    "pass": "Đã chuyển phiếu.",
    "close": "Đã đóng phiếu.",
    "timer": "Đã đặt hạn.",
    "note": "Đã ghi lại.",
}


async def listed(request: Request) -> Response:
    """Show the list, with what is near its deadline above it."""
    asked = request.query_params
    owner = asked.get("owner", "")
    wanted = ticket_list.Wanted(
        tab=asked.get("tab", "open") if asked.get("tab") in ticket_list.TABS else "open",
        topic=asked.get("topic", "") if asked.get("topic") in TOPIC_NAMES else "",
        owner=owner if owner == "none" or _number(owner) else "",
        words=clean(asked.get("q", "")[:60]),
        page=max(1, _number(asked.get("page")) or 1),
    )

    def read(session: Session) -> dict[str, Any]:
        member = member_of(request)
        found = ticket_list.rows(session, wanted, member)
        return {
            "rows": found[: ticket_list.PAGE],
            "more": len(found) > ticket_list.PAGE,
            "counts": ticket_list.counts(session, member),
            "alerts": ticket_list.alerts(session, member) if wanted.tab != "soon" else [],
            "owners": session.execute(select(Staff.id, Staff.display_name).order_by(Staff.display_name)).all(),
        }

    values = await look(request, read)
    return page(request, "tickets.html", wanted=wanted, tabs=ticket_list.TABS, topics=TOPIC_NAMES, **values)


async def opened(request: Request) -> Response:
    """Show one ticket; the look is written down."""
    values = await run(request, _ticket, int(request.path_params["id"]), member_of(request))
    return page(request, "ticket.html", **values, done=_DONE.get(request.query_params.get("done", "")))


def _ticket(session: Session, ticket_id: int, member: Member) -> dict[str, Any]:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise HttpError(404, "not_found", "Không có phiếu này.")
    topic = TOPIC_NAMES[ticket.topic]
    audit.record(session, actor=member.actor, action="ticket.read", subject=ticket.number, reason=topic)
    mine = ticket.taken_by == member.id
    return {
        "ticket": ticket,
        "topic": topic,
        "state": STATE_NAMES[ticket.state],
        "standing": timers.standing(ticket),
        "left": timers.say_left(ticket),
        "basis": timers.basis(ticket),
        "timers": timers.TIMERS.get(ticket.topic, ()),
        "owner": staffing.name_of(session, ticket.taken_by) if ticket.taken_by else None,
        "mine": mine,
        "may": ticket.state != "closed" and (ticket.taken_by is None or mine or member.role != "agent"),
        "longest": work.LONGEST_RESOLUTION,
        "notes": session.execute(
            select(Note.text, Note.at, Staff.display_name)
            .join(Staff, Staff.id == Note.staff_id)
            .where(Note.ticket_id == ticket_id)
            .order_by(Note.id)
        ).all(),
        "colleagues": session.execute(
            select(Staff.username, Staff.display_name).where(Staff.active == 1, Staff.id != member.id)
        ).all(),
        "teams": sorted(set(session.execute(select(Staff.team).where(Staff.team.is_not(None))).scalars())),
    }


async def ask_new(request: Request) -> Response:
    """Show the form for a ticket that is opened by hand; `conversation` says whose it is."""
    conversation = _number(request.query_params.get("conversation"))
    return page(request, "ticket_new.html", topics=TOPIC_NAMES, given={"conversation": conversation or ""})


async def make_new(request: Request) -> Response:
    """Open a ticket by hand."""
    form, member = await form_of(request), member_of(request)

    def make(session: Session) -> int:
        given = form.get("conversation", "").strip()
        conversation_id = _number(given)
        if given and (conversation_id is None or session.get(Conversation, conversation_id) is None):
            raise WorkError("Không có cuộc trò chuyện mang số này.")
        ticket = work.open_by_hand(
            session, form.get("topic", ""), form.get("summary", ""), form.get("subject"), conversation_id
        )
        audit.record(session, actor=member.actor, action="ticket.open", subject=ticket.number)
        return int(ticket.id)

    try:
        ticket_id = await run(request, make)
    except WorkError as error:
        return page(request, "ticket_new.html", 400, topics=TOPIC_NAMES, given=form, error=str(error))
    return RedirectResponse(f"/desk/tickets/{ticket_id}?done=new", 303)


async def act(request: Request) -> Response:
    """Do one of the things that staff do with a ticket, and show it again; a script gets JSON."""
    ticket_id, form = int(request.path_params["id"]), await form_of(request)
    try:
        await run(request, _act, ticket_id, member_of(request), desk_of(request).ways, form)
    except (WorkError, StaffingError) as error:
        if request.headers.get("x-requested-with"):
            raise HttpError(409, "not_now", str(error)) from error
        values = await run(request, _ticket, ticket_id, member_of(request))
        return page(request, "ticket.html", 409, **values, error=str(error), given=form)
    if request.headers.get("x-requested-with"):
        return json_response({"done": True})
    return RedirectResponse(f"/desk/tickets/{ticket_id}?done={form.get('do')}", 303)


def _act(session: Session, ticket_id: int, member: Member, ways: Any, form: dict[str, str]) -> None:
    if session.get(Ticket, ticket_id) is None:
        raise HttpError(404, "not_found", "Không có phiếu này.")
    what = form.get("do")
    if what == "take":
        ticket_telling.take(session, ticket_id, member)
    elif what == "pass":
        to, team = form.get("to") or None, form.get("team") or None
        ticket_telling.pass_on(session, ticket_id, member, to=to, team=team)
    elif what == "close":
        tell = form.get("tell") == "1"
        ticket_telling.close(session, ticket_id, member, form.get("resolution", ""), ways, tell=tell)
    elif what == "timer":
        extended = form.get("extended") == "1"
        work.set_timer(session, ticket_id, member, form.get("timer", ""), extended=extended, why=form.get("why", ""))
    elif what == "note":
        staffing.note(session, member, form.get("text", ""), conversation_id=None, ticket_id=ticket_id)
    else:
        raise WorkError("Chưa rõ anh/chị muốn làm gì, tải lại trang giúp.")
    number = work.find(session, ticket_id).number
    audit.record(session, actor=member.actor, action=f"ticket.{what}", subject=number)


def _number(given: str | None) -> int | None:
    """Return the number that a browser sent; None for anything else."""
    return int(given) if given and len(given) < 10 and given.isascii() and given.isdigit() else None


routes = [
    DeskRoute("/desk/tickets", listed, roles=AGENT),
    DeskRoute("/desk/tickets/new", ask_new, roles=AGENT),
    DeskRoute("/desk/tickets/new", make_new, roles=AGENT, methods=("POST",)),
    DeskRoute("/desk/tickets/{id:id}", opened, roles=AGENT),
    DeskRoute("/desk/tickets/{id:id}/do", act, roles=AGENT, methods=("POST",)),
]
