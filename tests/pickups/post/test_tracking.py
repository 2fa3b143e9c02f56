import pytest

from bot.pickups.post import tracking

REAL = "EB125966888VN"  # a real parcel's number


def test_the_real_number_is_right_and_each_other_digit_is_not() -> None:
    assert tracking.warning(REAL) is None
    for digit in "012345679":
        assert tracking.warning(f"EB12596688{digit}VN") == tracking.WRONG_DIGIT


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("12596688", "8"),
        ("47312482", "9"),  # RR473124829GB, the usual example of the form
        ("00000008", "0"),  # 7·8 = 56 leaves 1: ten is written nought
        ("00000000", "5"),  # leaves 0: eleven is written five
        ("00000010", "2"),
    ],
)
def test_check_digits(body: str, digit: str) -> None:
    assert tracking.check_digit(body) == digit


@pytest.mark.parametrize("number", [None, "", "VN-12596001", "12345678901", "EB12596688VN"])
def test_another_form_is_not_judged(number: str | None) -> None:
    assert tracking.warning(number) is None


@pytest.mark.parametrize("written", ["eb125966888vn", " EB 125 966 888 VN ", "EB.125.966.888.VN", "EB125966888VN\n"])
def test_a_number_is_kept_in_one_way(written: str) -> None:
    assert tracking.normalise(written) == REAL


@pytest.mark.parametrize(
    "written", ["", "EB1", "A" * 41, "EB125966888VN!", "Nguyễn Thị Ví Dụ", "-EB125966888VN", "EB١٢٣٤٥٦٧٨٩VN"]
)
def test_what_can_be_no_number(written: str) -> None:
    assert tracking.normalise(written) is None
