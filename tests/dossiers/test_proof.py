"""The second factor and its lock: right, wrong, locked; and nothing that tells an unknown code apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.dossiers import proof
from bot.dossiers.intake import storing
from bot.dossiers.proof import Result, factors, tries
from bot.dossiers.proof.models import DossierProof, ProofFailure

from .conftest import CODE, PHONE, SECRET, UNKNOWN

Put = Callable[..., str]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect the SQL texts that run inside the block."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("factor", ["1234", " 1234 ", "K7Q2", "k7q2", "k7-q2"])
def test_either_factor_proves_and_is_remembered_for_half_an_hour(session: Session, put: Put, factor: str) -> None:
    code = put()
    assert not proof.proved(session, "a", code)
    assert proof.prove(session, "a", code, factor).result is Result.PROVED
    assert proof.proved(session, "a", code)
    assert not proof.proved(session, "b", code)
    with clock.frozen("2026-11-22T09:29:59+07:00"):
        assert proof.proved(session, "a", code)
    with clock.frozen("2026-11-22T09:30:00+07:00"):
        assert not proof.proved(session, "a", code)


def test_proving_again_prolongs_the_one_proof(session: Session, put: Put) -> None:
    code = put()
    proof.prove(session, "a", code, "1234")
    with clock.frozen("2026-11-22T09:20:00+07:00"):
        proof.prove(session, "a", code, "1234")
    with clock.frozen("2026-11-22T09:45:00+07:00"):
        assert proof.proved(session, "a", code)
    assert session.execute(select(func.count()).select_from(DossierProof)).scalar_one() == 1


@pytest.mark.parametrize("factor", ["", "0000", "900001234", "0900001235", "123", "K7Q", "Nguyễn", "🙂"])
def test_anything_else_is_wrong(session: Session, put: Put, factor: str) -> None:
    code = put()
    assert proof.prove(session, "a", code, factor).result is Result.WRONG
    assert not proof.proved(session, "a", code)


@pytest.mark.parametrize("factor", ["", "0000", "None", "none"])
def test_a_dossier_without_factors_can_never_be_proved(session: Session, put: Put, factor: str) -> None:
    code = put(owner_phone=None, slip_secret=None)
    assert proof.prove(session, "a", code, factor).result is Result.WRONG


@pytest.mark.parametrize("code", [CODE, UNKNOWN])
def test_five_wrong_tries_lock_known_and_unknown_codes_alike(session: Session, put: Put, code: str) -> None:
    put()
    results = [proof.prove(session, "a", code, "0000") for _ in range(6)]
    assert [outcome.result for outcome in results] == [Result.WRONG] * 4 + [Result.LOCKED] * 2
    assert results[-1].retry_after_s == 3600
    assert proof.prove(session, "a", code, "1234").result is Result.LOCKED


def test_the_code_is_locked_for_others_and_the_asker_for_other_codes(session: Session, put: Put) -> None:
    put()
    for number in range(5):
        proof.prove(session, f"guesser{number}", CODE, "0000")
    assert proof.prove(session, "owner", CODE, "1234").result is Result.LOCKED
    for number in range(5):
        proof.prove(session, "walker", f"H36.12-261102-800{number}", "0000")
    assert proof.prove(session, "walker", "H36.12-261102-8009", "0000").result is Result.LOCKED
    assert proof.locked(session, "owner", UNKNOWN) is None


def test_the_lock_opens_when_the_oldest_try_is_an_hour_old(session: Session, put: Put) -> None:
    put()
    for minute in range(5):
        with clock.frozen(f"2026-11-22T09:0{minute}:00+07:00"):
            proof.prove(session, "a", CODE, "0000")
    with clock.frozen("2026-11-22T09:50:00+07:00"):
        assert proof.prove(session, "a", CODE, "1234").retry_after_s == 600
    with clock.frozen("2026-11-22T10:00:00+07:00"):
        assert proof.prove(session, "a", CODE, "1234").result is Result.PROVED


def test_tries_during_a_lock_do_not_prolong_it(session: Session, put: Put) -> None:
    put()
    for _ in range(9):
        proof.prove(session, "a", CODE, "0000")
    assert session.execute(select(func.count()).select_from(ProofFailure)).scalar_one() == 5


def test_who_has_proved_is_not_shut_out_by_a_strangers_guesses(session: Session, put: Put) -> None:
    code = put()
    proof.prove(session, "owner", code, "1234")
    for _ in range(5):
        proof.prove(session, "stranger", code, "0000")
    assert proof.proved(session, "owner", code)


def test_unknown_code_and_wrong_factor_run_the_same_statements(session: Session, put: Put) -> None:
    put()
    for asker in ("first", "second"):
        with statements(session) as known:
            proof.prove(session, asker, CODE, "0000")
        with statements(session) as unknown:
            proof.prove(session, asker, UNKNOWN, "0000")
        assert known == unknown
        assert known


def test_both_factors_are_compared_whatever_there_is(
    monkeypatch: pytest.MonkeyPatch, session: Session, put: Put
) -> None:
    put()
    compared: list[str] = []
    real = tries._same

    def counted(left: str, right: str) -> bool:
        compared.append(right)
        return real(left, right)

    monkeypatch.setattr(tries, "_same", counted)
    counts = []
    for code, factor in ((CODE, "1234"), (CODE, SECRET), (CODE, "0000"), (UNKNOWN, "0000")):
        compared.clear()
        proof.prove(session, "a", code, factor)
        counts.append(len(compared))
    assert counts == [2, 2, 2, 2]


def test_guessers_side_by_side_get_five_tries_together(database: Database) -> None:
    row = {"code": CODE, "status": 4, "owner_phone": PHONE}
    with database.unit_of_work() as session:
        storing.put(session, CODE, row)

    def guess(number: int) -> Result:
        with database.unit_of_work() as session:
            return proof.prove(session, f"g{number}", CODE, "0000").result

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(guess, range(16)))
    assert results.count(Result.WRONG) == 4
    with database.unit_of_work() as session:
        assert session.execute(select(func.count()).select_from(ProofFailure)).scalar_one() == 5


def test_forgetting_an_asker_keeps_the_lock(session: Session, put: Put) -> None:
    code = put()
    proof.prove(session, "a", code, "1234")
    for _ in range(5):
        proof.prove(session, "a", UNKNOWN, "0000")
    proof.forget_asker(session, "a")
    assert not proof.proved(session, "a", code)
    assert proof.locked(session, "a", code)


def test_sweep_deletes_only_what_no_longer_counts(session: Session, put: Put) -> None:
    code = put()
    proof.prove(session, "a", code, "1234")
    proof.prove(session, "a", code, "0000")
    proof.sweep(session)
    assert proof.proved(session, "a", code)
    with clock.frozen("2026-11-23T09:00:01+07:00"):
        proof.sweep(session)
    for table in (DossierProof, ProofFailure):
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("2345", "2345"),
        ("dạ 2345 ạ", "2345"),
        ("2015", "2015"),  # nothing else was said, so it is no year
        ("T8P2", "t8p2"),
        ("ABCD", "abcd"),
        ("0900 002 345", "0900002345"),
        ("+84 900 002 345", "0900002345"),
        ("0263 3540616", "02633540616"),
        ("+1 415 555 2671", "14155552671"),
        ("483920", "483920"),
    ],
)
def test_a_factor_on_its_own_is_heard(text: str, factor: str) -> None:
    assert factors.bare(text) == factor


@pytest.mark.parametrize(
    "text",
    ["QUÊN", "quên", "kiếm", "nhanh", "chiều", "Hương", "nguyễn", "10:30", "50000", "24/11", "9h30", "1.200.000"],
)
def test_what_is_no_factor_is_no_try(text: str) -> None:
    assert factors.bare(text) is None
    assert factors.among_words(text, with_code=False) is None


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("số của tôi là 2345", "2345"),
        ("hình như 2345", "2345"),
        ("chắc là 0900002345 đó em", "0900002345"),
        ("nộp từ 2025 mà", None),
        ("con tôi 2015", None),
        ("số 1900 0368 phải không", None),
        ("mình ở 2468 Trần Phú", None),
        ("hôm bữa 2468 người ta nói khác mà", None),
    ],
)
def test_among_words_only_a_likely_factor_is_heard(text: str, factor: str | None) -> None:
    assert factors.named(text) is None
    assert factors.among_words(text, with_code=False) == factor


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"hồ sơ {CODE} số cuối 2345 ạ", f"hồ sơ {CODE} số cuối •••• ạ"),
        ("mã bí mật K7q2", "mã bí mật ••••"),
        ("0900 002 345 nha", "•••••••••••• nha"),
        ("tôi nộp hôm 24/11", "tôi nộp hôm 24/11"),
    ],
)
def test_a_factor_is_masked_and_a_code_is_not(text: str, kept: str) -> None:
    assert factors.masked(text) == kept


def test_a_dossier_that_changes_hands_is_not_proved_any_more(session: Session, put: Put) -> None:
    code = put()
    proof.prove(session, "telegram:7", code, "1234")
    put(owner_phone="0911111111")
    assert not proof.proved(session, "telegram:7", code)
    assert proof.mine(session, "telegram:7") == []
    put(owner_phone=PHONE, slip_secret="other")
    assert not proof.proved(session, "telegram:7", code)
    put()
    assert proof.proved(session, "telegram:7", code)
