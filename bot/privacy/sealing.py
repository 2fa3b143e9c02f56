"""Secrets at rest: sealed with a key that is not in the database, so that a copy of the database opens nothing.

`MOTCUA_SECRET_KEY` holds one key or several, with commas between: the first seals, all of them open. To change the
key, put a new one in front; `bot.upkeep.resealing` seals anew what is sealed with the old one.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_HINT = "tạo khóa mới: motcua key new, rồi đặt vào biến môi trường MOTCUA_SECRET_KEY"


class SealingError(RuntimeError):
    """A secret that cannot be sealed or opened; the text is one sentence for the operator, and holds no secret."""


class Sealer:
    """Seals and opens with the keys of one installation."""

    def __init__(self, keys: str | None) -> None:
        """Read the keys as the setting has them; raises SealingError when there is none, or one that is no key."""
        listed = [key.strip() for key in (keys or "").split(",") if key.strip()]
        if not listed:
            raise SealingError(f"chưa có MOTCUA_SECRET_KEY nên không giữ được bí mật trong cơ sở dữ liệu; {_HINT}")
        try:
            fernets = [Fernet(key) for key in listed]
        except ValueError:  # its text would quote the key
            raise SealingError(f"MOTCUA_SECRET_KEY không phải khóa Fernet (44 ký tự base64); {_HINT}") from None
        self._first, self._fernet = fernets[0], MultiFernet(fernets)

    def seal(self, secret: str) -> str:
        """Return the secret as it may be stored."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed; raises SealingError when none of the keys opens it."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealingError(
                "MOTCUA_SECRET_KEY không mở được bí mật đã lưu: khóa đã bị thay. "
                "Thêm lại khóa cũ sau dấu phẩy, hoặc nạp lại bí mật"
            ) from None

    def is_current(self, sealed: str) -> bool:
        """Return whether this is sealed with the first key."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: str) -> str:
        """Return what was sealed, sealed with the first key; raises SealingError when none of the keys opens it."""
        return self.seal(self.open(sealed))


def new_key() -> str:
    """Return a fresh key for the setting."""
    return Fernet.generate_key().decode()
