"""Which keys this database needs: who starts with another one must hear it before anything is written."""

from __future__ import annotations

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.db.sealed import ColumnKeyError
from bot.privacy.models import SealingKey


def confirm(database: Database) -> None:
    """Note the key that seals from now on. Raises ColumnKeyError when a key is missing, bot.db.keys.KeyProblem."""
    ids = database.sealer.ids
    with database.reading() as session:
        if set(_needed(session)) <= set(ids) and session.get(SealingKey, ids[0]):
            return
    with database.unit_of_work() as session:
        if not database.is_sqlite:  # two that start first, with two keys, must not both be right
            session.execute(text("LOCK TABLE sealing_keys IN SHARE ROW EXCLUSIVE MODE"))
        missing = [key for key in _needed(session) if key not in ids]
        if missing:
            raise ColumnKeyError(
                f"cơ sở dữ liệu này niêm phong bằng khóa {', '.join(missing)}, mà máy này không có khóa đó; "
                "đặt lại MOTCUA_SECRET_KEY (hoặc tệp secret.key cạnh cơ sở dữ liệu) như trước"
            )
        if session.get(SealingKey, ids[0]) is None:
            session.add(SealingKey(id=ids[0], since=clock.now()))


def known(session: Session) -> list[SealingKey]:
    """Return the keys that something here may be sealed with, the oldest first."""
    return list(session.execute(select(SealingKey).order_by(SealingKey.since, SealingKey.id)).scalars())


def is_whole(session: Session, key: str) -> bool:
    """Return whether everything is sealed with this key."""
    found = session.get(SealingKey, key)
    return found is not None and found.whole_at is not None


def now_whole(session: Session, key: str) -> None:
    """Note that nothing is left that is sealed otherwise than with this key: no other one is needed."""
    session.execute(delete(SealingKey).where(SealingKey.id != key))
    found = session.get(SealingKey, key) or SealingKey(id=key, since=clock.now())
    found.whole_at = clock.now()
    session.add(found)


def _needed(session: Session) -> list[str]:
    return [key.id for key in known(session)]
