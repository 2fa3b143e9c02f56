"""How long a ticket may take, and what says so: the law, the post's rules, or our own proposal.

`Ticket.due_at` holds the clock that runs now. A request about personal data has two: it is acknowledged within two
working days (taking the ticket does that), then carried out within days that depend on what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import clock
from bot.tickets.models import Ticket
from bot.tickets.tickets import ANSWER_WITHIN, DESK_HOURS
from bot.working_days import add_working_days

# The articles stand in a digest only (facts/domain.md §6.1, S11): the law and the decree are named, no article is.
DATA_LAW = "Luật 91/2025/QH15 và NĐ 356/2025/NĐ-CP"
POST_RULES = "QĐ 45/2016/QĐ-TTg, TT 17/2017/TT-BTTTT"
OWN = "mức bàn trực tự đề ra, chờ trung tâm duyệt"
DATA_REQUEST = "data_request"
SOON_SHARE, SOON_LEAST, SOON_MOST = 0.25, timedelta(hours=2), timedelta(days=2)


@dataclass(frozen=True)
class Timer:
    """A term: so many days, `working` or of the calendar, and `longer` more where it was extended once."""

    key: str
    name: str
    days: int
    working: bool
    basis: str
    longer: int = 0

    def due(self, since: datetime, *, extended: bool = False) -> datetime:
        """Return the end of the term that began at `since`, at closing time of its last day."""
        days = self.days + (self.longer if extended else 0)
        first = clock.to_vietnam(since).date()
        last = add_working_days(first, days) if self.working else first + timedelta(days=days)
        return datetime.combine(last, DESK_HOURS[-1][1], clock.VIETNAM).astimezone(clock.UTC)

    @property
    def told(self) -> str:
        """Return the term as the staff read it: "2 ngày làm việc"."""
        return f"{self.days} ngày{' làm việc' if self.working else ''}"


ACKNOWLEDGE = Timer("acknowledge", "Xác nhận đã nhận yêu cầu", 2, True, DATA_LAW)
# The first of a topic holds until somebody has chosen: the shortest.
TIMERS: dict[str, tuple[Timer, ...]] = {
    DATA_REQUEST: (
        Timer("view", "Xem, sửa, cung cấp dữ liệu", 10, False, DATA_LAW, 10),
        Timer("view_processor", "Xem, sửa, cung cấp dữ liệu (có bên xử lý)", 15, False, DATA_LAW, 10),
        Timer("object", "Rút đồng ý, hạn chế, phản đối", 15, False, DATA_LAW, 15),
        Timer("object_processor", "Rút đồng ý, hạn chế, phản đối (có bên xử lý)", 20, False, DATA_LAW, 15),
        Timer("delete", "Xóa dữ liệu", 20, False, DATA_LAW, 20),
        Timer("delete_processor", "Xóa dữ liệu (có bên xử lý)", 30, False, DATA_LAW, 20),
    ),
    "delivery_problem": (
        Timer("inside", "Giao nhận trong tỉnh", 5, True, POST_RULES),
        Timer("beyond", "Giao nhận liên tỉnh", 7, True, POST_RULES),
    ),
}


def timer(topic: str, key: str) -> Timer | None:
    """Return a term of a topic by its key."""
    return next((one for one in TIMERS.get(topic, ()) if one.key == key), None)


def basis(ticket: Ticket) -> str:
    """Return what the deadline of a ticket stands on, as the staff read it; "" where nothing is promised."""
    if ticket.topic == DATA_REQUEST:
        if ticket.taken_at is None:
            return f"{ACKNOWLEDGE.name}: {ACKNOWLEDGE.told}, theo {DATA_LAW}; nhận phiếu là xác nhận"
        first = TIMERS[DATA_REQUEST][0]
        return f"theo {DATA_LAW}; chưa chọn loại yêu cầu thì tính hạn ngắn nhất, {first.told}"
    if ticket.topic in TIMERS:
        return f"theo {TIMERS[ticket.topic][0].basis}"
    return f"{ANSWER_WITHIN[ticket.topic]} ngày làm việc, {OWN}" if ticket.topic in ANSWER_WITHIN else ""


def warn_from(created_at: datetime, due_at: datetime) -> datetime:
    """Return from when a deadline is near: the last quarter of the time, at least two hours and at most two days."""
    lead = min(max((due_at - created_at) * SOON_SHARE, SOON_LEAST), SOON_MOST)
    return due_at - lead


def standing(ticket: Ticket, now: datetime | None = None) -> str:
    """Return how a ticket stands towards its deadline: closed, late, soon, running, none."""
    now = now or clock.now()
    if ticket.state == "closed":
        return "closed"
    if ticket.due_at is None:
        return "none"
    if ticket.due_at < now:
        return "late"
    return "soon" if now >= warn_from(ticket.created_at, ticket.due_at) else "running"


def say_left(ticket: Ticket, now: datetime | None = None) -> str:
    """Return the deadline in words, so that colour says nothing alone: "Quá hạn 2 ngày", "Sắp quá hạn, còn 3 giờ"."""
    now, how = now or clock.now(), standing(ticket, now)
    if how == "none":
        return "Không đặt hạn"
    if how == "closed":
        late = ticket.due_at is not None and ticket.closed_at is not None and ticket.closed_at > ticket.due_at
        return "Xong, trễ hạn" if late else "Xong đúng hạn" if ticket.due_at else "Xong"
    left = _span(abs(ticket.due_at - now))
    return {"late": f"Quá hạn {left}", "soon": f"Sắp quá hạn, còn {left}", "running": f"Còn {left}"}[how]


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(1, minutes)} phút"
    return f"{minutes // 60} giờ" if minutes < 2 * 1440 else f"{minutes // 1440} ngày"
