"""Tickets at the desk: the list, one ticket, what is done with it, and who may."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import clock
from bot.app import _background
from bot.conversation.models import Conversation, OutboxMessage
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.privacy.models import AuditEntry
from bot.settings import Settings
from bot.staff.models import Staff
from bot.tickets import tickets, work
from bot.tickets.models import Note, Ticket

from .conftest import Sit

# Pages are the same on both databases; their queries, and who is first of two, are tested on both.
on_sqlite = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
SCRIPT = {"x-requested-with": "desk"}
CODE = "H36.12-261118-0042"


def opened(database: Database, topic: str = "dossier_late", summary: str = "trễ 3 ngày", **more: object) -> int:
    with database.unit_of_work() as session:
        return int(work.open_by_hand(session, topic, summary, **more).id)  # type: ignore[arg-type]


def in_a_talk(database: Database, topic: str = "dossier_late") -> tuple[int, int]:
    """Return a ticket and the conversation that it came from."""
    with database.unit_of_work() as session:
        talk = Conversation(channel="web", sender="a", created_at=clock.now())
        session.add(talk)
        session.flush()
        return int(tickets.open_ticket(session, talk.id, topic, "trễ 3 ngày", subject=CODE).id), int(talk.id)


def ticket(database: Database, ticket_id: int) -> Ticket:
    with database.reading() as session:
        found = work.find(session, ticket_id)
        session.expunge(found)
        return found


def looks(database: Database, action: str) -> list[tuple[str, str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).scalars()
        return [(row.actor, row.subject, row.reason) for row in rows]


def numbers(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/desk/tickets/\d+">(T-\d+)</a>', page)


def act(client: TestClient, ticket_id: int, **form: str) -> tuple[int, str]:
    answer = client.post(f"/desk/tickets/{ticket_id}/do", data=form)
    return answer.status_code, answer.text


def test_late_ones_first_and_marked_in_words(furnished: Database, sit: Sit) -> None:
    with clock.frozen("2026-11-20T09:00:00+07:00"):
        soon = opened(furnished, "delivery_problem", "bì rách")
        free = opened(furnished, "feedback", "ghế chờ ít")
        late = opened(furnished)
    with clock.frozen("2026-11-30T09:00:00+07:00"):
        with furnished.unit_of_work() as session:
            assert work.warn(session) == 2
        page = sit("agent").get("/desk/tickets").text
    assert numbers(page) == [f"T-{one:06d}" for one in (late, soon, free)]
    assert "Quá hạn 6 ngày" in page and "Sắp quá hạn, còn" in page and "Không đặt hạn" in page
    alert = page.split('class="alert"')[1].split("</section>")[0]
    assert f"T-{soon:06d}" in alert and f"T-{late:06d}" not in alert and "chưa ai nhận" in alert


def test_tabs_topics_owners_and_words(furnished: Database, sit: Sit) -> None:
    agent = sit("agent")
    one, two = opened(furnished, subject=CODE), opened(furnished, "feedback", "ghế chờ ít")
    assert act(agent, one, do="take")[0] == 303
    with furnished.reading() as session:
        me = session.execute(select(Staff.id).where(Staff.username == "agent")).scalar_one()
    for query, wanted in (
        ("", {one, two}), ("?tab=mine", {one}), ("?topic=feedback", {two}), ("?owner=none", {two}),
        (f"?owner={me}", {one}), (f"?q={CODE.lower()}", {one}), (f"?q=T-{two:06d}", {two}), ("?tab=closed", set()),
        ("?tab=late", set()), ("?tab=nothing&topic=none&owner=x&page=-1", {one, two}), ("?q=%27%20OR%201=1", set()),
        ("?page=2", set()), ("?page=99999999999999999999", {one, two}),
    ):  # fmt: skip
        answer = agent.get(f"/desk/tickets{query}")
        assert answer.status_code == 200 and set(numbers(answer.text)) == {f"T-{n:06d}" for n in wanted}, query


@on_sqlite
def test_a_list_of_many_comes_in_pages(furnished: Database, sit: Sit) -> None:
    with furnished.unit_of_work() as session:
        for number in range(120):
            work.open_by_hand(session, "feedback", f"ý kiến {number}")
    agent = sit("agent")
    seen = [numbers(agent.get(f"/desk/tickets?page={page}").text) for page in (1, 2, 3)]
    assert [len(page) for page in seen] == [50, 50, 20] and len({n for page in seen for n in page}) == 120
    assert "Trang sau" not in agent.get("/desk/tickets?page=3").text


@on_sqlite
def test_a_look_is_written_down_and_the_list_shows_no_phone(furnished: Database, sit: Sit) -> None:
    agent, one = sit("agent"), opened(furnished, summary="gọi lại 0912345678 giúp <script>alert(1)</script>")
    listed = agent.get("/desk/tickets").text
    assert "0912345678" not in listed and "09xx***678" in listed and "<script>alert" not in listed
    assert looks(furnished, "ticket.read") == []
    page = agent.get(f"/desk/tickets/{one}").text
    assert "0912345678" in page and "<script>alert" not in page and "&lt;script&gt;" in page
    assert looks(furnished, "ticket.read") == [("staff:agent", f"T-{one:06d}", "Hồ sơ trễ hạn")]
    assert agent.get("/desk/tickets/999999").status_code == 404
    assert act(agent, 999999, do="take")[0] == 404


def test_two_take_one_ticket(furnished: Database, sit: Sit) -> None:
    first, second, one = sit("agent"), sit("agent", "nam"), opened(furnished)
    assert act(first, one, do="take")[0] == 303
    status, page = act(second, one, do="take")
    assert status == 409 and "Người agent đang giữ phiếu" in page and "<h1>" in page
    answer = second.post(f"/desk/tickets/{one}/do", data={"do": "take"}, headers=SCRIPT)
    assert answer.status_code == 409 and "đang giữ" in answer.json()["error"]["message"]
    for form in ({"do": "close", "resolution": "xong"}, {"do": "pass", "to": "nam"}, {"do": "timer", "timer": "view"}):
        assert act(second, one, **form)[0] == 409, form
    assert act(sit("supervisor"), one, do="pass", to="nam")[0] == 303
    assert looks(furnished, "ticket.take") == [("staff:agent", f"T-{one:06d}", None)]


@on_sqlite
def test_closing_tells_the_citizen_and_what_was_typed_is_never_lost(furnished: Database, sit: Sit) -> None:
    agent = sit("agent")
    one, talk = in_a_talk(furnished)
    other = sit("agent", "nam")
    assert act(other, one, do="take")[0] == 303
    status, page = act(agent, one, do="close", resolution="Xã hẹn 30/11 & trả tận nhà.", tell="1")
    assert status == 409 and "Xã hẹn 30/11 &amp; trả tận nhà." in page
    assert ticket(furnished, one).state == "taken"
    status, _ = act(other, one, do="close", resolution="Xã hẹn trả ngày 30/11.", tell="1")
    assert status == 303 and ticket(furnished, one).resolution == "Xã hẹn trả ngày 30/11."
    with furnished.reading() as session:
        told = session.execute(select(OutboxMessage.text).where(OutboxMessage.conversation_id == talk)).scalars().all()
    assert len(told) == 1 and "Xã hẹn trả ngày 30/11." in told[0]
    page = other.get(f"/desk/tickets/{one}").text
    assert "Đóng phiếu" not in page and "Xong đúng hạn" in page and "Xã hẹn trả ngày 30/11." in page
    assert act(other, one, do="close", resolution="lần nữa")[0] == 409


@on_sqlite
def test_unticked_it_stays_inside(furnished: Database, sit: Sit) -> None:
    one, talk = in_a_talk(furnished)
    assert act(sit("agent"), one, do="close", resolution="Trùng phiếu khác.")[0] == 303
    with furnished.reading() as session:
        assert not session.execute(select(OutboxMessage).where(OutboxMessage.conversation_id == talk)).first()


@on_sqlite
def test_a_data_request_has_its_terms(furnished: Database, sit: Sit) -> None:
    agent, one = sit("agent"), opened(furnished, "data_request", "xin xóa dữ liệu")
    page = agent.get(f"/desk/tickets/{one}").text
    assert "2 ngày làm việc" in page and "Luật 91/2025/QH15" in page and "Đặt hạn" not in page
    act(agent, one, do="take")
    page = agent.get(f"/desk/tickets/{one}").text
    assert "Xóa dữ liệu: 20 ngày" in page
    assert act(agent, one, do="timer", timer="delete", extended="1")[0] == 409  # no reason given
    assert act(agent, one, do="timer", timer="delete")[0] == 303
    assert ticket(furnished, one).due_at == clock.parse("2026-12-13T17:00:00+07:00")


@on_sqlite
def test_opened_by_hand(furnished: Database, sit: Sit) -> None:
    agent = sit("agent")
    form = {"topic": "dossier_late", "summary": "Bà con gọi, trễ 3 ngày", "subject": CODE}
    answer = agent.post("/desk/tickets/new", data=form)
    assert answer.status_code == 303
    one = int(re.search(r"/desk/tickets/(\d+)", answer.headers["location"])[1])  # type: ignore[index]
    found = ticket(furnished, one)
    assert (found.topic, found.subject, found.summary) == ("dossier_late", CODE, "Bà con gọi, trễ 3 ngày")
    assert found.due_at == clock.parse("2026-11-25T17:00:00+07:00")
    assert looks(furnished, "ticket.open") == [("staff:agent", found.number, None)]
    answer = agent.post("/desk/tickets/new", data={**form, "conversation": "999"})
    assert answer.status_code == 400 and "Bà con gọi, trễ 3 ngày" in answer.text  # nothing typed is lost
    assert agent.post("/desk/tickets/new", data={**form, "summary": " "}).status_code == 400
    assert agent.post("/desk/tickets/new", data={**form, "topic": "x"}).status_code == 400
    assert 'value="7"' in agent.get("/desk/tickets/new?conversation=7").text


@on_sqlite
def test_notes_stay_among_colleagues(furnished: Database, sit: Sit) -> None:
    one, talk = in_a_talk(furnished)
    agent = sit("agent")
    assert act(agent, one, do="note", text="Đã gọi xã, máy bận.")[0] == 303
    assert act(agent, one, do="note", text=" ")[0] == 409 and act(agent, one, do="dance")[0] == 409
    assert "Đã gọi xã, máy bận." in agent.get(f"/desk/tickets/{one}").text
    with furnished.reading() as session:
        assert session.execute(select(Note.ticket_id)).scalars().all() == [one]
        assert not session.execute(select(OutboxMessage).where(OutboxMessage.conversation_id == talk)).first()


@on_sqlite
def test_the_editor_has_no_tickets(sit: Sit, furnished: Database) -> None:
    editor, one = sit("content_editor"), opened(furnished)
    assert editor.get("/desk/tickets").status_code == 403 and act(editor, one, do="take")[0] == 403


@on_sqlite
def test_the_alerts_run_beside_the_turns(furnished: Database) -> None:
    wanted = {name: do for name, _, do in _background(Settings(), furnished, Ways())._wanted}
    one = opened(furnished)
    with clock.frozen("2026-11-25T16:00:00+07:00"):
        wanted["alerts of tickets"]()
    assert ticket(furnished, one).warned_at == clock.parse("2026-11-25T16:00:00+07:00")
