import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pickups import numbers


@pytest.mark.parametrize(("body", "digit"), [("123456", "6"), ("000000", "0"), ("7992739871", "3"), ("999999", "6")])
def test_check_digit_is_luhn(body: str, digit: str) -> None:
    assert numbers.check_digit(body) == digit


@given(st.integers(0, 999_999), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: int, place: int, added: int) -> None:
    right = f"{body:06d}"
    number = f"MC-{right}{numbers.check_digit(right)}"
    wrong = right[:place] + str((int(right[place]) + added) % 10) + right[place + 1 :]
    assert numbers.is_valid(number)
    assert not numbers.is_valid(f"MC-{wrong}{number[-1]}")


@pytest.mark.parametrize(
    "text",
    [
        "MC-1234566",
        "mc1234566",
        "mc 1234566 giùm tôi",
        "lịch MC 123 4566 nha",
        "(mc-123.4566)",
        "MC – 1234566",
        "m c 1 2 3 4 5 6 6",
        "số MC:1234566",
        "lichmc1234566nha",
        "MC_1234566",
    ],
)
def test_found_as_people_write_it(text: str) -> None:
    assert numbers.find(text) == ["MC-1234566"]


def test_found_where_it_stands() -> None:
    text = "hủy MC 123 4566 giúp em"
    assert [text[found.start : found.end] for found in numbers.find_places(text)] == ["MC 123 4566"]


@pytest.mark.parametrize(
    "text",
    [
        "MC-1234567",
        "MC-123456",
        "MC-12345661",
        "EB125966888VN",
        "0912345678",
        "H36.12-240510-0001",
        "xmc1234566",
    ],
)
def test_nothing_else_is_a_number(text: str) -> None:
    assert numbers.find(text) == []


def test_a_mistyped_number_is_told_from_none() -> None:
    assert numbers.looks_mistyped("lịch mc-1234567 đâu rồi")
    assert not numbers.looks_mistyped("lịch mc-1234566 đâu rồi")
    assert not numbers.looks_mistyped("lịch của tôi đâu rồi")


def test_new_numbers_are_random_valid_and_free() -> None:
    made: set[str] = set()
    for _ in range(500):
        made.add(numbers.new(made.__contains__))
    assert len(made) == 500
    assert all(map(numbers.is_valid, made))
    with pytest.raises(numbers.NoFreeNumberError):
        numbers.new(lambda _: True)


def test_postal_codes_are_known_as_such() -> None:
    assert numbers.postal_code("vận đơn eb 125 966 888 vn đâu rồi") == "EB125966888VN"
    assert numbers.postal_code("MC-1234566") is None
