"""Citizens that keep a message until it is answered, while servers die; and what must be true in the end."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import httpx
from contract import check_reply
from sqlalchemy import select
from talking import inbox_rows, outbox_rows

from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.pickups.models import Pickup, PickupSlot
from bot.tickets.models import Ticket

SENDERS, EACH = 10, 20
NOT_YET = 503
Replies = list[dict[str, Any]]


def script(number: int) -> list[str]:
    """What one citizen says: a booking, two tickets asked for twice, and questions."""
    day, window = ("25/11/2026", "26/11/2026", "27/11/2026")[number % 3], ("buổi sáng", "buổi chiều")[number % 2]
    texts = [
        "gặp nhân viên", "đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh", "Lê Thị Ngọc Bích", "0912345678",
        "xã Di Linh", "12 Hùng Vương", day, "lệ phí khai sinh bao nhiêu", window, "không nhờ ai", "khi bưu tá đến",
        "đồng ý", "góp ý: chờ lâu quá", "đăng ký kết hôn cần giấy tờ gì", "gặp nhân viên", "đồng ý",
        "góp ý: chờ lâu quá", "xã Gia Hiệp giờ là xã nào", "cảm ơn", "tạm biệt",
    ]  # fmt: skip
    assert len(texts) == EACH
    return texts


class Citizens:
    """Ten clients that keep a message until it is answered, as a platform does."""

    def __init__(self, url: Callable[[], str]) -> None:
        """Take what names the server to ask next: a balancer may name another one each time."""
        self._url = url
        self.answers: dict[str, Replies] = {}
        self.sent_again: list[str] = []
        self.up = threading.Event()
        self.up.set()
        self._guard = threading.Lock()

    def talk(self, number: int) -> None:
        """Say the whole script, each message until it is answered."""
        with httpx.Client(timeout=30) as client:
            for turn, text in enumerate(script(number)):
                replies = self.send(client, number, turn, text)
                with self._guard:
                    self.answers[f"{number}-{turn}"] = replies

    def send(self, client: httpx.Client, number: int, turn: int, text: str, patience_s: float = 180.0) -> Replies:
        """Send one message, again and again if need be, always under the same id."""
        body = {"sender": f"citizen-{number}", "message": text, "message_id": f"{number}-{turn}"}
        until = time.monotonic() + patience_s
        for tries in itertools.count():
            assert self.up.wait(patience_s), "the server came back"
            try:
                response = client.post(f"{self._url()}/webhooks/rest/webhook", json=body)
            except httpx.HTTPError:
                response = None
            if response is not None and response.status_code == httpx.codes.OK:
                replies: Replies = response.json()
                return replies
            assert response is None or response.status_code == NOT_YET, response.text
            assert time.monotonic() < until, f"never answered: {body}, {tries} tries"
            self.sent_again.append(body["message_id"])
            time.sleep(0.2)
        raise AssertionError


def check(database: Database, answers: dict[str, Replies], most_tries: int = 0) -> None:
    """Compare what the citizens heard with what the database holds; a turn may have failed `most_tries` times."""
    messages, replies = inbox_rows(database), defaultdict(list)
    for row in outbox_rows(database):
        replies[row.inbox_id].append(row)
    assert sorted(row.message_id for row in messages) == sorted(answers), "each message is there once"
    assert {row.state for row in messages} == {"done"} and max(row.attempts for row in messages) <= most_tries
    for row in messages:
        heard = answers[row.message_id]
        assert [(reply["text"], reply["custom"]) for reply in heard] == [
            (reply.text, reply.custom) for reply in replies[row.id]
        ]
        assert heard and {check_reply(reply) for reply in heard}
    with database.reading() as session:
        for conversation_id, last in session.execute(select(Conversation.id, Conversation.last_seq)):
            mine = [row for row in messages if row.conversation_id == conversation_id]
            assert [int(row.message_id.split("-")[1]) for row in mine] == list(range(EACH)), "in order"
            numbers = [n for row in mine for n in (row.seq, *(reply.seq for reply in replies[row.id]))]
            assert numbers == list(range(1, last + 1)), "no number is left out or given twice"
        told = [reply["custom"] for heard in answers.values() for reply in heard]
        bookings = [custom["booking"] for custom in told if custom["kind"] == "pickup_booked"]
        assert len(bookings) == len(set(bookings)) >= SENDERS / 2, "bookings were made"
        assert sorted(bookings) == sorted(session.execute(select(Pickup.booking)).scalars())
        taken = sum(session.execute(select(PickupSlot.taken)).scalars())
        assert taken == len(bookings), "as many places as bookings"
        tickets = {custom["ticket"] for custom in told if custom["kind"] == "handoff"}
        assert tickets == set(session.execute(select(Ticket.number)).scalars())
        assert len(tickets) == len(session.execute(select(Ticket.conversation_id, Ticket.topic).distinct()).all())
