"""The page of the accounts: administrators only, the new password once, nobody locks themselves out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.db.engine import Database
from bot.staff import accounts
from bot.staff.models import Staff

from .people import Person

SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def account(database: Database, username: str) -> Staff:
    with database.reading() as session:
        found = session.execute(select(Staff).where(Staff.username == username)).scalar_one()
        session.expunge(found)
        return found


@pytest.mark.parametrize("role", ["agent", "content_editor", "supervisor"])
def test_administrators_only(client: TestClient, furnished: Database, role: str) -> None:
    me = Person(client, furnished, role)
    assert me.get("/desk/staff").status_code == 403
    added = me.post("/desk/staff", do="add", username="ke.la", name="Kẻ Lạ", role="admin")
    assert added.status_code == 403
    with furnished.reading() as session:
        assert session.execute(select(Staff).where(Staff.username == "ke.la")).first() is None


def test_a_new_account_s_password_is_shown_once_and_works(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "admin")
    form = {"do": "add", "username": " Nam.Tran ", "name": "Trần <Nam>", "role": "agent", "team": "Bưu điện Di Linh"}
    added = me.post("/desk/staff", **form)
    password = SECRET.search(added.text)
    assert added.status_code == 200 and password
    assert added.headers["cache-control"] == "no-store"
    with furnished.unit_of_work() as session:
        assert accounts.check_password(session, "nam.tran", password[1]) is not None
    page = me.get("/desk/staff").text
    assert password[1] not in page and "Trần &lt;Nam&gt;" in page and "Bưu điện Di Linh" in page
    assert ("staff.add", "nam.tran") in me.audited()


def test_an_account_is_put_into_a_team_disabled_enabled_and_reset(client: TestClient, furnished: Database) -> None:
    me, other = Person(client, furnished, "admin"), Person(client, furnished, "agent", "nam.tran")
    assert me.post("/desk/staff", do="team", username="nam.tran", team=" Đất  đai ").status_code == 303
    assert account(furnished, "nam.tran").team == "Đất đai"
    me.post("/desk/staff", do="disable", username="nam.tran")
    assert other.get("/desk/chats").status_code == 303  # out at once
    me.post("/desk/staff", do="enable", username="nam.tran")
    reset = me.post("/desk/staff", do="reset", username="nam.tran")
    assert SECRET.search(reset.text)
    assert other.get("/desk/chats").status_code == 303  # the old session is worth nothing
    assert me.post("/desk/staff", do="role", username="nam.tran", role="supervisor").status_code == 303
    assert account(furnished, "nam.tran").role == "supervisor"
    assert me.post("/desk/staff", do="role", username="nam.tran", role="king").status_code == 400
    assert me.post("/desk/staff", do="role", username="me.admin", role="agent").status_code == 400
    assert account(furnished, "nam.tran").role == "supervisor"
    assert me.audited().pop()[0] == "staff.role"
    assert [one[0] for one in me.audited()][-5:-1] == ["staff.team", "staff.disable", "staff.enable", "staff.reset"]


@pytest.mark.parametrize("what", ["disable", "reset"])
def test_nobody_locks_themselves_out(client: TestClient, furnished: Database, what: str) -> None:
    me = Person(client, furnished, "admin")
    assert me.post("/desk/staff", do=what, username=me.member.username.upper()).status_code == 400
    assert me.get("/desk/staff").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"do": "add", "username": "Có Dấu", "name": "A", "role": "agent"},
        {"do": "add", "username": "ai.do", "name": "", "role": "agent"},
        {"do": "add", "username": "ai.do", "name": "A", "role": "king"},
        {"do": "add", "username": "me.admin", "name": "A", "role": "agent"},
        {"do": "reset", "username": "khong.co"},
        {"do": "team", "username": "khong.co", "team": "x"},
        {"do": "team", "username": "me.admin", "team": "x" * 41},
        {"do": "dance", "username": "me.admin"},
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(client: TestClient, furnished: Database, form: dict[str, str]) -> None:
    me = Person(client, furnished, "admin")
    answer = me.post("/desk/staff", **form)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert not [one for one in me.audited() if one[0].startswith("staff")]
