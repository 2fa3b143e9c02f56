"""What is known of our Official Account: its kind, which API takes its messages, whether people answer instead of us.

Everything here blocks and belongs in a thread.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.channels.zalo.models import ZaloAccount
from bot.db.engine import Database
from bot.db.upsert import upsert
from bot.text import clean

LOGIN_WINDOW = timedelta(minutes=15)
KINDS = {2: "enterprise", 4: "state agency"}  # of one unofficial source (facts §1.3)


@dataclass(frozen=True)
class Account:
    """The account as we know it."""

    name: str | None = None
    oa_type: int | None = None
    endpoint: str | None = None  # "v3", "v2", "none"; None: not known yet
    human_reply_at: datetime | None = None


class Accounts:
    """The record of one account."""

    def __init__(self, database: Database, oa_id: str) -> None:
        """Keep which one."""
        self._database, self._oa_id = database, oa_id

    def get(self) -> Account:
        """Return what is known; an empty record while nothing is."""
        with self._database.reading() as session:
            row = session.get(ZaloAccount, self._oa_id)
            return Account(row.name, row.oa_type, row.endpoint, row.human_reply_at) if row else Account()

    def learn(self, data: dict[str, Any]) -> None:
        """Keep what `getoa` has told."""
        kind = str(data.get("oa_type"))
        with self._database.unit_of_work() as session:
            row = self._row(session)
            row.name = clean(str(data.get("name") or ""))[:160] or None
            row.oa_type = int(kind) if re.fullmatch(r"[0-9]{1,3}", kind) else None
            row.checked_at = clock.now()

    def pin(self, endpoint: str | None) -> None:
        """Keep which API takes our messages ("none": neither, people answer); None: find out again."""
        with self._database.unit_of_work() as session:
            row = self._row(session)
            row.endpoint = endpoint
            row.human_reply_at = (row.human_reply_at or clock.now()) if endpoint == "none" else None

    def expect_login(self, state: str) -> None:
        """Take one consent within the next minutes."""
        with self._database.unit_of_work() as session:
            row = self._row(session)
            row.login_state_hash, row.login_until = _hash(state), clock.now() + LOGIN_WINDOW

    def take_login(self, state: str | None) -> bool:
        """Return whether a consent is expected now, and end the waiting.

        `state` must be the right one where it comes back; Zalo's console builds links without one (facts §1.2).
        """
        with self._database.unit_of_work() as session:
            row = session.get(ZaloAccount, self._oa_id, with_for_update=True)
            if row is None or row.login_until is None or row.login_until < clock.now():
                return False
            if state is not None and not hmac.compare_digest(_hash(state), row.login_state_hash):
                return False
            row.login_state_hash = row.login_until = None
            return True

    def _row(self, session: Session) -> ZaloAccount:
        row = session.get(ZaloAccount, self._oa_id, with_for_update=True)
        if row is None:  # two processes that start together may both find none
            upsert(session, ZaloAccount, keys={"oa_id": self._oa_id}, values={"checked_at": None})
            row = session.get(ZaloAccount, self._oa_id, with_for_update=True)
        return row


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
