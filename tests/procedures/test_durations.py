"""How many working days a procedure takes, out of the shipped records: only where there is one number for all."""

from __future__ import annotations

from bot.db.engine import Database
from bot.procedures.durations import working_days


def test_one_number_counts_and_several_do_not(catalogue_database: Database) -> None:
    from sqlalchemy import select

    from bot.procedures.models import Procedure

    with catalogue_database.reading() as session:
        codes = list(session.execute(select(Procedure.code)).scalars())
        found = {code: working_days(session, code) for code in codes}
    counted = {code: days for code, days in found.items() if days is not None}
    assert len(counted) > 40
    assert all(0 <= days <= 60 for days in counted.values())
    assert found["1.001193"] == 0, "a birth is registered the same day"
    assert found["2.000720"] == 3
    assert found["3.000722"] is None, "longer when something must be verified"
    assert found["1.010727"] is None, "calendar days"
    with catalogue_database.reading() as session:
        assert working_days(session, "9.999999") is None
