"""Communes in the database."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.places import units
from bot.places.models import FormerUnit, Unit


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert units.load_units(session) == 124
    assert units.load_units(session) == 0
    assert session.execute(select(func.count()).select_from(Unit)).scalar_one() == 124
    # 329 old units, two of them with two targets
    assert session.execute(select(func.count()).select_from(FormerUnit)).scalar_one() == 331


def test_loading_mends_what_differs(session: Session) -> None:
    units.load_units(session)
    unit = units.get(session, "25000")
    assert unit is not None
    unit.name = "Di Lin"
    unit.former.pop()
    session.flush()
    assert units.load_units(session) == 1
    session.expire_all()
    mended = units.get(session, "25000")
    assert mended is not None and (mended.name, len(mended.former)) == ("Di Linh", 4)


def test_unknown_code_is_none(places: Session) -> None:
    assert units.get(places, "00000") is None


def test_old_name_to_new_communes(places: Session) -> None:
    assert [unit.name for unit in units.new_units(places, "thị trấn Liên Nghĩa")] == ["Đức Trọng"]
    assert len(units.new_units(places, "Tân Hà")) == 3
    assert units.new_units(places, "Sài Gòn") == []
