"""What holds on after a proof: half an hour in a browser, long on one's own account, a phone for all its dossiers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.dossiers import proof
from bot.dossiers.proof import Result, one_time_codes
from bot.dossiers.proof.models import OneTimeCode
from bot.dossiers.proof.one_time_codes import Asked

from .conftest import CODE, PHONE, UNKNOWN

Put = Callable[..., str]
OTHER = "H36.12-261102-0002"


def made(session: Session, asker: str) -> str:
    """Return the digits of the newest code for an asker."""
    return str(
        session.execute(
            select(OneTimeCode.digits).where(OneTimeCode.asker == asker).order_by(OneTimeCode.id.desc()).limit(1)
        ).scalar_one()
    )


def test_ones_own_account_is_remembered_and_a_browser_is_not(session: Session, put: Put) -> None:
    put()
    for asker in ("telegram:7", "zalo:8", "web:9", "rest:10"):
        proof.prove(session, asker, CODE, "1234")
    with clock.frozen(clock.now() + timedelta(days=30)):
        held = [asker for asker in ("telegram:7", "zalo:8", "web:9", "rest:10") if proof.proved(session, asker, CODE)]
    assert held == ["telegram:7", "zalo:8"]


def test_a_phone_that_is_proved_opens_each_dossier_it_stands_on(session: Session, put: Put) -> None:
    put()
    put(code=OTHER, status=9)
    put(code="H36.12-261102-0003", owner_phone="0911111111")
    proof.know_phone(session, "telegram:7", PHONE)
    assert proof.proved(session, "telegram:7", CODE) and proof.proved(session, "telegram:7", OTHER)
    assert not proof.proved(session, "telegram:7", "H36.12-261102-0003")
    assert {code for code, _ in proof.mine(session, "telegram:7")} == {CODE, OTHER}
    proof.forget_asker(session, "telegram:7")
    assert proof.mine(session, "telegram:7") == []


def test_a_phone_taken_off_the_dossier_no_longer_opens_it(session: Session, put: Put) -> None:
    put()
    proof.know_phone(session, "telegram:7", PHONE)
    put(owner_phone="0911111111")
    assert not proof.proved(session, "telegram:7", CODE)


def test_a_one_time_code_proves_the_dossier_and_the_phone_once(session: Session, put: Put) -> None:
    put()
    put(code=OTHER)
    assert one_time_codes.ask(session, "web:1", CODE) is Asked.ON_ITS_WAY
    digits = made(session, "web:1")
    assert proof.prove(session, "web:2", CODE, digits).result is Result.WRONG, "it is another asker's"
    assert proof.prove(session, "web:1", CODE, digits).result is Result.PROVED
    assert {code for code, _ in proof.mine(session, "web:1")} == {CODE, OTHER}
    proof.forget_asker(session, "web:2")
    assert proof.prove(session, "web:1", CODE, digits).result is Result.WRONG, "it is used up"


def test_a_one_time_code_ends_after_five_minutes(session: Session, put: Put) -> None:
    put()
    one_time_codes.ask(session, "web:1", CODE)
    with clock.frozen(clock.now() + one_time_codes.LASTS):
        assert proof.prove(session, "web:1", CODE, made(session, "web:1")).result is Result.WRONG


def test_a_one_time_code_passes_the_locks_of_others(session: Session, put: Put) -> None:
    put()
    for number in range(5):
        proof.prove(session, f"guesser{number}", CODE, "0000")
    one_time_codes.ask(session, "web:1", CODE)
    assert proof.prove(session, "web:1", CODE, made(session, "web:1")).result is Result.PROVED


def test_asking_for_an_unknown_dossier_looks_the_same_and_rings_nobody(session: Session, put: Put) -> None:
    put()
    for code in (CODE, UNKNOWN):
        answers = [one_time_codes.ask(session, f"web:{code}", code) for _ in range(4)]
        assert answers == [Asked.ON_ITS_WAY] * 3 + [Asked.TOO_OFTEN]
    rung = session.execute(select(OneTimeCode.code, func.count(OneTimeCode.phone)).group_by(OneTimeCode.code))
    assert dict(rung.all()) == {CODE: 3, UNKNOWN: 0}
    assert proof.prove(session, f"web:{UNKNOWN}", UNKNOWN, "123456").result is Result.WRONG


def test_one_asker_cannot_ring_many_phones(session: Session, put: Put) -> None:
    codes = [put(code=f"H36.12-261102-00{number}0") for number in range(10, 17)]
    asked = [one_time_codes.ask(session, "web:1", code) for code in codes]
    assert asked == [Asked.ON_ITS_WAY] * 5 + [Asked.TOO_OFTEN] * 2


def prepared(database: Database) -> None:
    from bot.dossiers.intake import storing

    with database.unit_of_work() as session:
        storing.put(session, CODE, {"code": CODE, "status": 4, "owner_phone": PHONE})
        one_time_codes.ask(session, "web:1", CODE)


def test_a_waiting_code_is_sent_once_and_wiped(database: Database) -> None:
    prepared(database)
    sent: list[tuple[str, str]] = []
    assert one_time_codes.send_waiting(database, lambda phone, text: sent.append((phone, text))) == 1
    assert one_time_codes.send_waiting(database, lambda phone, text: sent.append((phone, text))) == 0
    ((phone, text),) = sent
    assert phone == PHONE and "ma tra cuu" in text and text.isascii() and len(text) <= 160
    with database.unit_of_work() as session:
        row = session.execute(select(OneTimeCode)).scalar_one()
        assert row.digits is None and row.sent_at is not None
        digits = text.partition(" la ")[2][:6]
        assert proof.prove(session, "web:1", CODE, digits).result is Result.PROVED


def test_a_gateway_that_is_down_is_tried_again_and_then_given_up(database: Database) -> None:
    prepared(database)
    tries: list[str] = []

    def down(phone: str, text: str) -> None:
        tries.append(phone)
        raise ConnectionRefusedError

    for _ in range(5):
        assert one_time_codes.send_waiting(database, down) == 0
    assert len(tries) == one_time_codes.MOST_SENDS
    with database.reading() as session:
        assert one_time_codes.count_waiting(session) == 0


def test_a_code_that_went_to_another_phone_proves_nothing(session: Session, put: Put) -> None:
    put()
    put(code=OTHER, owner_phone="0911111111")
    one_time_codes.ask(session, "web:1", CODE)
    put(owner_phone="0911111111")
    assert proof.prove(session, "web:1", CODE, made(session, "web:1")).result is Result.WRONG
    assert proof.mine(session, "web:1") == []
