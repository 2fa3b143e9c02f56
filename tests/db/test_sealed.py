"""Sealed columns: nothing to read in a copy of the database, and yet found, joined and unique."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot import clock
from bot.db.engine import Database
from bot.db.sealed import ColumnKeyError, ColumnSealer, holds
from bot.dossiers.proof import identities
from bot.dossiers.proof.models import VerifiedPhone

OLD, NEW = b"o" * 32, b"n" * 32
PHONE = "0900001234"


def sealer(*keys: bytes) -> ColumnSealer:
    return ColumnSealer(lambda: keys)


@given(st.text(min_size=1))
def test_what_is_sealed_opens_and_shows_nothing(value: str) -> None:
    ours = sealer(NEW)
    stored = ours.seal(value, "phone")
    assert stored.isascii() and ours.open(stored, "phone") == value
    assert len(value) < 4 or value not in stored


def test_the_same_is_stored_alike_under_one_key_and_purpose_only() -> None:
    assert sealer(NEW).seal(PHONE, "phone") == sealer(NEW, OLD).seal(PHONE, "phone")
    assert len({sealer(key).seal(PHONE, purpose) for key in (NEW, OLD) for purpose in ("phone", "mark")}) == 4


def test_empty_and_unsealed_values_stay_as_they_are() -> None:
    assert sealer(NEW).seal("", "phone") == "" and sealer(NEW).open(PHONE, "phone") == PHONE
    assert sealer(NEW).is_current(None) and sealer(NEW).is_current("") and not sealer(NEW).is_current(PHONE)


def test_a_former_key_opens_and_is_not_current() -> None:
    both, stored = sealer(NEW, OLD), sealer(OLD).seal(PHONE, "phone")
    assert both.open(stored, "phone") == PHONE and not both.is_current(stored)
    assert both.forms(PHONE, "phone") == [sealer(NEW).seal(PHONE, "phone"), stored, PHONE]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda stored: sealer(OLD).seal(PHONE, "phone"),  # a key that is not here
        lambda stored: sealer(NEW).seal(PHONE, "mark"),  # moved here from another column
        lambda stored: stored[:-6] + ("AAAA==" if stored[-6:] != "AAAA==" else "BBBB=="),
        lambda stored: stored[:-3],
        lambda stored: stored + "ữ",
    ],
)
def test_what_does_not_open_says_so_without_the_value(spoil: Callable[[str], str]) -> None:
    with pytest.raises(ColumnKeyError) as raised:
        sealer(NEW).open(spoil(sealer(NEW).seal(PHONE, "phone")), "phone")
    assert PHONE not in str(raised.value)


def test_another_process_gets_the_same_keys() -> None:
    ours = sealer(NEW, OLD)
    assert pickle.loads(pickle.dumps(ours)).seal(PHONE, "phone") == ours.seal(PHONE, "phone")


def test_a_copy_of_the_database_shows_no_number(database: Database) -> None:
    with database.unit_of_work() as session:
        identities.know_phone(session, "zalo:u1", PHONE)
        identities.know_phone(session, "zalo:u1", PHONE)  # found again, though sealed: no second row
    with database.reading() as session:
        (stored,) = session.execute(text("SELECT phone FROM verified_phones")).scalars()
        assert PHONE not in stored and stored.startswith("~1.")
        assert session.query(VerifiedPhone).one().phone == PHONE


def test_a_value_is_found_whichever_key_sealed_it(database: Database) -> None:
    now = clock.now()
    told = {"asker": "x", "now": now.replace(tzinfo=None), "until": (now + timedelta(days=1)).replace(tzinfo=None)}
    insert = text(
        "INSERT INTO verified_phones (asker, phone, verified_at, expires_at) VALUES (:asker, :phone, :now, :until)"
    )
    with database.unit_of_work() as session:
        for number, stored in enumerate(database.sealer.forms(PHONE, "phone")):
            session.execute(insert, {**told, "asker": f"zalo:{number}", "phone": stored})
        found = session.query(VerifiedPhone).filter(holds(session, VerifiedPhone.phone, [PHONE])).all()
        assert len(found) == len(database.sealer.forms(PHONE, "phone")) and {row.phone for row in found} == {PHONE}
