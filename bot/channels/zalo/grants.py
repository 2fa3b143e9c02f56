"""The grant of the account: who may refresh it (one at a time), and when its end must be told (facts §1.2).

A refresh token works once, and two that refresh together lose the grant. So whoever refreshes holds the row's lock
(SQLite: is the one writer), reads it again, and commits the new pair before anybody uses it. Everything here blocks
and belongs in a thread.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from bot import clock
from bot.channels.zalo.alarms import REFRESHES, clear, raise_alarm
from bot.channels.zalo.errors import ApiError
from bot.channels.zalo.limits import REFRESH_BELOW, REFRESH_TOKEN_LIFE
from bot.channels.zalo.models import ZaloGrant
from bot.channels.zalo.oauth import Pair
from bot.conversation.outbox.delivery import DeliveryError, NeedsStaff
from bot.db.engine import Database
from bot.privacy.sealing import Sealer, SealingError

log = logging.getLogger(__name__)

REFUSED_REFRESH_TOKEN = -14014
# A new token that is refused at once has another fault than its age: another refresh would not mend it.
NEWEST = timedelta(seconds=60)


class Refresher(Protocol):
    """Whoever turns a refresh token into the next pair."""

    def refresh(self, refresh_token: str) -> Pair:
        """Return the next pair; raises ApiError or DeliveryError."""


@dataclass(frozen=True)
class Standing:
    """How a grant stands, without its secrets."""

    issued_at: datetime
    expires_at: datetime
    refresh_expires_at: datetime
    dead_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        """Return whether enough of the access token's life is left."""
        return now < self.expires_at - (self.expires_at - self.issued_at) * REFRESH_BELOW


@dataclass(frozen=True)
class _Unsaved:
    """A pair that came while the database could not take it; the grant hangs on it."""

    spent: str = field(repr=False)
    pair: Pair
    at: datetime


