"""Moves inside a guide, read from what people type: "bước 5", "tạm dừng", "còn mấy bước nữa", "chưa thấy".

The intents know "tiếp" and "quay lại"; these moves they do not know, or take for something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.key_phrases import plain

LAST = -1
LONGEST = 12  # words; a longer message is a question of its own
_WHO = "(?:em|toi|tui|minh|con|chau|bac|co|chu|anh|chi|me|ba)"
_WORDS = {
    "mot": 1,
    "nhat": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(_WORDS)}|dau tien|dau|cuoi cung|cuoi|chot)"
_STEP = r"(?:buoc|bc)"
_FILL = (
    r"(?:da|a|oi|um|u|vang|ok|thi|la|nha|nhe|nghe|nhen|hen|di|do|day|nay|ne|roi|luon|giup|gium|dum|voi|cai|phan|"
    rf"cho|xin|nhan vien|ad|lan nua|{_WHO})"
)


@dataclass(frozen=True)
class Move:
    """What somebody wants inside a guide; `to` is the step of a jump (LAST: the last one)."""

    kind: str  # jump, back, next, repeat, go_on, pause, where, code, wait, stuck
    to: int | None = None


def _words(*ways: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(ways) + r")\b")


def _only(*ways: str) -> re.Pattern[str]:
    """Return a pattern of messages that say no more than this."""
    return re.compile(rf"(?:{_FILL} )*(?:{'|'.join(ways)})(?: {_FILL})*")


# Not "toi", "mot", "sau" alone: "tôi xem", "bước một làm sao", "sau làm gì".
_LATER = (
    r"(?:mai|(?:ngay|bua) mot|(?:lat|ti|chut|hoi)(?: nua)?|toi (?:nay|mai)|chieu(?: nay)?|sang mai"
    r"|(?:hom|bua|khi|luc) khac|(?:bua|hom|tuan) sau)"
)
_PAUSE = _words(
    r"tam (?:dung|nghi|ngung|ngung lai|de do)",
    rf"de (?:{_LATER}|sau|mot)",
    rf"{_LATER} (?:roi |hay |{_WHO} )*(?:lam|coi|xem|tinh|vo|vao|quay lai|mo)(?: lai)?(?: tiep)?",
    r"nghi (?:chut|ti|xiu|mot chut|mot ti|mot lat|tay|da)",
    r"(?:dang|gio|hien|bay gio|hien gio) ban|ban (?:qua|viec|ti|chut|xiu) ?(?:roi)?",
    r"(?:luu|giu) (?:lai|cho)(?: \w+){0,4} (?:do|nay|mai|buoc)",
    r"pause",
)
_WHERE = _words(
    rf"(?:o|toi|den|lam|dang|tai) {_STEP} (?:may|nao|thu may|bao nhieu)",
    rf"{_STEP} (?:may|thu may) roi",
    rf"con (?:lai )?(?:bao nhieu|may|nhieu)(?: \w+)? {_STEP}",
    rf"(?:bao nhieu|may) {_STEP} nua",
    rf"(?:tong cong|tat ca|het thay|co) (?:la |co )?(?:may|bao nhieu) {_STEP}",
    r"(?:gan|sap) (?:xong|het) (?:chua|roi chua)",
    r"con (?:lau|nhieu|dai) (?:khong|nua khong)",
)
_GUIDE = r"(?:huong dan|hd|bai huong dan|viec dang do|cho dang lam|cho cu|buoc dang do|dang do)"
_GO_ON = _words(
    rf"(?:tiep tuc|quay (?:lai|ve)|tro (?:lai|ve)|ve (?:lai)?|lam tiep|xem tiep|mo lai|vo lai|di tiep)"
    rf"(?: (?:lam|theo|cai|phan|voi|cho {_WHO}|xem))* {_GUIDE}",
    rf"huong dan tiep|{_GUIDE} (?:luc nay|hom truoc|bua truoc|hom qua|hoi nay)",
)
_CODE = _words(r"(?:ma|code|so)(?: \w+)? (?:huong dan|hd|lam tiep|tiep tuc)(?! \w*\d)")
_BACK = _words(
    rf"{_STEP} (?:truoc|vua roi|vua nay|hoi nay|khi nay|luc nay|lien truoc)",
    r"lui(?: lai| ve| xuong)?(?: mot| 1)?",
    r"quay (?:lai|lui|ve)|tro (?:lai|lui|ve)|back|prev",
)
_REPEAT = _words(
    rf"(?:nhac|noi|doc|chi|ghi|gui|lap|giai thich)(?: {_WHO})? lai",
    rf"(?:xem|coi|doc) lai(?: {_STEP} (?:nay|do)| di| cai)?",
    rf"{_STEP} (?:nay|do) (?:la )?(?:gi|sao|lam sao|the nao|nhu nao)",
    r"lap lai|lan nua",
)
_NEXT = _only(
    r"tiep(?: theo| tuc| di)?",
    r"next",
    rf"{_STEP} (?:ke|ke tiep|tiep|tiep theo|sau)",
    rf"(?:qua|sang|toi) {_STEP} (?:ke|ke tiep|tiep|tiep theo|sau|khac|moi)",
    r"(?:da )?(?:lam )?xong(?: het)?(?: buoc nay)?",
    r"roi",
    r"(?:lam )?duoc roi",
)
_WAIT = _only(
    r"khoan(?: da)?", r"(?:cho|doi)(?: \w+)? (?:chut|ti|xiu|lat|cai|da)", r"tu tu",
    r"chua(?: (?:xong|kip|lam|lam xong|lam duoc|lam kip|toi|den|bam|cai|nhap))?",
    r"chua (?:thay|ra|hien|co)(?: (?:gi|nut|man hinh|no))?(?: (?:do|het|ca))?",
)  # fmt: skip
_STUCK = _only(
    r"(?:bi |dang )?(?:vuong|ket|mac|tac)(?: (?:o )?(?:day|cho nay|buoc nay))?",
    r"(?:lam |bam |nhap )?(?:hoai )?(?:van )?(?:khong|chua|chang) (?:lam |bam |qua )?duoc",
    r"(?:khong|chua) (?:biet|hieu) (?:lam|bam)(?: (?:sao|gi|the nao|o dau))?",
    r"(?:bi |no )?(?:bao )?loi",
    r"chua duoc",
)
_JUMP = re.compile(rf"\b{_STEP}(?: (?:so|thu))?(?: thu)? {_NUMBER}\b")
_JUMP_SHORT = re.compile(rf"(?:{_FILL} )*b(?:uoc|c)? ?(?P<number>\d{{1,2}})(?: {_FILL})*")
_ELSEWHERE = _words("ho so", "thu tuc", "buu dien", "buu ta", "giay hen")


def read(text: str) -> Move | None:
    """Return the move that a message makes inside a guide; None when it says something else."""
    said = plain(text)
    if not said or len(said.split()) > LONGEST or _ELSEWHERE.search(said):
        return None
    if _CODE.search(said):
        return Move("code")
    if _PAUSE.search(said):
        return Move("pause")
    if _WHERE.search(said):
        return Move("where")
    if _GO_ON.search(said):
        return Move("go_on")
    if (to := _jump(text, said)) is not None:
        return Move("jump", to)
    for kind, pattern in (("next", _NEXT), ("wait", _WAIT), ("stuck", _STUCK)):
        if pattern.fullmatch(said):
            return Move(kind)
    if len(said.split()) <= LONGEST // 2:
        for kind, pattern in (("back", _BACK), ("repeat", _REPEAT)):
            if pattern.search(said):
                return Move(kind)
    return None


def goes_on(text: str) -> bool:
    """Return whether a message asks for the guide that was left open, wherever the talk is now."""
    said = plain(text)
    return len(said.split()) <= LONGEST and bool(_GO_ON.search(said))


def _jump(text: str, said: str) -> int | None:
    match = _JUMP.search(said) or _JUMP_SHORT.fullmatch(said)
    if match is None:
        # "bước sau" is the next one; with its mark it is the sixth.
        return 6 if re.search(r"\bbước (?:số |thứ )?sáu\b", text.lower()) else None
    number = match["number"]
    if number.startswith(("cuoi", "chot")):
        return LAST
    return 1 if number.startswith("dau") else int(_WORDS.get(number, number))
