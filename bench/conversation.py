"""What is said in the bench, and what a right answer to it is; a bench of error replies is worthless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Target = Literal["ours", "peer"]

# A demo dossier of bot/content/demo (invented person); the peer holds the same one.
_DOSSIER = "H36.12-261118-0042"
_FACTOR = "2345"
_BIRTH = "1.001193"
_MARRIAGE = "1.000894"


class WrongAnswer(Exception):
    """A reply that is not the answer to what was said."""


@dataclass(frozen=True)
class Turn:
    """One message, with what our reply's `custom` must hold and what the peer's text must contain."""

    text: str
    peer_says: str
    custom: Mapping[str, Any] = field(default_factory=dict)

    def check(self, target: Target, replies: Any) -> None:
        """Raise WrongAnswer unless `replies`, as the REST channel gave them, answer this turn."""
        if target == "ours":
            right = any(self.custom.items() <= (reply.get("custom") or {}).items() for reply in replies)
            wanted: object = dict(self.custom)
        else:
            right = any(self.peer_says in reply.get("text", "") for reply in replies)
            wanted = self.peer_says
        if not right:
            raise WrongAnswer(f"{target}, asked {self.text!r}: wanted {wanted!r}, got {str(replies)[:400]}")


def _procedure(text: str, code: str, aspect: str, peer_says: str) -> Turn:
    return Turn(text, peer_says, {"kind": "procedure", "code": code, "aspect": aspect})


def _dossier(text: str, kind: str, peer_says: str) -> Turn:
    return Turn(text, peer_says, {"kind": kind, "code": _DOSSIER})


_DOCUMENTS = _procedure("đăng ký khai sinh cần giấy tờ gì?", _BIRTH, "documents", "Giấy chứng sinh")
_FEE = _procedure("lệ phí bao nhiêu", _BIRTH, "fee", "HĐND tỉnh")
_DURATION = _procedure("bao lâu thì xong", _BIRTH, "duration", "trong ngày")
_PLACE = _procedure("nộp ở đâu", _BIRTH, "place", "Trung tâm Phục vụ hành chính công")
_OTHER = _procedure("đăng ký kết hôn cần giấy tờ gì?", _MARRIAGE, "documents", "Tờ khai đăng ký kết hôn")

# One visit as citizens make it: a greeting, a procedure with follow-up questions, a dossier after its proof.
VISIT = (
    Turn("xin chào", "em chào anh/chị", {"kind": "smalltalk", "topic": "greet"}),
    _DOCUMENTS,
    _FEE,
    _DURATION,
    _PLACE,
    _dossier(f"kiểm tra hồ sơ {_DOSSIER}", "dossier_proof", "4 số cuối"),
    _dossier(_FACTOR, "dossier_status", "đã được tiếp nhận"),
    _OTHER,
)

# Action turns only: every reply comes out of the database. May be repeated within one conversation; with 7 turns
# a round, turns 5-25 and turns 180-200 hold the same texts equally often, so their medians can be compared.
ACTIONS = (
    _DOCUMENTS,
    _FEE,
    _DURATION,
    _PLACE,
    _dossier(f"kiểm tra hồ sơ {_DOSSIER}, 4 số cuối điện thoại {_FACTOR}", "dossier_status", "đã được tiếp nhận"),
    _OTHER,
    _procedure("đăng ký kết hôn bao lâu thì xong?", _MARRIAGE, "duration", "trong ngày"),
)

CONVERSATIONS: Mapping[str, tuple[Turn, ...]] = {"visit": VISIT, "actions": ACTIONS}
