import pytest

from bot.privacy.masking import mask_identity, mask_name, mask_phone


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("0912345678", "09xx***678"), ("0912 345 678", "09xx***678"), ("1234", "****"), ("", "")],
)
def test_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("068123456123", "0xx******123"), ("123456789", "1xx***789"), ("12", "**")]
)
def test_identity(number: str, masked: str) -> None:
    assert mask_identity(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Nguyễn Văn A", "N*** V** A"), ("K'Brèo", "K***"), ("  Lê   Thị Mơ ", "L* T** M*"), ("", "")],
)
def test_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
