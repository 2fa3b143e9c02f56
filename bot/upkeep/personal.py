"""What is kept about one person, shown or deleted on request (Luật 91/2025/QH15; terms: docs/privacy.md).

A person is a conversation here: the channel they write from is what they have proved. Who they are beyond that the
staff check before they run this.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import metadata
from bot.privacy.consent import subject_key
from bot.upkeep.rules import ENDED_PICKUP, NO_PERSON

# Rows that hang on the conversation, and rows that hang on the asker ("channel:sender").
_OF_CONVERSATION = (
    "addresses",
    "inbox",
    "outbox",
    "trackers",
    "pickups",
    "tickets",
    "chats",
    "notes",
    "drafts",
    "calls",
)
_OF_ASKER = ("dossier_subscriptions", "dossier_proofs", "verified_phones", "one_time_codes", "dossier_proof_failures")
# What is ours and not about the person; `events` is the dialogue as Rasa keeps it, said in words by inbox and outbox.
_LEFT_OUT = frozenset({"understood", "events", "hash", "mark", "post_order", "staff_id", "decided_by", "taken_by"})
_UNFINISHED = {
    "một phiếu việc chưa đóng": "SELECT 1 FROM tickets WHERE conversation_id = :id AND state <> 'closed'"
    " AND topic <> 'data_request'",
    "một lượt giao nhận chưa xong": f"SELECT 1 FROM pickups WHERE conversation_id = :id AND NOT {ENDED_PICKUP}",  # noqa: S608
    "một cuộc trò chuyện đang có nhân viên": "SELECT 1 FROM chats WHERE conversation_id = :id AND state = 'taken'",
}


class NobodyThere(LookupError):
    """No such conversation; the text is one sentence."""


class NotYet(RuntimeError):
    """Deleting would break something that is under way; the text says what."""


def export(session: Session, conversation_id: int) -> dict[str, Any]:
    """Return everything that is kept about the person of a conversation, by table. Raises NobodyThere."""
    asker = _asker(session, conversation_id)
    found: dict[str, Any] = {"conversations": _rows(session, "conversations", "id", conversation_id)}
    for table in _OF_CONVERSATION:
        found[table] = _rows(session, table, "conversation_id", conversation_id)
    for table in _OF_ASKER:
        found[table] = _rows(session, table, "asker", asker)
    found["consents"] = _rows(session, "consents", "subject", subject_key(asker))
    return {"made_at": clock.now().isoformat(), **{table: rows for table, rows in found.items() if rows}}


def delete(session: Session, conversation_id: int) -> dict[str, int]:
    """Delete what is kept about the person of a conversation; returns how many rows of which table.

    Bookings that have ended stay as figures, without name, phone and address; consents stay as proofs that name nobody.
    Raises NobodyThere, and NotYet while something is under way.
    """
    asker = _asker(session, conversation_id)
    for what, sql in _UNFINISHED.items():
        if session.execute(text(f"{sql} LIMIT 1"), {"id": conversation_id}).first():
            raise NotYet(f"còn {what}; làm xong hoặc hủy trước rồi hãy xóa")
    done: dict[str, int] = {}

    def run(table: str, sql: str) -> None:
        done[table] = int(session.execute(text(sql), {"id": conversation_id, "asker": asker}).rowcount)

    run(
        "pickup_events",
        "UPDATE pickup_events SET note = NULL WHERE note IS NOT NULL"
        " AND pickup_id IN (SELECT id FROM pickups WHERE conversation_id = :id)",
    )
    run(
        "pickups",
        f"UPDATE pickups SET {NO_PERSON} WHERE conversation_id = :id",  # noqa: S608 (a text of our own)
    )
    run("tickets", "UPDATE tickets SET summary = NULL, resolution = NULL WHERE conversation_id = :id")
    run(
        "review_items",
        "DELETE FROM review_items WHERE inbox_id IN (SELECT id FROM inbox WHERE conversation_id = :id)",
    )
    for table in _OF_ASKER:
        run(table, f"DELETE FROM {table} WHERE asker = :asker")  # noqa: S608 (names of our own tables)
    run("conversations", "DELETE FROM conversations WHERE id = :id")  # messages, notes and calls go with it
    return {table: count for table, count in done.items() if count}


def of_dossier(session: Session, code: str) -> list[int]:
    """Return the conversations that have proved or follow a dossier: who may be the person that somebody asks about."""
    wanted = text(
        """
        SELECT DISTINCT c.id FROM conversations c
        JOIN (SELECT asker FROM dossier_proofs WHERE code = :code
              UNION SELECT asker FROM dossier_subscriptions WHERE code = :code) a
          ON a.asker = c.channel || ':' || c.sender
        ORDER BY c.id
        """
    )
    return list(session.execute(wanted, {"code": code}).scalars())


def _asker(session: Session, conversation_id: int) -> str:
    row = session.execute(
        text("SELECT channel, sender FROM conversations WHERE id = :id"), {"id": conversation_id}
    ).first()
    if row is None:
        raise NobodyThere(f"không có cuộc trò chuyện số {conversation_id}")
    return f"{row.channel}:{row.sender}"


def _rows(session: Session, name: str, column: str, value: Any) -> list[dict[str, Any]]:
    table = metadata.tables[name]
    found = session.execute(select(table).where(table.c[column] == value)).mappings()
    return [
        {key: given for key, given in row.items() if key not in _LEFT_OUT and given not in (None, [], {})}
        for row in found
    ]
