from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups import booking, eligibility, moves, numbers, slots
from bot.pickups.booking import Request
from bot.pickups.eligibility import Refusal
from bot.pickups.models import ENDED, STATES, Pickup, PickupEvent, PickupSlot, Tariff
from bot.pickups.moves import MoveRefusedError
from bot.pickups.states import ENDS, MOVES, STILL_OURS

from .conftest import BIRTH, CODE, DA_LAT, MARRIAGE, MONDAY, OFFICE, PHU_QUY, THURSDAY, WEDNESDAY

Requests = Callable[..., Request]


def taken(session: Session, day: date, window: str) -> int:
    query = select(PickupSlot.taken).where(PickupSlot.date == day, PickupSlot.window == window)
    found: int = session.execute(query).scalar_one()
    return found


def made(result: Pickup | Refusal) -> Pickup:
    assert isinstance(result, Pickup), result
    return result


def refused(result: Pickup | Refusal | None) -> Refusal:
    assert isinstance(result, Refusal), result
    return result


def test_a_booking_takes_its_place_and_is_found_again(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    assert numbers.is_valid(pickup.booking)
    assert booking.find(world.session, pickup.booking) is pickup
    assert (pickup.state, pickup.slot.office_code, pickup.fee) == ("requested", OFFICE, None)
    assert [event.state for event in pickup.events] == ["requested"]
    assert taken(world.session, MONDAY, "morning") == 1


def test_a_commune_without_an_office_is_served_by_the_nearest(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for(unit_code=DA_LAT)))
    assert (pickup.unit_code, pickup.slot.office_code) == (DA_LAT, OFFICE)


def test_a_full_half_day_is_refused_with_the_next_three(world: SimpleNamespace, request_for: Requests) -> None:
    while slots.take(world.session, OFFICE, MONDAY, "morning"):
        pass
    refusal = refused(booking.book(world.session, request_for()))
    assert refusal.reason == "slot_full"
    assert [(item["date"], item["window"]) for item in refusal.alternatives] == [
        ("2026-11-23", "afternoon"),
        ("2026-11-25", "morning"),
        ("2026-11-25", "afternoon"),
    ]
    assert taken(world.session, MONDAY, "morning") == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"date": date(2026, 11, 22)}, "day_not_open"),
        ({"date": date(2026, 11, 24)}, "day_not_open"),
        ({"dossier_code": None}, "dossier_missing"),
        ({"dossier_code": "H36.12-261102-4242"}, "dossier_not_found"),
        ({"service": "collect", "procedure_code": MARRIAGE}, "procedure_in_person"),
        ({"service": "collect", "procedure_code": "9.999999"}, "procedure_not_found"),
        ({"service": "collect"}, "procedure_missing"),
        ({"service": "both", "procedure_code": MARRIAGE}, "procedure_in_person"),
        ({"unit_code": "00000"}, "no_office"),
    ],
)
def test_what_cannot_be_booked_takes_no_place(
    world: SimpleNamespace, request_for: Requests, fields: dict[str, Any], reason: str
) -> None:
    refusal = refused(booking.book(world.session, request_for(**fields)))
    assert refusal.reason == reason
    assert refusal.alternatives
    assert sum(world.session.execute(select(PickupSlot.taken)).scalars()) == 0


@pytest.mark.parametrize("status", range(1, 11))
def test_results_are_delivered_in_states_two_to_nine(
    world: SimpleNamespace, put_dossier: Callable[..., str], status: int
) -> None:
    put_dossier(status=status)
    assert (eligibility.delivery(world.session, CODE) is None) == (2 <= status <= 9)


def test_both_in_one_trip_keeps_dossier_and_procedure(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for(service="both", procedure_code=BIRTH)))
    assert (pickup.dossier_code, pickup.procedure_code) == (CODE, BIRTH)


