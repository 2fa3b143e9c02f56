"""Chats: the live list, one conversation, and what a member of the staff does in it."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation import same_person, scratch, staffing, transcript
from bot.conversation.linking import NAMES
from bot.conversation.models import Address, Conversation, Draft, InboxMessage
from bot.conversation.scratch import Suggested
from bot.conversation.staffing import StaffingError
from bot.desk import chat_list
from bot.desk.access import AGENT, Desk, DeskRoute, desk_of, form_of, look, member_of, run
from bot.desk.render import page
from bot.http_json import HttpError, json_response
from bot.privacy import audit
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.tickets import chats as queue
from bot.tickets.models import CannedPhrase, Note, Ticket

SHOWN = 100  # messages at a time
_NO_HELP = frozenset({"handoff", "fallback"})  # what the assistant says when it cannot help is no suggestion


async def listed(request: Request) -> Response:
    """Show the list, and the conversation of the address beside it."""
    return await _page(request, None)


async def opened(request: Request) -> Response:
    """Show one conversation; the look is written down."""
    return await _page(request, int(request.path_params["id"]))


async def _page(request: Request, conversation_id: int | None) -> Response:
    tab = request.query_params.get("tab", "waiting")
    tab = tab if tab in chat_list.TABS else "waiting"
    values: dict[str, Any] = {"tab": tab, "tabs": chat_list.TABS, "open": conversation_id}
    before = _number(request.query_params.get("before"))
    values["rows"] = await look(request, _rows, tab, member_of(request), before)
    values["page_size"] = chat_list.PAGE
    if conversation_id is not None:
        values |= await run(request, _conversation, conversation_id, member_of(request))
    fragment = "chat_rows.html" if request.query_params.get("only") == "list" else "chats.html"
    return page(request, fragment, **values)


def _rows(session: Session, tab: str, member: Member, before: int | None) -> list[chat_list.Row]:
    return chat_list.rows(session, tab, member, before=before)


def _conversation(session: Session, conversation_id: int, member: Member) -> dict[str, Any]:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise HttpError(404, "not_found", "Không có cuộc trò chuyện này.")
    audit.record(session, actor=member.actor, action="conversation.read", subject=str(conversation_id))
    chat = queue.going_on(session, conversation_id)
    addresses = session.execute(select(Address).where(Address.conversation_id == conversation_id)).scalars().all()
    return {
        "conversation": conversation,
        "name": next((one.name for one in addresses if one.name), f"Người dân {conversation_id}"),
        "channels": [NAMES.get(one.channel, one.channel) for one in addresses],
        "chat": chat,
        "owner": staffing.name_of(session, chat.staff_id) if chat and chat.staff_id else None,
        "ticket": session.get(Ticket, chat.ticket_id) if chat and chat.ticket_id else None,
        "others": same_person.others(session, conversation_id),
        "names": NAMES,
        "lines": transcript.of_conversation(session, conversation_id, limit=SHOWN),
        "notes": session.execute(
            select(Note.text, Note.at, Staff.display_name)
            .join(Staff, Staff.id == Note.staff_id)
            .where(Note.conversation_id == conversation_id)
            .order_by(Note.id)
        ).all(),
        "drafts": session.execute(
            select(Draft).where(Draft.conversation_id == conversation_id, Draft.state == "waiting").order_by(Draft.id)
        )
        .scalars()
        .all(),
        "phrases": session.execute(select(CannedPhrase).order_by(CannedPhrase.shortcut)).scalars().all(),
        "colleagues": session.execute(
            select(Staff.username, Staff.display_name).where(Staff.active == 1, Staff.id != member.id)
        ).all(),
        "teams": sorted(set(session.execute(select(Staff.team).where(Staff.team.is_not(None))).scalars())),
    }


async def talk(request: Request) -> Response:
    """Return messages as a piece of the page: what is new after a number, or what was before one."""
    conversation_id = int(request.path_params["id"])
    after, before = (_number(request.query_params.get(name)) for name in ("after", "before"))

    def read(session: Session) -> list[Any]:
        return transcript.of_conversation(session, conversation_id, after=after or 0, before=before, limit=SHOWN)

    return page(request, "talk.html", lines=await look(request, read), open=conversation_id)


def _suggested(shared: Desk, conversation_id: int, text: str) -> Suggested | None:
    with scratch.undone(shared.database) as session:
        return scratch.suggest(session, shared.engine, conversation_id, text)


async def suggestion(request: Request) -> Response:
    """Return what the assistant would answer to the citizen's last message; nothing of it happens."""
    conversation_id, shared = int(request.path_params["id"]), desk_of(request)

    def last(session: Session) -> tuple[str, int] | None:
        row = session.execute(
            select(InboxMessage.text, InboxMessage.seq)
            .where(InboxMessage.conversation_id == conversation_id, InboxMessage.guard.is_(None))
            .order_by(InboxMessage.id.desc())
        ).first()
        return (row.text, row.seq or 0) if row else None

    found = await look(request, last)
    if found is None:
        return json_response({"messages": [], "seq": 0})
    suggested = await asyncio.to_thread(_suggested, shared, conversation_id, found[0])
    useful = [m for m in (suggested.messages if suggested else []) if m["custom"].get("kind") not in _NO_HELP]
    messages = [m["text"] for m in useful if m["text"]]
    return json_response({"messages": messages, "seq": found[1]})


