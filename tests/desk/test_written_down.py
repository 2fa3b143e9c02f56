"""Who tried to come in, and where: good and bad tries, refused pages, a new password."""

from __future__ import annotations

from sqlalchemy import select
from starlette.testclient import TestClient

from bot.db.engine import Database
from bot.privacy.models import AuditEntry
from bot.staff import accounts, sessions
from bot.staff.models import Staff

from .people import Person


def entries(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        wanted = select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
        return [(actor, action, subject) for actor, action, subject in session.execute(wanted)]


def test_a_bad_try_is_written_down_without_what_was_typed(client: TestClient, furnished: Database) -> None:
    with furnished.unit_of_work() as session:
        accounts.add(session, "hoa.le", "Lê Thị Hoa", "agent")
    for name in ("Hoa.Le", "my secret password"):  # somebody typed the password into the wrong field
        client.post("/desk/sign-in", data={"username": name, "password": "wrong"})
    assert entries(furnished) == [("?", "staff.sign_in_failed", "hoa.le"), ("?", "staff.sign_in_failed", "?")]


def test_a_page_that_is_not_for_ones_role_is_written_down(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "agent")
    assert me.get("/desk/staff").status_code == 403
    assert me.audited() == [("desk.refused", "/desk/staff")]


def test_a_new_password_ends_all_other_sessions(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "agent")
    with furnished.unit_of_work() as session:
        row = session.execute(select(Staff)).scalar_one()
        other = sessions.begin(session, row, proved=True)
        first = accounts.reset(session, row.username)
        me.token = sessions.begin(session, row, proved=True)
        other = sessions.begin(session, row, proved=True)
    changed = me.post("/desk/me", old=first, new="con trâu đi trước cái cày")
    assert changed.status_code == 200
    assert me.get("/desk/me").status_code == 200, "who changed it stays in"
    with furnished.reading() as session:
        assert sessions.read(session, other) is None
    assert ("staff.password", me.member.username) in me.audited()
