"""The power goes off in the middle of 200 messages: nothing is lost and nothing is doubled."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import new_postgres_database
from contract import check_reply
from live_server import MONDAY_MORNING, LiveServer
from sqlalchemy import select
from talking import inbox_rows, outbox_rows

from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.pickups.models import Pickup, PickupSlot
from bot.tickets.models import Ticket

SENDERS, EACH, KILL_AFTER = 10, 20, 90
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, which the server finds again after its death."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'kill.db'}")
    else:
        database = new_postgres_database(request.getfixturevalue("postgres_url"))
    yield database
    database.dispose()


class Citizens:
    """Ten clients that keep a message until it is answered, as a platform does."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
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

    def send(self, client: httpx.Client, number: int, turn: int, text: str) -> Replies:
        """Send one message, again and again if need be, always under the same id."""
        body = {"sender": f"citizen-{number}", "message": text, "message_id": f"{number}-{turn}"}
        for _ in range(20):
            assert self.up.wait(180), "the server came back"
            try:
                response = client.post(f"{self.server.url}/webhooks/rest/webhook", json=body)
            except httpx.HTTPError:
                self.sent_again.append(body["message_id"])
                time.sleep(0.2)
                continue
            assert response.status_code == 200, response.text
            replies: Replies = response.json()
            return replies
        raise AssertionError(f"never answered: {body}")


@pytest.mark.slow
def test_killed_in_the_middle_of_200_messages(database: Database, model: Path, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    server = LiveServer(url, tmp_path / "server.log", now=MONDAY_MORNING, model=model)
    citizens = Citizens(server.start())
    try:
        with ThreadPoolExecutor(SENDERS) as pool:
            talks = [pool.submit(citizens.talk, number) for number in range(SENDERS)]
            while len(citizens.answers) < KILL_AFTER and not any(talk.done() for talk in talks):
                time.sleep(0.005)
            citizens.up.clear()
            server.kill()
            answered = dict(citizens.answers)
            server.start()
            citizens.up.set()
            for talk in talks:
                talk.result()
        with httpx.Client(timeout=30) as client:  # a platform may send an answered one again, too
            for number, turn in ((0, 0), (3, 11), (9, 12)):
                again = citizens.send(client, number, turn, script(number)[turn])
                assert again == citizens.answers[f"{number}-{turn}"]
    finally:
        server.stop()
    assert KILL_AFTER <= len(answered) < SENDERS * EACH and citizens.sent_again, "it was killed in the middle"
    check(database, citizens.answers)


def check(database: Database, answers: dict[str, Replies]) -> None:
    """Compare what the citizens heard with what the database holds."""
    messages, replies = inbox_rows(database), defaultdict(list)
    for row in outbox_rows(database):
        replies[row.inbox_id].append(row)
    assert sorted(row.message_id for row in messages) == sorted(answers), "each message is there once"
    assert {(row.state, row.attempts) for row in messages} == {("done", 0)}
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
