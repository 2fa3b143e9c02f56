"""Somebody of the staff at a browser, without the sign-in pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from bot.db.engine import Database
from bot.privacy.models import AuditEntry
from bot.staff import accounts, sessions
from bot.staff.accounts import Member
from bot.staff.models import Staff


class Person:
    """Signed in with both factors; reads pages and sends forms as a browser without script does."""

    def __init__(self, client: TestClient, database: Database, role: str, username: str = "") -> None:
        self.client, self.database = client, database
        username = username or f"me.{role.replace('_', '.')}"
        with database.unit_of_work() as session:
            accounts.add(session, username, "Lê Thị Hoa", role)
            row = session.execute(select(Staff).where(Staff.username == username)).scalar_one()
            self.member: Member = accounts.member_of(row)
            self.token = sessions.begin(session, row, proved=True)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"cookie": f"mc_desk={self.token}"}, follow_redirects=False)

    def post(self, path: str, **form: str) -> Any:
        filled = {"csrf": sessions.csrf_of(self.token), **form}
        headers = {"cookie": f"mc_desk={self.token}"}
        return self.client.post(path, data=filled, headers=headers, follow_redirects=False)

    def audited(self) -> list[tuple[str, str]]:
        """Return what was written down of them: (action, subject)."""
        with self.database.reading() as session:
            rows = session.execute(
                select(AuditEntry.action, AuditEntry.subject)
                .where(AuditEntry.actor == self.member.actor)
                .order_by(AuditEntry.id)
            )
            return [(action, subject) for action, subject in rows]
