from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pickups.models import STATES, Pickup
from bot.pickups.post import marks
from bot.pickups.post.marks import CANCEL, CANCELLING, CLOSED, PLACE, PLACED, PLACING, REFUSED, Mark

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", fullmatch=True)
MARKS = st.builds(
    Mark,
    st.sampled_from([PLACING, CANCELLING, REFUSED, CLOSED]),
    st.integers(1, 99),
    NAMES,
    st.integers(0, 99),
    st.integers(0, 9_999_999_999),
)
STANDING = ("requested", "confirmed")
UNDER_WAY = ("assigned", "picked_up", "out_for_delivery", "failed_1", "failed_2")
OVER = ("delivered", "returned", "rejected")


@given(st.one_of(MARKS, st.builds(Mark, st.just(PLACED), st.integers(1, 99), NAMES)))
def test_a_mark_is_read_as_it_was_written_and_fits_its_column(mark: Mark) -> None:
    written = mark.written()
    assert marks.read(written) == mark
    assert len(written) <= Pickup.__table__.c.post_order.type.length


def test_a_placed_order_is_its_number_for_people_to_read() -> None:
    assert Mark(PLACED, 1, "VN-4711").written() == "VN-4711"
    assert Mark(PLACED, 2, "VN-4711").written() == "VN-4711#2"
    assert marks.read(None) is None


def test_tries_beyond_those_that_are_counted_still_fit() -> None:
    assert marks.read(Mark(PLACING, 1, "x" * 40, 10_000, 9_999_999_999).written()) == Mark(
        PLACING, 1, "x" * 40, marks.MOST_ATTEMPTS, 9_999_999_999
    )


def test_a_changed_booking_and_a_later_one_of_the_same_number_are_other_orders() -> None:
    assert marks.key("MC-1234566", 7, 1) == "MC-1234566.7.1"
    assert len({marks.key("MC-1234566", pickup_id, revision) for pickup_id in (7, 8) for revision in (1, 2)}) == 4


# What is done for a booking that was changed once (revision 2), by its state and how far its order has come.
OLD, NEW = 1, 2
TABLE = {
    # mark: (requested or confirmed, with the postman, over, cancelled)
    None: (PLACE, None, None, None),
    (PLACING, NEW): (PLACE, PLACE, None, CANCEL),
    (PLACING, OLD): (CANCEL, CANCEL, None, CANCEL),
    (PLACED, NEW): (None, None, None, CANCEL),
    (PLACED, OLD): (CANCEL, None, None, CANCEL),
    (CANCELLING, OLD): (CANCEL, CANCEL, None, CANCEL),
    (REFUSED, NEW): (None, None, None, None),
    (REFUSED, OLD): (PLACE, None, None, None),
    (CLOSED, OLD): (None, None, None, None),
    (CLOSED, NEW): (None, None, None, None),
}


@pytest.mark.parametrize("found", TABLE, ids=str)
def test_the_next_step(found: tuple[str, int] | None) -> None:
    mark = Mark(found[0], found[1], "n", 1, 100) if found else None
    for states, what in zip((STANDING, UNDER_WAY, OVER, ("cancelled",)), TABLE[found], strict=True):
        for state in states:
            assert marks.next_step(state, mark, NEW, 100) == what, state
            if mark:
                assert marks.next_step(state, replace(mark, until=101), NEW, 100) is None, "too early"


def test_every_state_is_in_the_table() -> None:
    assert {*STANDING, *UNDER_WAY, *OVER, "cancelled"} == set(STATES)