def test_one_result_is_brought_once(world: SimpleNamespace, request_for: Requests) -> None:
    first = made(booking.book(world.session, request_for()))
    refusal = refused(booking.book(world.session, request_for(date=WEDNESDAY)))
    assert (refusal.reason, refusal.booking) == ("already_booked", first.booking)
    assert taken(world.session, WEDNESDAY, "morning") == 0
    booking.cancel(world.session, first)
    made(booking.book(world.session, request_for(date=WEDNESDAY)))


def test_the_schema_itself_refuses_a_second_delivery(
    world: SimpleNamespace, request_for: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(booking.book(world.session, request_for()))
    monkeypatch.setattr(booking, "delivery_of", lambda *_: None)
    with pytest.raises(IntegrityError), world.session.begin_nested():
        booking.book(world.session, request_for(date=WEDNESDAY))


def test_two_bookings_of_one_dossier_that_meet_in_the_database_leave_one(
    world: SimpleNamespace, request_for: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(booking.book(world.session, request_for()))
    answers = iter([None, first])  # not there at the check, there when the row is written
    monkeypatch.setattr(booking, "delivery_of", lambda *_: next(answers))
    refusal = refused(booking.book(world.session, request_for(date=WEDNESDAY)))
    assert (refusal.reason, refusal.booking) == ("already_booked", first.booking)
    assert taken(world.session, WEDNESDAY, "morning") == 0


def test_cancelling_gives_the_place_back_once(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    assert booking.cancel(world.session, pickup) is None
    assert booking.cancel(world.session, pickup) is None
    assert (pickup.state, taken(world.session, MONDAY, "morning")) == ("cancelled", 0)


def test_with_the_postman_on_his_way_only_people_can_cancel(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    moves.move(world.session, pickup, "confirmed")
    moves.move(world.session, pickup, "assigned")
    assert refused(booking.cancel(world.session, pickup)).reason == "too_late"
    assert refused(booking.change(world.session, pickup, request_for())).reason == "too_late"
    assert taken(world.session, MONDAY, "morning") == 1


def test_changing_takes_the_new_place_before_it_gives_the_old_one_back(
    world: SimpleNamespace, request_for: Requests
) -> None:
    pickup = made(booking.book(world.session, request_for()))
    number = pickup.booking
    moves.move(world.session, pickup, "confirmed")
    changed = made(booking.change(world.session, pickup, request_for(date=THURSDAY, address="7 Trần Phú")))
    assert (changed.booking, changed.address, changed.slot.date) == (number, "7 Trần Phú", THURSDAY)
    assert changed.state == "requested"  # the post has to confirm anew
    assert (taken(world.session, MONDAY, "morning"), taken(world.session, THURSDAY, "morning")) == (0, 1)


def test_a_change_that_is_refused_leaves_all_as_it_was(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    while slots.take(world.session, OFFICE, THURSDAY, "morning"):
        pass
    assert refused(booking.change(world.session, pickup, request_for(date=THURSDAY))).reason == "slot_full"
    assert (pickup.slot.date, pickup.state) == (MONDAY, "requested")
    assert taken(world.session, MONDAY, "morning") == 1


def test_an_address_can_be_changed_when_the_half_day_is_full(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    while slots.take(world.session, OFFICE, MONDAY, "morning"):
        pass
    assert made(booking.change(world.session, pickup, request_for(address="7 Trần Phú"))).address == "7 Trần Phú"
    assert taken(world.session, MONDAY, "morning") == 2


@pytest.mark.parametrize("start", STATES)
def test_only_moves_of_the_table_are_made(world: SimpleNamespace, request_for: Requests, start: str) -> None:
    pickup = made(booking.book(world.session, request_for()))
    for target in STATES:
        pickup.state = start
        failed = target == "failed_2" and start in ("picked_up", "out_for_delivery")
        if failed:  # the second visit in vain has a first one
            pickup.events.append(PickupEvent(state="failed_1", at=clock.now()))
            world.session.flush()
        if target == start:
            assert moves.move(world.session, pickup, target) is False
        elif target in MOVES[start]:
            assert moves.move(world.session, pickup, target, at=clock.now() + timedelta(days=7 * len(MOVES))) is True
            assert pickup.state == target
        else:
            with pytest.raises(MoveRefusedError):
                moves.move(world.session, pickup, target)
            assert pickup.state == start
    pickup.state = "cancelled"


def test_the_table_of_moves_is_closed_and_leads_to_an_end() -> None:
    assert set(MOVES) == set(STATES)
    assert set(ENDED) == ENDS
    assert set(STATES) > STILL_OURS
    for state in STATES:
        reached, fresh = set(), {state}
        while fresh:
            reached |= fresh
            fresh = {follower for seen in fresh for follower in MOVES[seen]} - reached
        assert reached & ENDS, state


def test_reporting_a_state_twice_writes_one_event(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    assert moves.move(world.session, pickup, "confirmed", note="x") is True
    assert moves.move(world.session, pickup, "confirmed", note="x") is False
    assert [event.state for event in pickup.events] == ["requested", "confirmed"]


def test_the_fee_is_the_latest_one_that_holds_on_the_day(world: SimpleNamespace, request_for: Requests) -> None:
    for since, fee, zone in (
        (date(2026, 1, 1), 21_000, "province"),
        (date(2026, 11, 1), 23_000, "province"),
        (date(2027, 1, 1), 99_000, "province"),
        (date(2026, 11, 2), 50_000, "country"),
    ):
        world.session.add(
            Tariff(
                zone=zone,
                weight_to_g=100,
                direction="deliver",
                return_slip=0,
                fee=fee,
                valid_from=since,
                source="thử",
            )
        )
    world.session.flush()
    assert made(booking.book(world.session, request_for())).fee == 23_000


def test_an_unserved_island_has_no_office(world: SimpleNamespace, request_for: Requests) -> None:
    world.session.execute(PickupSlot.__table__.delete())
    assert refused(booking.book(world.session, request_for(unit_code=PHU_QUY))).reason == "no_office"


def test_the_second_visit_in_vain_is_the_last(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for()))
    monday = clock.now()
    for state in ("confirmed", "assigned", "out_for_delivery"):
        moves.move(world.session, pickup, state, source="post")
    with pytest.raises(MoveRefusedError):
        moves.move(world.session, pickup, "failed_2", source="post", at=monday)
    moves.move(world.session, pickup, "failed_1", source="post", at=monday)
    assert pickup.next_visit_on == date(2026, 11, 25)  # Sunday, then Monday, a day off, Wednesday
    moves.move(world.session, pickup, "out_for_delivery", source="post", at=monday + timedelta(days=1))
    with pytest.raises(MoveRefusedError):
        moves.move(world.session, pickup, "failed_1", source="post", at=monday + timedelta(days=3))
    with pytest.raises(MoveRefusedError) as refused_move:
        moves.move(world.session, pickup, "failed_2", source="post", at=monday + timedelta(days=1))
    assert (refused_move.value.reason, refused_move.value.first_day) == ("too_soon", date(2026, 11, 25))
    moves.move(world.session, pickup, "failed_2", source="post", at=monday + timedelta(days=3))
    moves.move(world.session, pickup, "returned", source="post")
    assert [event.state for event in pickup.events][-4:] == ["failed_1", "out_for_delivery", "failed_2", "returned"]


def test_papers_in_hand_need_nobody_at_home(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for(service="collect", dossier_code=None, procedure_code=BIRTH)))
    for state in ("confirmed", "assigned", "picked_up"):
        moves.move(world.session, pickup, state, source="post")
    with pytest.raises(MoveRefusedError):
        moves.move(world.session, pickup, "failed_1", source="post")
    assert moves.move(world.session, pickup, "delivered", source="post")


def test_papers_now_and_their_result_later_need_no_dossier_yet(world: SimpleNamespace, request_for: Requests) -> None:
    pickup = made(booking.book(world.session, request_for(service="both", dossier_code=None, procedure_code=BIRTH)))
    assert (pickup.service, pickup.dossier_code, pickup.procedure_code) == ("both", None, BIRTH)
    for state in ("confirmed", "assigned", "picked_up", "out_for_delivery", "delivered"):
        moves.move(world.session, pickup, state, source="post")
