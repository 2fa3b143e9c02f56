"""How long what is kept about people is kept, table by table; `docs/privacy.md` says why.

Periods are settings of the operator: twelve months for conversations, twenty-four for consents and the audit log,
thirty days for what is raw (proposals of ours; Luật 91/2025/QH15 asks for a period that fits the purpose).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.pickups.states import ENDS

Period = Literal["conversations", "audit", "raw", "at_once"]


@dataclass(frozen=True)
class Rule:
    """Rows of a table whose time is over: which (as SQL on `:before`), and what is done to them (None: deleted)."""

    table: str
    what: str  # in Vietnamese, for who runs the command
    period: Period
    over: str
    blanked: str | None = None


ENDED_PICKUP = f"state IN ({', '.join(repr(state) for state in sorted(ENDS))})"
# A booking that has ended stays as a figure, without its person.
NO_PERSON = "recipient_name = '', phone = '', address = '', proxy_name = NULL, conversation_id = NULL"
# A conversation stays while something of it is unfinished, however long nobody has written.
_UNFINISHED = f"""
    EXISTS (SELECT 1 FROM tickets t WHERE t.conversation_id = conversations.id AND t.state <> 'closed')
    OR EXISTS (SELECT 1 FROM chats h WHERE h.conversation_id = conversations.id AND h.state <> 'ended')
    OR EXISTS (SELECT 1 FROM pickups p WHERE p.conversation_id = conversations.id
               AND NOT p.{ENDED_PICKUP})
    OR EXISTS (SELECT 1 FROM dossier_subscriptions s
               WHERE s.asker = conversations.channel || ':' || conversations.sender AND s.ended_at IS NULL)
    """  # noqa: S608 (made of our own states)
RULES = (
    Rule(
        "conversations",
        "cuộc trò chuyện (kèm tin nhắn, ghi chú, cuộc gọi)",
        "conversations",
        f"COALESCE(last_message_at, created_at) < :before AND NOT ({_UNFINISHED})",
    ),
    Rule(
        "pickups",
        "tên, số điện thoại, địa chỉ trong lượt giao nhận",
        "conversations",
        f"{ENDED_PICKUP} AND updated_at < :before AND phone <> ''",
        blanked=NO_PERSON,
    ),
    Rule(
        "pickup_events",
        "ghi chú của bưu tá",
        "conversations",
        "note IS NOT NULL AND pickup_id IN (SELECT id FROM pickups WHERE phone = '' AND updated_at < :before)",
        blanked="note = NULL",
    ),
    Rule(
        "tickets",
        "lời kể trong phiếu việc",
        "conversations",
        "state = 'closed' AND closed_at < :before AND (summary IS NOT NULL OR resolution IS NOT NULL)",
        blanked="summary = NULL, resolution = NULL",
    ),
    Rule("dossier_subscriptions", "lượt theo dõi hồ sơ", "conversations", "ended_at < :before"),
    Rule("guide_runs", "lượt đi theo hướng dẫn", "conversations", "touched_at < :before"),
    Rule("review_items", "câu chờ gán nhãn", "conversations", "asked_at < :before"),
    Rule("practice_runs", "lượt luyện tập", "conversations", "began_at < :before"),
    Rule("consents", "chứng cứ đồng ý", "audit", "given_at < :before AND conversation_id IS NULL"),
    Rule("audit", "nhật ký xem dữ liệu", "audit", "at < :before"),
    Rule("dossier_reviews", "dòng hồ sơ gốc đã xử lý", "raw", "settled_at < :before"),
    Rule("inbox", "địa chỉ tệp người dân gửi", "raw",
         "media IS NOT NULL AND state <> 'fetching' AND received_at < :before", blanked="media = NULL"),
    Rule("staff_sessions", "phiên đăng nhập", "at_once", "ends_at < :before"),
)  # fmt: skip
