"""Hearing that somebody of the family has died, in a message that asks no more than what to do now.

"Mẹ tôi mất rồi làm gì" is one; "mẹ tôi mất căn cước" and "cha tôi mất, sang tên sổ đỏ" name something else to be done.
"""

from __future__ import annotations

import re

from bot.normalise import abbreviations
from bot.text import fold

LONGEST = 20  # words
_WORD = re.compile(r"\w+")


class _Words(frozenset[str]):
    """Words with their marks; one typed without marks is any of them, one with marks must be written just so."""

    def __new__(cls, text: str) -> _Words:
        known = text.split()
        return super().__new__(cls, [*known, *(fold(word) for word in known)])


_KIN = _Words("vk ck vợ chồng mẹ má ba bố cha tía xã nội ngoại thân mợ thím dượng")
# These are also how people call themselves ("con mất rồi" may have lost anything): it must be said whose they are.
_SPEAKERS = _Words("con anh chị em ông bà cô dì chú bác cậu cháu cụ người")
_WHOSE = _Words("tôi mình tui chúng nhà của gia đình út cả lớn nhỏ ruột rể dâu trai gái")
_DEAD = _Words("mất chết")
_DEAD_IN_TWO = (("qua", "đời"), ("tử", "vong"), ("từ", "trần"))
_AROUND = _Words(
    "rồi vừa mới hôm qua nay sáng chiều tối đêm tuần trước tháng ngày được bị tai nạn giao thông bệnh ung thư già yếu "
    "đột ngột quỵ ở tại viện xe đụng giờ bây làm gì sao phải cần giấy tờ thủ tục những tiên bắt đầu từ đâu nào như thế "
    "chuẩn khai tử báo giúp ơi với hỏi cho xin ạ nha nhé thì dạ vậy biết chỉ hướng dẫn đi lo việc hậu sự lên đến tới "
    "ra thưa các và mà là hết không đang quá lắm hu huhu vong đời trần"
)
# What may follow "mất" right away; anything else is a thing that was lost.
_AFTER = _Words(
    "rồi hôm sáng chiều tối đêm tuần tháng ngày thì giờ bây làm phải vì do ở tại được mà em anh chị ạ ơi hết xin khai "
    "nên và cần vậy hu huhu"
)


def tells_of_death(text: str) -> bool:
    """Return whether a message says that one of the family has died, and nothing but that and "what now?"."""
    short = abbreviations()
    told = [part for word in _WORD.findall(text.lower()) for part in short.get(word, word).split()]
    if not 2 <= len(told) <= LONGEST or not all(_known(word) for word in told):
        return False
    kin = next((at for at in range(len(told)) if _is_kin(told, at)), None)
    return kin is not None and any(_is_death(told, at) for at in range(kin + 1, len(told)))


def _known(word: str) -> bool:
    return any(word in group for group in (_KIN, _SPEAKERS, _WHOSE, _DEAD, _AROUND))


def _is_kin(told: list[str], at: int) -> bool:
    if told[at] in _SPEAKERS:
        after = told[at + 1] if at + 1 < len(told) else ""
        return after in _WHOSE or after in _SPEAKERS or "chết" in told or "chet" in told
    return told[at] in _KIN


def _is_death(told: list[str], at: int) -> bool:
    after = told[at + 1] if at + 1 < len(told) else None
    if told[at] in _DEAD:
        return after is None or after in _AFTER
    return any(
        told[at - 1] in (first, fold(first)) and told[at] in (second, fold(second)) for first, second in _DEAD_IN_TWO
    )