async def act(request: Request) -> Response:
    """Do one of the things that staff do in a conversation, and show it again; a script gets JSON."""
    conversation_id, form = int(request.path_params["id"]), await form_of(request)
    member, shared = member_of(request), desk_of(request)
    try:
        done = await run(request, _act, conversation_id, member, shared.ways, form)
    except StaffingError as error:
        raise HttpError(409, "not_now", str(error)) from error
    if request.headers.get("x-requested-with"):
        return json_response({"done": done})
    return RedirectResponse(f"/desk/chats/{conversation_id}?tab={form.get('tab', 'mine')}", 303)


def _act(session: Session, conversation_id: int, member: Member, ways: Any, form: dict[str, str]) -> bool:
    what = form.get("do")
    if what == "take":
        staffing.take(session, conversation_id, member)
    elif what == "reply":
        staffing.reply(session, conversation_id, member, form.get("text", ""), ways)
    elif what == "give_back":
        staffing.give_back(session, conversation_id, member, ways)
    elif what == "pass":
        to, team = form.get("to") or None, form.get("team") or None
        staffing.pass_on(session, conversation_id, member, to=to, team=team)
    elif what == "merge":
        same_person.merge(session, _number(form.get("other")) or 0, conversation_id, member)
        return True
    elif what == "note":
        staffing.note(session, member, form.get("text", ""), conversation_id=conversation_id, ticket_id=None)
    elif what == "draft":
        draft = _number(form.get("draft"))
        if draft is None:
            raise StaffingError("Anh/chị chọn câu trả lời cần duyệt.")
        return staffing.send_draft(session, draft, member, ways, form.get("text") if form.get("changed") else None)
    else:
        raise StaffingError("Chưa rõ anh/chị muốn làm gì, tải lại trang giúp.")
    audit.record(session, actor=member.actor, action=f"conversation.{what}"[:40], subject=str(conversation_id))
    return True


def _number(given: str | None) -> int | None:
    """Return the number that a browser sent; None for anything else."""
    return int(given) if given and len(given) < 10 and given.isascii() and given.isdigit() else None


routes = [
    DeskRoute("/desk/chats", listed, roles=AGENT),
    DeskRoute("/desk/chats/{id:id}", opened, roles=AGENT),
    DeskRoute("/desk/chats/{id:id}/talk", talk, roles=AGENT),
    DeskRoute("/desk/chats/{id:id}/suggestion", suggestion, roles=AGENT),
    DeskRoute("/desk/chats/{id:id}/do", act, roles=AGENT, methods=("POST",)),
]
