"""Which bookings belong to an office, a day and a round."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import STATES, PickupSlot
from bot.pickups.sheets import rounds
from bot.pickups.states import ENDS
from bot.places.models import Office

from ..conftest import CODE, DA_LAT, DI_LINH, MONDAY, OFFICE, THURSDAY, WEDNESDAY
from .conftest import Put

LETTER = {"zone": "outside", "unit_code": None, "destination": "Thành phố Hồ Chí Minh", "service": "deliver"}


def on(session: Session, day: date = MONDAY, only: str | None = None, office: str = OFFICE) -> dict[str, list[str]]:
    found = rounds.of_day(session, office, day, only)
    return {name: [pickup.booking for pickup in pickups] for name, pickups in found.items()}


@pytest.mark.parametrize("state", STATES)
def test_only_what_nobody_has_visited_yet_is_on_the_sheet(session: Session, put: Put, state: str) -> None:
    pickup = put(state=state)
    wanted = [pickup.booking] if state in ("requested", "confirmed", "assigned") else []
    assert on(session) == {"morning": wanted, "afternoon": []}


def test_each_half_day_and_each_day_and_each_office_has_its_own(session: Session, put: Put) -> None:
    session.add(Office(code="BC-KHAC", name="Bưu cục khác", unit_code=DA_LAT))
    session.flush()
    session.add(PickupSlot(office_code="BC-KHAC", date=MONDAY, window="morning", capacity=1, taken=1))
    session.flush()
    first, second, third = put(), put(window="afternoon"), put(day=WEDNESDAY)
    other = put(office="BC-KHAC")
    assert on(session) == {"morning": [first.booking], "afternoon": [second.booking]}
    assert on(session, only="afternoon") == {"afternoon": [second.booking]}
    assert on(session, WEDNESDAY)["morning"] == [third.booking]
    assert on(session, office="BC-KHAC")["morning"] == [other.booking]
    assert on(session, THURSDAY) == {"morning": [], "afternoon": []}


def test_they_stand_by_commune_and_then_by_booking(session: Session, put: Put) -> None:
    made = [put(unit_code=code) for code in (DA_LAT, DI_LINH, DA_LAT, DI_LINH)]
    di_linh, da_lat = made[1::2], made[0::2]  # "Di Linh" before "Xuân Hương - Đà Lạt"
    assert on(session)["morning"] == [pickup.booking for pickup in di_linh + da_lat]


def test_a_second_visit_comes_on_its_day_in_the_half_day_chosen_first(session: Session, put: Put) -> None:
    again = put(window="afternoon", state="failed_1", next_visit_on=WEDNESDAY)
    assert on(session) == {"morning": [], "afternoon": []}
    assert on(session, WEDNESDAY) == {"morning": [], "afternoon": [again.booking]}
    assert on(session, THURSDAY) == {"morning": [], "afternoon": []}


def test_a_second_visit_that_was_missed_stays_until_it_is_done(session: Session, put: Put) -> None:
    again = put(state="failed_1", next_visit_on=WEDNESDAY)
    with clock.frozen("2026-11-26T07:00:00+07:00"):
        assert on(session, THURSDAY)["morning"] == [again.booking]
        assert on(session, MONDAY)["morning"] == [], "nothing is added to a day that has passed"


def test_a_result_that_goes_back_is_no_visit(session: Session, put: Put) -> None:
    put(state="failed_2", next_visit_on=WEDNESDAY)
    assert on(session, WEDNESDAY) == {"morning": [], "afternoon": []}


def test_letters_beyond_the_province_are_a_round_of_their_own(session: Session, put: Put) -> None:
    here = put()
    south = put(**LETTER, dossier_code=CODE, state="requested")
    near = put(**{**LETTER, "destination": "Đồng Nai"}, dossier_code="H36.12-261102-0002")
    put(**LETTER, dossier_code="H36.12-261102-0003", state="out_for_delivery")
    tomorrow = clock.now() + timedelta(days=1)
    put(**LETTER, dossier_code="H36.12-261102-0004", created_at=tomorrow)
    assert on(session) == {"morning": [here.booking], "afternoon": []}
    assert on(session, clock.today(), "outside") == {"outside": [near.booking, south.booking]}
    assert len(on(session, MONDAY, "outside")["outside"]) == 3


def test_what_is_under_way_is_listed_oldest_first(session: Session, put: Put) -> None:
    made = [put(state=state) for state in STATES]
    going = [pickup.booking for pickup in made if pickup.state not in ENDS]
    assert [pickup.booking for pickup in rounds.under_way(session)] == going
    assert [pickup.booking for pickup in rounds.under_way(session, limit=2)] == going[:2]
    assert [pickup.state for pickup in rounds.under_way(session, "cancelled")] == ["cancelled"]
