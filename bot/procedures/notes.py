"""What a clerk adds to an answer out of the rest of the record: who must come, the post, mistakes, joined ones."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from bot.citing import shortened
from bot.procedures import catalogue
from bot.procedures.models import Procedure, ProcedureFact

_COLLECT = {"yes": "Bưu điện đến nhà lấy hồ sơ đi nộp được.", "no": "Hồ sơ này không nộp qua bưu điện được."}
_RETURN = {"yes": "Kết quả nhờ bưu điện mang về nhà được.", "no": "Kết quả phải đến lấy, không gửi bưu điện được."}
_LONGEST = 300
_PORTAL_PAGES = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/"  # the form of 2026-09
# Rows of the national export still speak of the level that ended with 2025-06-30 (NQ 202/2025/QH15).
_DISTRICT = re.compile(
    r"\b(?:cấp|ubnd|ủy ban nhân dân|uỷ ban nhân dân|công an|phòng [\w ]{2,30}) (?:cấp )?(?:quận|huyện)\b"
)
_NO_DISTRICT = (
    "Nguồn còn ghi cấp huyện; từ 01/7/2025 không còn cấp này, việc đó nay do xã, phường hoặc tỉnh làm. "
    "Anh/chị hỏi quầy trước khi đi giúp em."
)


def notes(session: Session, procedure: Procedure, fact: ProcedureFact) -> list[str]:
    """Return the lines that belong under an answer about the aspect of `fact`; what it says already is left out."""
    aspect, said = fact.aspect, " ".join([fact.body["text"], *(fact.body.get("items") or [])]).lower()
    found: list[str] = []
    if aspect == "overview":
        found += _joined(session, procedure)
    if aspect == "documents" and procedure.mistakes:
        found.append(shortened(f"Hay bị trả vì: {'; '.join(procedure.mistakes)}.", _LONGEST))
    if aspect in ("online", "proxy") and procedure.in_person and procedure.in_person.strip(" .").lower() not in said:
        found.append(procedure.in_person)
    if aspect == "forms" and "nơi nộp" not in said and (page := _portal_page(procedure.url)):
        found.append(f"Tìm mẫu ở trang thủ tục trên Cổng Dịch vụ công: {page}; không tải được thì xin tờ in ở quầy.")
    if "bưu điện" not in said:
        if aspect == "place":
            found += [_COLLECT[procedure.bcci_collect]] if procedure.bcci_collect in _COLLECT else []
        if aspect == "result":
            found += [_RETURN[procedure.bcci_return]] if procedure.bcci_return in _RETURN else []
    return found


def _portal_page(url: str | None) -> str:
    """Return the procedure's page on the national portal; addresses of before the portal moved lead nowhere."""
    return url if url and url.startswith(_PORTAL_PAGES) else ""


def of_the_old_level(procedure: Procedure, shown: str) -> list[str]:
    """Return the line for what an export still says of districts; our own words never do."""
    return [_NO_DISTRICT] if procedure.origin != "content" and _DISTRICT.search(shown.lower()) else []


def _joined(session: Session, procedure: Procedure) -> list[str]:
    others = [catalogue.find(session, code) for code in procedure.joined]
    names = [shortened(other.name, 90) for other in others if other is not None]
    return [f"Nên làm luôn một lần: {'; '.join(names)}."] if names else []
