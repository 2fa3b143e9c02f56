"""Somebody else: the owners of the demo dossiers, and one citizen with a booking, a ticket and a followed dossier.

What belongs to them must come out in no answer to anybody else, and must be the same afterwards.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from talking import Chat

from bot.conversation.models import OutboxMessage
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.dossiers.codes import SAMPLE
from bot.dossiers.statuses import STATUSES
from bot.loading import DEMO
from bot.pickups.models import Pickup
from bot.tickets.models import Ticket

DOSSIERS = [json.loads(line) for line in (DEMO / "dossiers.jsonl").read_text(encoding="utf-8").splitlines()]
CODES = tuple(row["code"] for row in DOSSIERS)
# What a state of a dossier is called; beside a code nobody may hear any of it.
STATES = tuple({words for info in STATUSES.values() for words in (info.label, info.title, info.meaning)})

NAME, PHONE, ADDRESS, COMPLAINT = "Hứa Thị Rêu Phong", "0900077001", "77 ngõ Hạc Trắng", "quầy số mười chín rất ồn"
MINE = "H36.12-261118-0042"
SAMPLE_CODE = SAMPLE


@dataclass(frozen=True)
class Victim:
    """Where the citizen talks, and the numbers that others may have seen."""

    conversation: int
    seq: int
    booking: str
    ticket: str
    sender: str


def set_up(database: Database, turns: Turns) -> Victim:
    """Have a citizen prove a dossier, follow it, book the postman, complain, and ask for a code to link a channel."""
    chat = Chat(database, turns)
    for text in (
        f"báo tin cho tôi khi hồ sơ {MINE} có thay đổi",
        "2345",
        f"Giao kết quả hồ sơ {MINE}, người nhận {NAME}, điện thoại {PHONE}, {ADDRESS}, xã Di Linh, sáng 26/11",
        "tự nhận",
        "trả khi bưu tá đến",
        "đồng ý",
        f"góp ý: {COMPLAINT}",
        "nối kênh zalo",
    ):
        chat.say(text)
    with database.reading() as session:
        (booking,) = session.execute(select(Pickup.booking)).scalars()
        (ticket,) = session.execute(select(Ticket.number)).scalars()
        row = session.execute(
            select(OutboxMessage.conversation_id, OutboxMessage.seq)
            .where(OutboxMessage.buttons.isnot(None))
            .order_by(OutboxMessage.seq.desc())
        ).all()
        with_buttons = [(one.conversation_id, one.seq) for one in row]
    conversation, seq = with_buttons[0]
    return Victim(conversation, seq, booking, ticket, chat.sender)


def known_of_others() -> list[str]:
    """Return every piece of others' data that no answer may hold."""
    found = [NAME, PHONE, ADDRESS, COMPLAINT]
    for row in DOSSIERS:
        found += [row["owner_name"], row["owner_phone"], row["slip_secret"], *row.get("supplement", ())]
        found += [event["note"] for event in row["events"] if event.get("note")]
        if "postal_code" in row:
            found.append(row["postal_code"])
        if "apology" in row:
            found.append(row["apology"]["reason"])
        if "amount_due" in row:
            found += [str(row["amount_due"]), f"{row['amount_due']:,}".replace(",", ".")]
    return found


def tails() -> set[str]:
    """Return the last four digits of every phone number on file."""
    return {phone[-4:] for phone in (PHONE, *(row["owner_phone"] for row in DOSSIERS))}
