"""What the staff do with a ticket: open one by hand, take, pass on, set its term, close; and the alert before a breach.

Each change is one UPDATE that names the state it expects, so that of two people who do the same one does it and the
other hears who was first.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.text import clean
from bot.tickets import timers
from bot.tickets.models import TOPICS, Note, Ticket
from bot.tickets.tickets import LONGEST_SUMMARY, answer_due, open_ticket

LONGEST_RESOLUTION = 1_700  # characters: with the words around it still one message of the narrowest channel
LONGEST_SUBJECT = 40
AT_ONCE = 500  # tickets looked at in one go
SAME_CLICK = timedelta(minutes=1)  # the same words again so soon are the same ticket, sent twice
_OVERRULES = frozenset({"supervisor", "admin"})
_STILL = ("open", "taken")


class WorkError(ValueError):
    """Something that cannot be done with a ticket now; the text is one sentence for the member of the staff."""


def find(session: Session, ticket_id: int) -> Ticket:
    """Return a ticket as it stands now. Raises WorkError."""
    found = session.get(Ticket, ticket_id, populate_existing=True)
    if found is None:
        raise WorkError("Không có phiếu này.")
    return found


def take(session: Session, ticket_id: int, member: Member) -> Ticket:
    """Give an open ticket to a member of the staff. Raises WorkError when somebody else has it, or it is closed."""
    ticket, now = find(session, ticket_id), clock.now()
    if ticket.state == "taken" and ticket.taken_by == member.id:
        return ticket
    values: dict[str, Any] = {"state": "taken", "taken_by": member.id, "taken_at": ticket.taken_at or now}
    if ticket.topic == timers.DATA_REQUEST and ticket.taken_at is None:
        # Taken is acknowledged: the clock of what was asked runs now, the shortest until somebody has chosen.
        first = timers.TIMERS[timers.DATA_REQUEST][0]
        values |= {"due_at": first.due(ticket.created_at), "warned_at": None}
    if not _change(session, ticket_id, values, Ticket.state == "open"):
        ticket = find(session, ticket_id)
        if ticket.state == "closed":
            raise WorkError(f"Phiếu {ticket.number} đã xong rồi.")
        raise WorkError(f"{_name(session, ticket.taken_by)} đang giữ phiếu {ticket.number} rồi.")
    return find(session, ticket_id)


def pass_on(
    session: Session, ticket_id: int, member: Member, *, to: str | None = None, team: str | None = None
) -> None:
    """Pass a ticket to a colleague (`to`, a username), or leave it open for a team. Raises WorkError."""
    ticket = _still(session, ticket_id, member)
    if to:
        other = session.execute(select(Staff).where(Staff.username == to, Staff.active == 1)).scalar()
        if other is None:
            raise WorkError("Không có đồng nghiệp này, hoặc tài khoản đã khóa.")
        values = {"state": "taken", "taken_by": other.id, "taken_at": ticket.taken_at or clock.now()}
        if ticket.topic == timers.DATA_REQUEST and ticket.taken_at is None:
            values |= {"due_at": timers.TIMERS[ticket.topic][0].due(ticket.created_at), "warned_at": None}
    elif team:
        values = {"state": "open", "taken_by": None, "team": clean(team)[:LONGEST_SUBJECT]}
    else:
        raise WorkError("Anh/chị chọn người hoặc nhóm nhận giúp.")
    _expect(session, ticket, values)


def close(session: Session, ticket_id: int, member: Member, resolution: str) -> Ticket:
    """Close a ticket with what was done. Raises WorkError."""
    ticket = _still(session, ticket_id, member)
    resolution = clean(resolution)
    if not 0 < len(resolution) <= LONGEST_RESOLUTION:
        raise WorkError(f"Kết quả cần từ 1 đến {LONGEST_RESOLUTION} ký tự.")
    now = clock.now()
    values = {"state": "closed", "closed_at": now, "resolution": resolution}
    if ticket.taken_by is None:
        values |= {"taken_by": member.id, "taken_at": now}
    _expect(session, ticket, values)
    return find(session, ticket_id)


def set_timer(session: Session, ticket_id: int, member: Member, key: str, *, extended: bool, why: str = "") -> None:
    """Set the term of a ticket by the kind of request it is; the choice is noted down. Raises WorkError."""
    ticket = _still(session, ticket_id, member)
    chosen = timers.timer(ticket.topic, key)
    if chosen is None:
        raise WorkError("Anh/chị chọn loại việc để đặt hạn.")
    if ticket.topic == timers.DATA_REQUEST and ticket.taken_at is None:
        raise WorkError("Anh/chị nhận phiếu trước đã: nhận phiếu là xác nhận yêu cầu.")
    why = clean(why)
    if extended and not chosen.longer:
        raise WorkError("Loại việc này không có gia hạn.")
    if extended and not why:
        raise WorkError("Gia hạn thì phải ghi lý do.")
    due = chosen.due(ticket.created_at, extended=extended)
    _expect(session, ticket, {"due_at": due, "warned_at": None})
    longer = f", gia hạn thêm {chosen.longer} ngày vì: {why}" if extended else ""
    told = f"Đặt hạn {clock.say_time(due)}: {chosen.name}, {chosen.told} theo {chosen.basis}{longer}."
    session.add(Note(ticket_id=ticket_id, staff_id=member.id, text=told, at=clock.now()))
    session.flush()


def open_by_hand(
    session: Session, topic: str, summary: str, subject: str | None = None, conversation_id: int | None = None
) -> Ticket:
    """Open a ticket that a member of the staff writes. Raises WorkError.

    Without a conversation nothing says that two tickets are of one person: they are never put together.
    """
    summary, subject = clean(summary), " ".join(clean(subject or "").split()) or None
    if topic not in TOPICS:
        raise WorkError("Anh/chị chọn loại việc.")
    if not 0 < len(summary) <= LONGEST_SUMMARY:
        raise WorkError(f"Nội dung cần từ 1 đến {LONGEST_SUMMARY} ký tự.")
    if subject and len(subject) > LONGEST_SUBJECT:
        raise WorkError(f"Mã hồ sơ hay số lịch dài quá {LONGEST_SUBJECT} ký tự.")
    if conversation_id is not None:
        return _with_term(open_ticket(session, conversation_id, topic, summary, subject=subject))
    now = clock.now()
    again = select(Ticket).where(
        Ticket.conversation_id.is_(None),
        Ticket.topic == topic,
        Ticket.subject == subject,
        Ticket.summary == summary,
        Ticket.created_at >= now - SAME_CLICK,
    )
    found: Ticket | None = session.execute(again).scalars().first()
    if found is not None:
        return found
    ticket = Ticket(
        number=secrets.token_hex(6),  # provisional, as in `open_ticket`
        topic=topic,
        state="open",
        subject=subject,
        summary=summary,
        due_at=answer_due(topic),
        created_at=now,
    )
    session.add(ticket)
    session.flush()
    ticket.number = f"T-{ticket.id:06d}"
    return _with_term(ticket)


def warn(session: Session, now: datetime | None = None) -> int:
    """Mark the tickets whose deadline is near, once for each clock; returns how many. Safe in several processes.

    Requests about personal data that came without a deadline get theirs first.
    """
    now = now or clock.now()
    bare = select(Ticket).where(Ticket.topic == timers.DATA_REQUEST, Ticket.state.in_(_STILL), Ticket.due_at.is_(None))
    for ticket in session.execute(bare.limit(AT_ONCE)).scalars():
        _with_term(ticket)
    session.flush()
    near = session.execute(
        select(Ticket.id, Ticket.created_at, Ticket.due_at)
        .where(Ticket.state.in_(_STILL), Ticket.warned_at.is_(None), Ticket.due_at <= now + timers.SOON_MOST)
        .order_by(Ticket.due_at)
    ).all()
    due = [row for row in near if now >= timers.warn_from(row.created_at, row.due_at)]
    marked = 0
    for row in due[:AT_ONCE]:
        # The clock that was looked at, and no other: somebody may have set a new one meanwhile.
        same = (Ticket.warned_at.is_(None), Ticket.due_at == row.due_at, Ticket.state.in_(_STILL))
        marked += _change(session, row.id, {"warned_at": now}, *same)
    return marked


def warn_all(database: Database) -> int:
    """Do the same in a transaction of its own, for the work beside the turns."""
    with database.unit_of_work() as session:
        return warn(session)


def _with_term(ticket: Ticket) -> Ticket:
    if ticket.topic == timers.DATA_REQUEST and ticket.due_at is None:
        taken = ticket.taken_at is not None
        term = timers.TIMERS[timers.DATA_REQUEST][0] if taken else timers.ACKNOWLEDGE
        ticket.due_at = term.due(ticket.created_at)
    return ticket


def _still(session: Session, ticket_id: int, member: Member) -> Ticket:
    """Return a ticket that this member may change: nobody else has it, or they are over those who do."""
    ticket = find(session, ticket_id)
    if ticket.state == "closed":
        raise WorkError(f"Phiếu {ticket.number} đã xong rồi.")
    if ticket.taken_by not in (None, member.id) and member.role not in _OVERRULES:
        raise WorkError(f"{_name(session, ticket.taken_by)} đang giữ phiếu {ticket.number}.")
    return ticket


def _expect(session: Session, ticket: Ticket, values: dict[str, Any]) -> None:
    """Change a ticket that is still as it was read. Raises WorkError."""
    owner = Ticket.taken_by.is_(None) if ticket.taken_by is None else Ticket.taken_by == ticket.taken_by
    if not _change(session, ticket.id, values, Ticket.state == ticket.state, owner):
        raise WorkError(f"Phiếu {ticket.number} vừa có người khác sửa, anh/chị tải lại trang giúp.")
    session.refresh(ticket)


def _change(session: Session, ticket_id: int, values: dict[str, Any], *expected: Any) -> bool:
    done = session.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, *expected)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)


def _name(session: Session, staff_id: int | None) -> str:
    row = session.get(Staff, staff_id) if staff_id else None
    return str(row.display_name) if row is not None else "Đồng nghiệp"
