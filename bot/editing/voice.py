"""How a text must read: a kind, competent clerk, short, no office that is no more (docs/content.md, "The voice")."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_SENTENCE = 25  # words
MOST_ITEMS = 12
_SENTENCE = re.compile(r"[.!?;:]\s+|\n")
_GONE = re.compile(r"\b(?:cấp|UBND|Ủy ban nhân dân|Công an|Phòng [\w ]{0,30}) (?:huyện|quận|thị xã)\b", re.IGNORECASE)
_GONE_SAID = re.compile(r"(?:không còn|bỏ|trước đây|cũ)[\w ]{0,20}$", re.IGNORECASE)
_FREE = re.compile(r"miễn phí|miễn lệ phí|không thu (?:phí|lệ phí|tiền)", re.IGNORECASE)
_UNSURE_FREE = re.compile(
    r"không ghi|chưa ghi|không nêu|chưa kiểm chứng|hỏi (?:lại )?(?:quầy|nơi|cơ quan|công an)|xét miễn|thuộc diện"
    r"|được miễn nếu",
    re.IGNORECASE,
)


def faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a text wherever it stands: it must be mended."""
    for match in _GONE.finditer(text):
        if not _GONE_SAID.search(text[: match.start()]):
            yield f"“{match.group()}”: từ 01/7/2025 không còn cấp huyện; ghi xã, phường hoặc tỉnh"


def faults_of_answer(text: str) -> Iterator[str]:
    """Yield what is wrong with the first sentence of an answer."""
    if not text.startswith("Dạ"):
        yield f"câu trả lời bắt đầu bằng “Dạ, …”: {text[:40]}…"


def fee_without_basis(text: str, items: tuple[str, ...], basis: tuple[str, ...], status: str) -> str | None:
    """Return the fault of a fee that is called free where no law is named; None when it is all right."""
    whole = " ".join((text, *items))
    if _FREE.search(whole) and not _UNSURE_FREE.search(whole) and not basis and status != "unverified":
        return "ghi miễn phí mà không có căn cứ (legal_basis); “Miễn phí” của cổng chỉ là mặc định"
    return None


def advice(text: str) -> Iterator[str]:
    """Yield what reads badly: it should be mended."""
    for sentence in _SENTENCE.split(text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            yield f"câu dài {count} chữ (tối đa {LONGEST_SENTENCE}): {sentence[:50]}…"


def advice_of_list(items: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the size of a list."""
    if len(items) > MOST_ITEMS:
        yield f"danh sách {len(items)} mục (tối đa {MOST_ITEMS}); gộp hoặc bỏ bớt"
