"""What is said about the merger of 2025-07-01 as such: papers with old names, the province, the districts."""

from __future__ import annotations

import re

from bot.messages import Message, button
from bot.places.answers import MERGED, STILL_VALID
from bot.places.content import full_name
from bot.places.office_answers import TALK, place
from bot.text import fold

_PAPERS = re.compile(
    r"\b(giay|so do|so hong|bang lai|ca vet|ca ret|can cuoc|cccd|ho khau|bien so|gplx|gpkd|ho kinh doanh|hkd"
    r"|khai sinh|so bao hiem|bhxh|the(?! nao))\b"
)
_CHANGE = re.compile(
    r"\b(phai|can|co|tu) (\w+ ){0,3}(doi(?! ten)|sua|lam lai|cap lai|cap nhat|dang ky lai)\b"
    r"|\b(doi(?! ten)|sua|lam lai|cap nhat|dang ky lai)\b.*\b(khong|ko|k|hong|hok|ha)\b"
    r"|\b(gia tri|hieu luc|con xai|xai duoc|con dung|dung duoc|sao khong|bao gio phai doi)\b"
)


def asks_about_papers(text: str) -> bool:
    """Return whether a question about the merger is about papers: "có phải đổi sổ đỏ không?"."""
    folded = fold(text)
    return bool(_PAPERS.search(folded) and _CHANGE.search(folded))


def papers_answer(code: str) -> Message:
    """Return that papers with old names stay valid, for somebody of one commune."""
    text = (
        "Dạ không phải đổi. Giấy tờ đã cấp ghi tên tỉnh, huyện, xã cũ, nếu còn hạn, thì vẫn có giá trị; "
        "không ai phải làm lại chỉ vì sáp nhập (thông tin đến tháng 11/2026).\n"
        f"Địa chỉ mới của anh/chị ghi là {full_name(code)}, tỉnh Lâm Đồng."
    )
    return place(text, [code], [], button("Tra tên xã mới", "ask_new_unit"), TALK)


def merger_answer(text: str) -> Message:
    """Return what is known when no commune was named: about the province, the districts, or a question."""
    folded = fold(text)
    if re.search(r"\b(tinh|may tinh|dak nong|binh thuan)\b", folded):
        said = (
            f"Dạ, {MERGED} tỉnh Lâm Đồng gồm Lâm Đồng, Đắk Nông và Bình Thuận trước đây, "
            "có 124 xã, phường, đặc khu. Anh/chị cho em tên xã, phường cũ, em tra tên mới giúp ạ."
        )
    elif re.search(r"\b(huyen|quan|thi xa)\b", folded):
        said = (
            f"Dạ, {MERGED} không còn cấp huyện; việc của dân do xã, phường hoặc tỉnh giải quyết.\n"
            f"{STILL_VALID} Anh/chị cho em tên xã, phường cũ, em tra tên mới giúp ạ."
        )
    else:
        said = "Dạ, anh/chị cho em tên xã, phường cũ kèm huyện cũ (ví dụ: xã Tân Hà, Đức Linh), em tra tên mới ạ."
    return place(said, [], [])
