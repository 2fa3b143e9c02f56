"""Every error code of the facts becomes an error that the sender knows: a sweep over the tables as they stand there."""

from __future__ import annotations

import pytest

from bot import clock
from bot.channels.zalo.errors import OA, ZBS, ApiError, Fault, as_delivery_error
from bot.conversation.outbox import delivery
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    NeedsStaff,
    Refused,
    TryLater,
    Unreachable,
    WindowClosed,
)

# The tables of facts §1.8 and §1.10, class by class; written out anew, so that a code lost in the product is missed.
OA_CODES = {
    "T": "-216 -220",
    "R": "-32 -100 -200 -214",
    "W": "-213 -217 -218 -227 -230 -232 -234 -244",
    "C": "-204 -205 -209 -211 -212 -219 -221 -223 -224 -235 -237 -238 -241 -242 -320 -321 -403 -14002 -14003 -14014",
    "P": "-201 -210 -233 -240 -248",
    "phone": "-249",
}
ZBS_CODES = {
    "T": "-124",
    "R": "-100",
    "W": "-110 -114 -118 -119 -139 -140 -141 -1441 -147 -1471 -1472",
    "pause": "-133 -144",
    "C": "-101 -102 -103 -104 -105 -106 -109 -115 -117 -125 -126 -127 -131 -135 -1351 -136 -137 -138 -1381 -145 -146"
    " -1241",
    "P": "-108 -111 -112 -1121 -1122 -1124 -113 -1131 -161 -162",
}
EXPECTED = {
    "T": (NeedsStaff,),  # after the one refresh
    "R": (TryLater, ChannelPaused),
    "W": (WindowClosed, Unreachable),
    "C": (NeedsStaff,),
    "P": (Refused,),
    "phone": (WindowClosed,),
    "pause": (ChannelPaused,),
}
ROWS = [
    (name, table, int(code), kind)
    for name, table, codes in (("oa", OA, OA_CODES), ("zbs", ZBS, ZBS_CODES))
    for kind, listed in codes.items()
    for code in listed.split()
]


@pytest.mark.parametrize(("name", "table", "code", "kind"), ROWS, ids=[f"{row[0]}{row[2]}" for row in ROWS])
def test_every_code_of_the_tables_has_its_class(name: str, table: dict[int, Fault], code: int, kind: str) -> None:
    assert code in table, f"{name} {code} is missing"
    error = as_delivery_error(ApiError(code, "x"), table)
    assert isinstance(error, EXPECTED[kind]) and error.reason == str(code)
    assert (table[code] is Fault.TOKEN) == (kind == "T")


def test_no_code_is_known_that_the_facts_do_not_have() -> None:
    assert {row[2] for row in ROWS if row[0] == "oa"} == set(OA)
    assert {row[2] for row in ROWS if row[0] == "zbs"} == set(ZBS) - {-32}


@pytest.mark.parametrize("fault", Fault)
def test_every_class_becomes_some_delivery_error(fault: Fault) -> None:
    error = as_delivery_error(ApiError(-1), {-1: fault})
    assert isinstance(error, delivery.DeliveryError) and error.reason == "-1"


def test_an_unknown_code_is_not_tried_again() -> None:
    assert type(as_delivery_error(ApiError(-987654), OA)) is Refused


@pytest.mark.parametrize("message", ["Access token is invalid", "your ACCESS TOKEN expired"])
def test_any_word_of_the_access_token_means_the_token(message: str) -> None:
    assert ApiError(-201, message).fault(OA) is Fault.TOKEN


def test_what_zalo_says_is_kept_short_and_without_numbers() -> None:
    error = ApiError(-108, "phone 84900001234 of 7000000000000000001 is invalid " + "x" * 500)
    assert "84900001234" not in error.message and "7000000" not in error.message and len(error.message) <= 160
    assert str(error) == "-108"


@pytest.mark.parametrize(
    ("at", "hours"),
    [("2026-11-23T22:05", 8.0), ("2026-11-24T05:05", 1.0), ("2026-11-24T06:05", 24.0), ("2026-11-23T23:59:30", 6.0917)],
)
def test_what_the_night_refuses_waits_until_five_past_six(at: str, hours: float) -> None:
    with clock.frozen(at):
        error = as_delivery_error(ApiError(-133), ZBS)
    assert isinstance(error, ChannelPaused) and error.seconds / 3600 == pytest.approx(hours, abs=0.001)


def test_the_quota_of_a_day_waits_for_the_next_day() -> None:
    with clock.frozen("2026-11-24T05:05"):
        error = as_delivery_error(ApiError(-144), ZBS)
    assert isinstance(error, ChannelPaused) and error.seconds == 25 * 3600
