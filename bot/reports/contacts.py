"""Contacts: by channel and topic, answered by the assistant, by a person, or not; never what was written.

One grouped count reads the whole inbox of a month: channel, topic and outcome, no text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DateTime, column, func, select, table
from sqlalchemy.orm import Session

from bot.conversation.models import Address, InboxMessage
from bot.db.base import UtcDateTime
from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table, share, totalled

CHANNEL_NAMES = {
    "zalo": "Zalo",
    "telegram": "Telegram",
    "web": "Trang web",
    "rest": "Ứng dụng (REST)",
    "phone": "Điện thoại",
    "counter": "Tại quầy",
}
MESSAGE_TOPICS = {
    "procedures": "Thủ tục",
    "dossiers": "Hồ sơ",
    "pickups": "Bưu tá đến nhà",
    "accounts": "Tài khoản",
    "places": "Nơi tiếp nhận",
    "person": "Cần nhân viên",
    "other": "Khác",
    None: "Chưa phân loại",
}
# What became of a message: who answered it. A warning of the guard is an answer of the assistant.
BY_BOT = frozenset({"answered", "asked", "guard"})
BY_PERSON = frozenset({"person", "handed_off", "held"})
NOT = frozenset({"not_understood", "failed", "off", "limited"})
WHO = ("Trợ lý", "Nhân viên", "Chưa trả lời được", "Chưa phân loại")
REPORT_STATES = {"open": "Chưa xem", "accepted": "Đúng là sai, đã sửa", "rejected": "Xem rồi, không sai"}
# Tables of a layer beside this one and of one above: named by their columns, so that nothing points up.
_reviews = table("review_items", column("why"), column("state"), column("asked_at", UtcDateTime))
_calls = table(
    "calls", column("id"), column("ticket_id"), column("began_at", UtcDateTime), column("ended_at", DateTime)
)


@dataclass(frozen=True)
class Contacts:
    """Counts of the messages of a month by (channel, topic, who answered)."""

    counts: Counter[tuple[str, str | None, str]]
    people: dict[str, int]  # conversations by channel
    talks: int  # conversations in all

    @property
    def channels(self) -> list[str]:
        """Return the channels that anything came by, in the order of their names above; unknown ones last."""
        order = list(CHANNEL_NAMES)
        return sorted({key[0] for key in self.counts}, key=lambda one: order.index(one) if one in order else 99)

    def by(self, place: int, value: Any) -> dict[str, int]:
        """Return how many of those with `value` at `place` of the key were answered by whom."""
        found = dict.fromkeys(WHO, 0)
        for key, count in self.counts.items():
            if key[place] == value:
                found[key[2]] += count
        return found


def contacts(session: Session, month: Month) -> Contacts:
    """Count the messages of a month."""
    inside = (InboxMessage.received_at >= month.start, InboxMessage.received_at < month.end)
    # Addresses are few beside messages: the inbox is grouped by their number, and they are named afterwards.
    grouped = (
        select(InboxMessage.address_id, InboxMessage.topic, InboxMessage.outcome, func.count().label("count"))
        .where(*inside)
        .group_by(InboxMessage.address_id, InboxMessage.topic, InboxMessage.outcome)
        .subquery()
    )
    rows = session.execute(
        select(Address.channel, grouped.c.topic, grouped.c.outcome, func.sum(grouped.c.count))
        .join(Address, Address.id == grouped.c.address_id)
        .group_by(Address.channel, grouped.c.topic, grouped.c.outcome)
    )
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for channel, topic, outcome, count in rows:
        counts[channel, topic, _who(outcome)] += int(count)
    pairs = select(InboxMessage.address_id, InboxMessage.conversation_id).where(*inside).distinct().subquery()
    talks = func.count(pairs.c.conversation_id.distinct())
    people = session.execute(
        select(Address.channel, talks).join(pairs, pairs.c.address_id == Address.id).group_by(Address.channel)
    )
    by_channel = {channel: int(count) for channel, count in people}
    return Contacts(counts, by_channel, int(session.execute(select(talks)).scalar_one()))


def channels_table(found: Contacts) -> Table:
    """Return the contacts by channel."""
    rows: list[tuple[Cell, ...]] = []
    for channel in found.channels:
        who = found.by(0, channel)
        rows.append(
            (CHANNEL_NAMES.get(channel, channel), found.people.get(channel, 0), sum(who.values()), *who.values())
        )
    total = totalled(rows)
    if total is not None:
        total = (total[0], found.talks, *total[2:])  # one talk may go over two channels
    columns = (Column("Kênh", "text"), Column("Cuộc trò chuyện"), Column("Tin nhắn"), *map(Column, WHO))
    return Table("channels", "Liên hệ theo kênh", columns, tuple(rows), _NOTE, total)


def topics_table(found: Contacts) -> Table:
    """Return the contacts by topic, and who answered them."""
    rows: list[tuple[Cell, ...]] = []
    for topic, name in MESSAGE_TOPICS.items():
        who = found.by(1, topic)
        if any(who.values()):
            rows.append((name, sum(who.values()), *who.values(), _answered(who)))
    total = totalled([row[:-1] for row in rows])
    if total is not None:
        total = (*total, _answered({name: int(count) for name, count in zip(WHO, total[2:], strict=True)}))  # type: ignore[arg-type]
    columns = (Column("Chủ đề", "text"), Column("Tin nhắn"), *map(Column, WHO), Column("Trợ lý tự trả lời", "share"))
    return Table("topics", "Ai trả lời, theo chủ đề", columns, tuple(rows), _NOTE, total)


def matrix_table(found: Contacts) -> Table:
    """Return the messages by topic and channel."""
    channels = found.channels
    rows: list[tuple[Cell, ...]] = []
    for topic, name in MESSAGE_TOPICS.items():
        counts = [sum(found.counts[channel, topic, who] for who in WHO) for channel in channels]
        if any(counts):
            rows.append((name, *counts, sum(counts)))
    columns = (Column("Chủ đề", "text"), *(Column(CHANNEL_NAMES.get(one, one)) for one in channels), Column("Cộng"))
    return Table("matrix", "Tin nhắn theo chủ đề và kênh", columns, tuple(rows), "", totalled(rows))


def reports_table(session: Session, month: Month) -> Table:
    """Return the answers that citizens or staff reported as wrong."""
    asked = (_reviews.c.asked_at >= month.start, _reviews.c.asked_at < month.end, _reviews.c.why == "reported")
    found = {
        state: int(count)
        for state, count in session.execute(
            select(_reviews.c.state, func.count()).where(*asked).group_by(_reviews.c.state)
        )
    }
    found["accepted"] = found.get("accepted", 0) + found.pop("trained", 0)
    rows: list[tuple[Cell, ...]] = [(name, found.get(state, 0)) for state, name in REPORT_STATES.items()]
    columns = (Column("Tình trạng", "text"), Column("Báo sai"))
    note = "Câu trả lời bị báo là sai trong tháng, theo việc xem lại đến nay."
    return Table("reports", "Câu trả lời bị báo sai", columns, tuple(rows), note, totalled(rows))


def calls_table(session: Session, month: Month) -> Table:
    """Return the phone calls that the staff worked on in the desk."""
    count, tickets = session.execute(
        select(func.count(_calls.c.id), func.count(_calls.c.ticket_id)).where(
            _calls.c.began_at >= month.start, _calls.c.began_at < month.end
        )
    ).one()
    columns = (Column("", "text"), Column("Cuộc gọi"))
    rows = (("Nghe ở bàn trực", int(count)), ("Trong đó mở phiếu", int(tickets)))
    return Table("calls", "Cuộc gọi", columns, rows, "Chỉ những cuộc nhân viên mở màn hình Điện thoại.")


def _who(outcome: str | None) -> str:
    for name, outcomes in zip(WHO, (BY_BOT, BY_PERSON, NOT), strict=False):
        if outcome in outcomes:
            return name
    return WHO[-1]


def _answered(who: dict[str, int]) -> float | None:
    """Return the share that the assistant answered, of the messages of which it is known."""
    return share(who[WHO[0]], sum(who[name] for name in WHO[:3]))


_NOTE = (
    "Nhân viên: tin viết khi nhân viên giữ cuộc trò chuyện, được chuyển cho nhân viên, hoặc chờ nhân viên duyệt. "
    "Chưa phân loại: tin đang chờ trả lời, hoặc có trước khi máy ghi kết quả."
)
