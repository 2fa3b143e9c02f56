"""Guessing: the locks let no guesser far, shut no owner out for long, and tell nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import proof
from bot.dossiers.proof import Result, locks
from bot.dossiers.proof.factors import Strength
from bot.dossiers.proof.models import ProofFailure

from .conftest import CODE, PHONE, SECRET, UNKNOWN

Put = Callable[..., str]


def fail(session: Session, asker: str, code: str, times: int = 1) -> None:
    for _ in range(times):
        assert proof.prove(session, asker, code, "0000").result is not Result.PROVED


def walk(session: Session, tries: int) -> None:
    """Try ever new codes under ever new names."""
    for number in range(tries):
        fail(session, f"walker{number}", f"H36.12-261102-{5000 + number}")


def test_a_whole_phone_number_passes_a_code_that_others_locked(session: Session, put: Put) -> None:
    put()
    for number in range(5):
        fail(session, f"guesser{number}", CODE)
    locked = proof.prove(session, "owner", CODE, "1234")
    assert (locked.result, locked.lock and locked.lock.passes) == (Result.LOCKED, Strength.SURE)
    assert proof.prove(session, "owner", CODE, SECRET).result is Result.LOCKED
    assert proof.prove(session, "owner", CODE, PHONE).result is Result.PROVED


def test_who_guessed_himself_is_locked_whatever_he_brings(session: Session, put: Put) -> None:
    put()
    fail(session, "guesser", UNKNOWN, 5)
    assert proof.prove(session, "guesser", CODE, PHONE).result is Result.LOCKED


def test_six_digits_of_a_secret_do_not_pass_a_locked_code(session: Session, put: Put) -> None:
    put(slip_secret="482913")
    assert proof.prove(session, "friend", CODE, "482913").result is Result.PROVED
    for number in range(5):
        fail(session, f"guesser{number}", CODE)
    assert proof.prove(session, "stranger", CODE, "482913").result is not Result.PROVED


def test_the_brake_takes_four_digits_no_more_and_the_owner_passes_otherwise(session: Session, put: Put) -> None:
    put()
    walk(session, locks.BRAKE_HOURLY)
    braked = proof.prove(session, "owner", CODE, "1234")
    assert (braked.result, braked.lock and braked.lock.passes) == (Result.LOCKED, Strength.SECRET)
    assert 0 < braked.retry_after_s <= 3600
    assert proof.prove(session, "other", CODE, SECRET).result is Result.PROVED
    assert proof.prove(session, "owner", CODE, PHONE).result is Result.PROVED
    # What is not tried is not counted: nobody who only has four digits is locked by it.
    counted = session.execute(select(func.count()).select_from(ProofFailure)).scalar_one()
    assert proof.prove(session, "late", UNKNOWN, "1234").lock == braked.lock
    assert session.execute(select(func.count()).select_from(ProofFailure)).scalar_one() == counted


def test_the_brake_is_off_again_within_the_hour(session: Session, put: Put) -> None:
    put()
    walk(session, locks.BRAKE_HOURLY)
    with clock.frozen(clock.now() + locks.LOCK_FOR):
        assert proof.prove(session, "owner", CODE, "1234").result is Result.PROVED


def test_slow_walking_meets_the_daily_brake(session: Session, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "BRAKE_DAILY", 30)
    put()
    for hour in range(6):
        with clock.frozen(clock.now() + timedelta(hours=2 * hour)):
            for number in range(5):
                fail(session, f"slow{hour}.{number}", f"H36.12-261102-{6000 + 10 * hour + number}")
    with clock.frozen(clock.now() + timedelta(hours=11)):
        assert proof.prove(session, "owner", CODE, "1234").result is Result.LOCKED
        assert proof.prove(session, "owner", CODE, PHONE).result is Result.PROVED


def test_known_and_unknown_codes_meet_the_same_answers_all_the_way(session: Session, put: Put) -> None:
    put()
    seen = []
    for code in (CODE, UNKNOWN):
        results = [proof.prove(session, f"guesser-{code}", code, "0000") for _ in range(7)]
        other = proof.prove(session, f"other-{code}", code, "0000")
        seen.append([*results, other])
    assert seen[0] == seen[1]


def test_an_attack_reveals_nothing_and_shuts_nobody_out(session: Session, put: Put) -> None:
    """A scaled-down storm; bench/dossier_guesses.py does 100,000 guesses by 1,000 askers."""
    codes = [put(code=f"H36.12-261102-{number:04d}", owner_phone=f"09{number:04d}7777") for number in range(100)]
    chance = random.Random(5)
    results = [
        proof.prove(session, f"bot{number % 200}", chance.choice([*codes, UNKNOWN]), f"{chance.randrange(7000):04d}")
        for number in range(2_000)
    ]
    assert {outcome.result for outcome in results} == {Result.WRONG, Result.LOCKED}
    tried = session.execute(select(func.count()).select_from(ProofFailure)).scalar_one()
    assert tried <= locks.BRAKE_HOURLY, "so few guesses were compared at all"
    for number, code in enumerate(codes[:20]):
        now = proof.prove(session, f"honest{number}", code, "7777")
        assert now.result is Result.PROVED or 0 < now.retry_after_s <= 3600
        assert proof.prove(session, f"honest{number}", code, f"09{number:04d}7777").result is Result.PROVED
    with clock.frozen(clock.now() + timedelta(hours=1)):
        for number, code in enumerate(codes[20:40]):
            assert proof.prove(session, f"patient{number}", code, "7777").result is Result.PROVED


def test_wrong_factor_and_unknown_code_take_the_same_time(session: Session, put: Put) -> None:
    """Medians within a few per cent in quiet (bench/dossier_guesses.py); the bound here only catches a second path."""
    put()
    taken: dict[str, list[float]] = {CODE: [], UNKNOWN: []}
    for number in range(120):
        for code in (CODE, UNKNOWN) if number % 2 else (UNKNOWN, CODE):
            point = session.begin_nested()
            begun = perf_counter()
            proof.prove(session, f"timed{number}", code, "0000")
            taken[code].append(perf_counter() - begun)
            point.rollback()
    assert 0.75 < median(taken[CODE]) / median(taken[UNKNOWN]) < 1.33


def test_guesses_at_secrets_meet_a_brake_of_their_own(session: Session, put: Put) -> None:
    put()
    for number in range(locks.BRAKE_HOURLY):
        proof.prove(session, f"walker{number}", f"H36.12-261102-{5000 + number}", "zz99")
    braked = proof.prove(session, "owner", CODE, SECRET)
    assert (braked.result, braked.lock and braked.lock.passes) == (Result.LOCKED, Strength.SURE)
    assert proof.prove(session, "owner", CODE, "1234").result is Result.LOCKED
    assert proof.prove(session, "owner", CODE, PHONE).result is Result.PROVED


def test_six_digits_are_no_way_around_the_brake_on_secrets(session: Session, put: Put) -> None:
    put(slip_secret="482913")
    for number in range(locks.BRAKE_HOURLY):
        proof.prove(session, f"walker{number}", f"H36.12-261102-{5000 + number}", f"{100000 + number}")
    assert proof.prove(session, "stranger", CODE, "482913").result is not Result.PROVED
