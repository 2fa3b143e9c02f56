"""A photo of the receipt slip: the dossier code is read out of its QR code or barcode, and nothing of it is kept.

The picture lives in memory only, is dropped once read, and no word of it is logged.
"""

from __future__ import annotations

import re
import time
from enum import Enum
from urllib.parse import unquote

import msgspec

from bot.dossiers import codes, slip_image
from bot.dossiers.codes import SAMPLE, LookAlike
from bot.messages import Message, button, lines, say

SAID = "Ảnh giấy hẹn"  # what stands in the transcript for a photo
MARK = "slip:"  # begins the internal text that a photo becomes
IDENTITY_DOCUMENT = f"{MARK}identity_document"  # the internal text of a photo that shows an identity card
REFUSED = "Ảnh giấy tờ (không giữ lại)"  # what stands in the transcript for one
LARGEST_BYTES = 10 * 1024 * 1024
SECONDS = 3.0  # no further look at the picture is begun after so long

_MISREAD = (LookAlike.BAD_DATE, LookAlike.INCOMPLETE)  # half a code, or of no day: most likely read wrongly
# What is worth saying of another code, the most telling first. Not the phone: any long number looks like one.
_SEEN = {
    LookAlike.IDENTITY: (
        "em chỉ thấy một dãy giống số định danh. Em không tra bằng số này và không giữ ảnh; "
        "nếu là ảnh căn cước thì anh/chị đừng gửi vào đây nhé."
    ),
    LookAlike.POSTAL: "mã trên ảnh là mã bưu gửi của bưu điện, chưa phải mã hồ sơ.",
    LookAlike.BOOKING: "mã trên ảnh là số lịch hẹn với bưu điện, chưa phải mã hồ sơ.",
    LookAlike.PAYMENT: "mã trên ảnh giống mã thanh toán hơn, chưa phải mã hồ sơ.",
    LookAlike.PROCEDURE: "mã trên ảnh là mã thủ tục, ai làm cũng chung một mã. Em cần mã của riêng hồ sơ ạ.",
}


class Problem(str, Enum):
    """Why no dossier code came out of a picture."""

    NO_IMAGE = "no_image"  # not a JPEG, PNG or WEBP, or a broken one
    TOO_LARGE = "too_large"
    NO_CODE = "no_code"  # nothing could be read
    OTHER_CODE = "other_code"  # a code was read, and it is none of a dossier
    IDENTITY_DOCUMENT = "identity_document"  # the picture shows an identity card: nothing of it is kept


# The QR code of a căn cước: its number, the old one, name, birthday and address between "|".
_IDENTITY_CARD = re.compile(r"(?<!\d)\d{12}\s*\||\|\s*\d{12}(?!\d)")
_OTHER = "em đọc được mã trên ảnh, nhưng mã này không phải mã hồ sơ."
_PROBLEMS = frozenset({p.value for p in Problem} | {f"{Problem.OTHER_CODE.value}:{seen.value}" for seen in _SEEN})


class SlipReading(msgspec.Struct, frozen=True):
    """What a picture held: dossier codes in reading order, or what was wrong with it."""

    codes: tuple[str, ...] = ()
    problem: Problem | None = None
    seen: LookAlike | None = None  # with OTHER_CODE: what it looks like, where that helps

    @property
    def text(self) -> str:
        """Return the message that the picture becomes in the conversation; `shared` reads it back."""
        if self.codes:
            return MARK + self.codes[0]
        assert self.problem is not None
        return MARK + self.problem.value + (f":{self.seen.value}" if self.seen else "")


class SharedSlip(msgspec.Struct, frozen=True):
    """A photo as a message: the code read from it, or the problem for `problem_answer`."""

    code: str | None
    problem: str | None


def read(image: bytes) -> SlipReading:
    """Return the dossier codes in a picture, or why there are none; never raises, keeps nothing.

    Takes up to a few seconds and 200 MB for the largest pictures: run it on a thread, few at a time.
    """
    if len(image) > LARGEST_BYTES:
        return SlipReading(problem=Problem.TOO_LARGE)
    try:
        grey = slip_image.unpack(image)
    except slip_image.TooLarge:
        return SlipReading(problem=Problem.TOO_LARGE)
    except slip_image.NoImage:
        return SlipReading(problem=Problem.NO_IMAGE)
    until = time.monotonic() + SECONDS
    others: list[str] = []
    for texts in slip_image.looks(grey):
        plain = [_plain(text) for text in texts]
        if any(_IDENTITY_CARD.search(text) for text in plain):
            return SlipReading(problem=Problem.IDENTITY_DOCUMENT)  # whatever else lies beside the card
        found = dict.fromkeys(code.code for text in plain for code in codes.find(text))
        if found:
            return SlipReading(codes=tuple(found))
        others += plain
        if time.monotonic() > until:
            break
    return _without_code(others)


def shared(text: str) -> SharedSlip | None:
    """Return the photo that an internal text stands for, else None; typed by hand it is worth the code itself."""
    if not text.startswith(MARK):
        return None
    content = text.removeprefix(MARK)
    if code := codes.normalise(content):
        return SharedSlip(code, None)
    return SharedSlip(None, content) if content in _PROBLEMS else None


def problem_answer(problem: str) -> Message:
    """Say what was wrong with a photo, how to take a better one, and that the code can be typed."""
    code = f"ví dụ {SAMPLE}"
    kind, _, seen = problem.partition(":")
    if problem == Problem.NO_IMAGE:
        text = (
            "Dạ, em chưa mở được tệp này. Anh/chị gửi giúp em ảnh chụp giấy hẹn (JPG, PNG), "
            f"hoặc gõ mã ở dòng “Mã hồ sơ”, {code}."
        )
    elif problem == Problem.TOO_LARGE:
        text = (
            "Dạ, ảnh này lớn quá nên em chưa xem được. Anh/chị chụp gần giấy hẹn, để cỡ ảnh nhỏ hơn rồi gửi lại, "
            f"hoặc gõ mã ở dòng “Mã hồ sơ”, {code}."
        )
    elif kind == Problem.OTHER_CODE:
        what = next((words for look, words in _SEEN.items() if look.value == seen), _OTHER)
        text = f"Dạ, {what}\nMã hồ sơ nằm ở dòng “Mã hồ sơ” trên giấy hẹn, {code}. Anh/chị gõ giúp em nhé."
    else:
        text = lines(
            "Dạ, em chưa đọc được mã trên ảnh này. Anh/chị chụp lại giúp em:",
            [
                "đặt giấy phẳng ở chỗ sáng, đừng để bóng tay che;",
                "giữ máy thẳng, đưa lại gần cho mã QR hoặc mã vạch hiện rõ nét.",
            ],
            f"Giấy không in mã QR, mã vạch thì anh/chị gõ mã ở dòng “Mã hồ sơ”, {code}.",
        )
    where, human = button("Tìm mã ở đâu?", "ask_dossier_code"), button("Gặp nhân viên", "talk_to_human")
    return say("dossier_question", text, where, human, slot="code", asks_photo=True)


def _without_code(texts: list[str]) -> SlipReading:
    """Return what to say of barcodes none of which held the code of a dossier."""
    kinds = [codes.look_alike(text) for text in texts]
    seen = next((kind for kind in _SEEN if kind in kinds), None)
    if not texts or (seen is None and any(kind in _MISREAD for kind in kinds)):
        return SlipReading(problem=Problem.NO_CODE)
    return SlipReading(problem=Problem.OTHER_CODE, seen=seen)


def _plain(text: str) -> str:
    """Return the text of a barcode without percent signs: a link may hold the code encoded, even twice."""
    return unquote(unquote(text))
