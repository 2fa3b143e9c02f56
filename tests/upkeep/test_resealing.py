"""A new key: everything is brought under it while the server runs, and then the former one may go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import new_postgres_database
from sqlalchemy import select, text

from bot import clock
from bot.channels.zalo.models import ZaloGrant
from bot.db import keys, migrate
from bot.db.engine import Database
from bot.db.sealed import ColumnKeyError
from bot.dossiers.intake import reviews, storing
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier
from bot.dossiers.proof import identities
from bot.dossiers.proof.models import VerifiedPhone
from bot.privacy import sealing_keys
from bot.privacy.sealing import Sealer, new_key
from bot.staff.models import Staff
from bot.staff.second_factor import SecondFactor
from bot.upkeep import resealing

OLD, NEW = new_key(), new_key()
PHONE, NUMBER, SECRET = "0900001234", "000000000001", "a pair of tokens"
CODE = "H36.12-261118-0042"
Open = Callable[[str], Database]


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """What opens one database with whichever keys."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'keys.db'}"
    else:
        url = new_postgres_database(request.getfixturevalue("postgres_url")).url.render_as_string(hide_password=False)
    databases: list[Database] = []

    def open_with(secret_key: str) -> Database:
        databases.append(Database(url, secret_key))
        return databases[-1]

    migrate.upgrade(open_with(OLD))
    yield open_with
    for database in databases:
        database.dispose()


def fill(database: Database, secret_key: str) -> None:
    """Put in one of everything that is sealed."""
    now = clock.now()
    with database.unit_of_work() as session:
        record = storing.check(
            {"code": CODE, "status": 2, "owner_phone": PHONE, "owner_id_number": NUMBER, "slip_secret": "K7Q2"}
        )
        storing.store(session, record, None)
        reviews.keep(session, source="a", reason="bad_row", detail="b", payload={"owner_phone": PHONE})
        identities.know_phone(session, "zalo:u1", PHONE)
        identities.remember(session, "zalo:u1", CODE, identities.owner_mark(PHONE, "K7Q2"))
        sealed = Sealer(secret_key).seal(SECRET)
        session.add(ZaloGrant(oa_id="1", app_id="1", sealed=sealed, previous=sealed, issued_at=now,
                              expires_at=now, refresh_expires_at=now))  # fmt: skip
        factor = SecondFactor(keys.load(secret_key, database))
        session.add(Staff(username="ngoc.anh", display_name="Ngọc Anh", role="agent", created_at=now,
                          totp_sealed=factor._sealer.seal("BASE32")))  # fmt: skip
    sealing_keys.confirm(database)


def stored(database: Database) -> list[str]:
    """Return all sealed values as they lie there."""
    found: list[str] = []
    with database.reading() as session:
        for column in resealing.sealed_columns():
            query = text(f"SELECT {column.name} FROM {column.table.name} WHERE {column.name} IS NOT NULL")
            found += session.execute(query).scalars()
    return found


def test_after_a_new_key_the_former_one_may_go(opened: Open) -> None:
    fill(opened(OLD), OLD)
    both = opened(f"{NEW},{OLD}")
    assert stored(both) and not any(map(both.sealer.is_current, stored(both)))
    assert resealing.reseal(both, f"{NEW},{OLD}") == len(stored(both)) + 3  # a grant has two, a second factor is one
    assert all(map(both.sealer.is_current, stored(both)))

    only = opened(NEW)
    sealing_keys.confirm(only)
    with only.reading() as session:
        dossier = find(session, CODE)
        assert (dossier.owner_phone, dossier.owner_id_number) == (PHONE, NUMBER)
        assert reviews.listed(session)[0].payload == {"owner_phone": PHONE}
        assert identities.proved(session, "zalo:u1", CODE) and identities.mine(session, "zalo:u1") == [(CODE, 2)]
        grant = session.query(ZaloGrant).one()
        assert Sealer(NEW).open(grant.sealed) == Sealer(NEW).open(grant.previous) == SECRET
        assert SecondFactor(keys.load(NEW, only))._sealer.open(session.query(Staff).one().totp_sealed) == "BASE32"
    with pytest.raises(ColumnKeyError):
        sealing_keys.confirm(opened(OLD))


def test_rows_from_before_there_were_seals_are_sealed(opened: Open) -> None:
    database = opened(OLD)
    fill(database, OLD)
    with database.unit_of_work() as session:
        session.execute(text("UPDATE dossiers SET owner_phone = :phone"), {"phone": PHONE})
    assert PHONE in stored(database)
    assert resealing.reseal(database, OLD) == 1
    assert PHONE not in stored(database)
    assert resealing.reseal(database, OLD) == 0


def test_the_same_noted_under_both_keys_is_one_row_in_the_end(opened: Open) -> None:
    fill(opened(OLD), OLD)
    both = opened(f"{NEW},{OLD}")
    with both.unit_of_work() as session:
        identities.know_phone(session, "zalo:u1", PHONE)
    resealing.reseal(both, f"{NEW},{OLD}")
    with opened(NEW).reading() as session:
        assert [row.phone for row in session.query(VerifiedPhone)] == [PHONE]


def test_what_somebody_writes_meanwhile_is_not_overwritten(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(opened(OLD), OLD)
    both = opened(f"{NEW},{OLD}")
    write = resealing._write

    def somebody_first(database: Database, change: Any, rows: list[dict[str, Any]]) -> int:
        if change.table is Dossier.__table__:
            with database.unit_of_work() as session:
                find(session, CODE).owner_phone = "0900009999"
        return write(database, change, rows)

    monkeypatch.setattr(resealing, "_write", somebody_first)
    resealing.reseal(both, f"{NEW},{OLD}")
    with opened(NEW).reading() as session:
        assert find(session, CODE).owner_phone == "0900009999"


def test_a_missing_key_stops_it_and_nothing_is_lost(opened: Open) -> None:
    fill(opened(OLD), OLD)
    before = stored(opened(OLD))
    with pytest.raises(ColumnKeyError):
        resealing.reseal(opened(NEW), NEW)
    assert stored(opened(OLD)) == before


def test_many_rows_go_page_by_page(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 3)
    with opened(OLD).unit_of_work() as session:
        for number in range(10):
            identities.know_phone(session, f"zalo:{number}", PHONE)
    seen: list[tuple[str, int]] = []
    both = opened(f"{NEW},{OLD}")
    assert resealing.reseal(both, f"{NEW},{OLD}", lambda table, rows: seen.append((table, rows))) == 10
    assert [rows for table, rows in seen if table == "verified_phones"] == [3, 6, 9, 10]


def test_the_clock_does_it_once(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    both = opened(f"{NEW},{OLD}")
    fill(opened(OLD), OLD)
    resealing.if_needed(both, f"{NEW},{OLD}")
    assert all(map(both.sealer.is_current, stored(both)))
    monkeypatch.setattr(resealing, "reseal", lambda *_: pytest.fail("all was whole"))
    resealing.if_needed(both, f"{NEW},{OLD}")


def test_down_and_up_again_keeps_every_value(opened: Open) -> None:
    database = opened(OLD)
    fill(database, OLD)
    migrate.downgrade(database, "0009")
    with database.reading() as session:
        assert session.execute(text("SELECT owner_phone, owner_id_number FROM dossiers")).one() == (PHONE, NUMBER)
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.execute(select(Dossier.owner_phone)).scalar_one() == PHONE
        assert reviews.listed(session)[0].payload == {"owner_phone": PHONE}
        assert session.query(VerifiedPhone).one().expires_at > clock.now() + timedelta(days=100)