class Grants:
    """The grant of one account in one database."""

    def __init__(self, database: Database, sealer: Sealer, app_id: str, oa_id: str, oauth: Refresher) -> None:
        """Keep what is needed; nothing is read yet."""
        self._database, self._sealer, self._oauth = database, sealer, oauth
        self._app_id, self._oa_id = app_id, oa_id
        self._unsaved: _Unsaved | None = None

    def save(self, pair: Pair) -> None:
        """Keep a pair that a person has given: by consent, or by import."""
        with self._database.unit_of_work() as session:
            self._write(session, self._row(session), pair, clock.now())
        clear("no_grant", "grant_dead", "grant_14_days", "grant_3_days", "grant_sealed")

    def standing(self) -> Standing | None:
        """Return how the grant stands; None when there is none."""
        with self._database.reading() as session:
            row = session.get(ZaloGrant, self._oa_id)
            return row and Standing(row.issued_at, row.expires_at, row.refresh_expires_at, row.dead_at)

    def access_token(self) -> str:
        """Return a token to call with; refreshed first when less than a fifth of its life is left.

        Raises NeedsStaff when there is no grant, or none that lives; PlatformDown when it could not be refreshed.
        """
        with self._database.reading() as session:
            row = session.get(ZaloGrant, self._oa_id)
            if row is None:
                raise_alarm("no_grant")
                raise NeedsStaff("no_grant")
            fresh = Standing(row.issued_at, row.expires_at, row.refresh_expires_at, row.dead_at).is_fresh(clock.now())
            if fresh and self._unsaved is None:
                return self._open(row.sealed)["access"]
        return self._refreshed(None)

    def renewed(self, rejected: str) -> str:
        """Return another token than the one that Zalo has just rejected; refreshed unless somebody has done so."""
        return self._refreshed(rejected)

    def check(self) -> None:
        """Refresh in good time, also where nothing is sent, and put alarms up or down."""
        standing = self.standing()
        if standing is None:
            raise_alarm("no_grant")
            return
        if not standing.is_fresh(clock.now()):
            try:
                self.access_token()
            except DeliveryError as error:
                log.error("Zalo: the token could not be refreshed: %s", error.reason)
            standing = self.standing() or standing
        left = standing.refresh_expires_at - clock.now()
        up = {"grant_14_days": left <= timedelta(days=14), "grant_3_days": left <= timedelta(days=3)}
        for reason, is_so in {**up, "grant_dead": standing.dead_at is not None}.items():
            raise_alarm(reason) if is_so else clear(reason)

    def _refreshed(self, rejected: str | None) -> str:
        """Hold the row, look again, refresh if it is still needed; the token is returned once it is committed."""
        with self._database.unit_of_work() as session:
            row = self._row(session)
            if row is None:
                raise_alarm("no_grant")
                raise NeedsStaff("no_grant")
            self._save_late(session, row)
            now, tokens = clock.now(), self._open(row.sealed)
            if not _is_needed(row, tokens, rejected, now):
                return tokens["access"]
            alive = rejected is None and now < row.expires_at
            if not row.dead_at:
                self._refresh(session, row, tokens["refresh"], now, alive)
            dead, access, unsaved = row.dead_reason, self._open(row.sealed)["access"], self._unsaved
        if self._unsaved is unsaved:
            self._unsaved = None  # committed
        if dead:
            raise_alarm("grant_dead")
            if not alive:
                raise NeedsStaff(str(dead))
        return access

    def _refresh(self, session: Session, row: ZaloGrant, refresh: str, now: datetime, alive: bool) -> None:
        """Refresh under the lock, or mark the grant as dead. `alive`: the old token still serves."""
        # Written before the token is spent: a database that cannot write says so while nothing is lost.
        row.refreshing_at = now
        session.flush()
        try:
            pair = self._oauth.refresh(refresh)
        except ApiError as error:
            REFRESHES.labels(str(error.code)).inc()
            log.error("Zalo: refresh refused: %s %s", error.code, error.message)
            if error.code == REFUSED_REFRESH_TOKEN:
                row.dead_at, row.dead_reason = now, str(error.code)  # the tokens stay: they tell what happened
            elif not alive:
                raise NeedsStaff(str(error.code)) from None
        except DeliveryError as error:
            REFRESHES.labels("down").inc()
            log.error("Zalo: refresh did not get through: %s", error.reason)
            if not alive:
                raise
        else:
            REFRESHES.labels("done").inc()
            self._unsaved = _Unsaved(refresh, pair, now)
            self._write(session, row, pair, now)

    def _save_late(self, session: Session, row: ZaloGrant) -> None:
        """Write the pair that could not be committed when it came."""
        unsaved = self._unsaved
        if unsaved is not None and unsaved.spent == self._open(row.sealed)["refresh"]:
            self._write(session, row, unsaved.pair, unsaved.at)

    def _row(self, session: Session) -> ZaloGrant | None:
        return session.get(ZaloGrant, self._oa_id, with_for_update=True)

    def _write(self, session: Session, row: ZaloGrant | None, pair: Pair, now: datetime) -> None:
        if row is None:
            row = ZaloGrant(oa_id=self._oa_id)
            session.add(row)
        else:
            row.previous = row.sealed
        row.app_id = self._app_id
        row.sealed = self._sealer.seal(json.dumps({"access": pair.access, "refresh": pair.refresh}))
        row.issued_at, row.expires_at = now, now + pair.life
        row.refresh_expires_at = now + REFRESH_TOKEN_LIFE
        row.dead_at = row.dead_reason = None

    def _open(self, sealed: str) -> dict[str, str]:
        try:
            return dict(json.loads(self._sealer.open(sealed)))
        except SealingError:
            raise_alarm("grant_sealed")
            raise NeedsStaff("grant_sealed") from None


def _is_needed(row: ZaloGrant, tokens: dict[str, str], rejected: str | None, now: datetime) -> bool:
    """Return whether a refresh is needed, now that the row is held; raises NeedsStaff when it would not help."""
    if rejected is None:
        return not Standing(row.issued_at, row.expires_at, row.refresh_expires_at, row.dead_at).is_fresh(now)
    if tokens["access"] != rejected:
        return False
    if now - row.issued_at < NEWEST:
        raise NeedsStaff("token_refused")
    return True
