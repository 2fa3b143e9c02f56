"""The checklist of a procedure on one page, to keep on the phone or to print."""

from __future__ import annotations

import re
from typing import Any

from bot import printing
from bot.citing import shortened, source_line
from bot.messages import Message, button, say
from bot.procedures.cases import Option
from bot.procedures.known import Known
from bot.procedures.models import ProcedureFact
from bot.settings import settings
from bot.text import fold

LONGEST_LINE = 220
_PARTS = (("fee", "Lệ phí"), ("duration", "Bao lâu có"), ("place", "Nộp ở đâu"))
_MOST_ITEMS = 3
_WANTED = re.compile(
    r"\b(?:in ra|ban in|de in|pdf|file|tai ve|luu (?:lai|ve|danh sach)|gui (?:em |toi |minh |chi |anh |co |chu )?"
    r"(?:anh|hinh|ban|to|danh sach)|hinh anh|checklist|danh sach giay to de)\b"
)
_NOT_WANTED = re.compile(r"\b(?:file scan|dinh dang|tai len|nop|dung luong|chup|anh the|hinh the)\b")
# A line of a list that not everybody brings: "Trẻ bị bỏ rơi: biên bản …", "Giấy ủy quyền, nếu nhờ người khác", or no
# paper at all: "Máy tra được thì không phải nộp". What is a paper before the colon is one: "Giấy tờ của xe: …".
_PAPER = (
    r"(?:giấy|bản|tờ|đơn|biên bản|sổ|văn bản|phiếu|hồ sơ|ảnh|hợp đồng|dữ liệu|bảng kê|nguồn gốc|\d+ (?:bộ|bản|ảnh)"
    r"|của|đợt|lúc|một trong)"
)
_ONLY_SOME = re.compile(
    rf"^(?!{_PAPER}\b)[^;]*?:"
    r"|^[^;:(]*\b(?:thì|chưa kiểm chứng|em chưa có|không phải|khỏi|không đòi)\b"
    r"|^[^;]*\bnếu (?!còn\b|có(?:[,.)]|$))|^trường hợp\b|\bchỉ (?:cần |nộp )?khi\b|\bkhi (?:máy|cán bộ) không tra\b"
)


def wanted(text: str) -> bool:
    """Return whether a message asks for something to keep ("gửi em bản in"), and not how to upload files."""
    folded = fold(text)
    return bool(_WANTED.search(folded)) and not _NOT_WANTED.search(folded)


def address(code: str, form: str = "", case: str | None = None) -> str:
    """Return the web address of a procedure's page, or of its checklist in a form (pdf, png), for one case if named."""
    base = f"{settings().public_url.rstrip('/')}/thu-tuc/{code}"
    return f"{base}/giay-to.{form}" + (f"?case={case}" if case else "") if form else base


def offered(known: Known, case: str | None = None) -> Message:
    """Return the checklist as a picture and as a page to print; a procedure without a list of papers says so."""
    procedure = known.procedure
    if not known.has("documents"):
        text = (
            f"Dạ, thủ tục {shortened(procedure.name, 110)} em chưa có danh sách giấy tờ nên chưa làm bản in được. "
            "Anh/chị gặp nhân viên giúp em."
        )
        return _message(known, text, button("Gặp nhân viên", "talk_to_human"))
    files = [
        {"title": "Ảnh để lưu vào điện thoại", "url": address(procedure.code, "png", case), "media_type": "image/png"},
        {"title": "Bản in (PDF)", "url": address(procedure.code, "pdf", case), "media_type": "application/pdf"},
    ]
    text = (
        f"Dạ, danh sách giấy tờ {shortened(procedure.name, 110)} đây ạ, gọn trong một trang:\n"
        + "\n".join(f"- {file['title']}: {file['url']}" for file in files)
        + "\nTrên trang có mã QR; quét là thấy bản mới nhất."
    )
    return _message(known, text, button("Nộp ở đâu", "ask_procedure_place", procedure=procedure.code), files=files)


def drawn(known: Known, form: printing.Format, case: str | None = None) -> bytes:
    """Return the checklist as one A4 page, of one case; without one of the usual case, else of the first.

    Raises KeyError when no list of papers is known.
    """
    listed = cases_of(known)
    case = case or known.usual_case or (listed[0].id if listed else None)
    return printing.page("checklist.typ", _data(known, case), form)


def only_some_bring(paper: str) -> bool:
    """Return whether a line of a list of papers holds in some cases only, so that it gets no box to tick."""
    return bool(_ONLY_SOME.search(paper.lower()))


def cases_of(known: Known) -> tuple[Option, ...]:
    """Return the cases that have a checklist of their own."""
    return tuple(option for option in known.open_cases("documents") if option.procedure is None)


def _message(known: Known, text: str, *buttons: Any, **more: Any) -> Message:
    procedure = known.procedure
    return say(
        "procedure",
        text,
        *buttons,
        code=procedure.code,
        name=procedure.name,
        aspect="documents",
        as_of=procedure.as_of,
        legal_basis=list(procedure.legal_basis),
        **more,
    )


def _data(known: Known, case: str | None) -> dict[str, Any]:
    procedure, option = known.procedure, known.option(case)
    facts = _facts(known, "documents", case)
    papers = [paper for of, fact in facts for paper in _papers(fact, None if of == case else known.option(of))]
    if not papers:
        raise KeyError("documents")
    fact = facts[0][1]
    parts = [part for aspect, title in _PARTS for part in _part(known, aspect, title, case)]
    if procedure.mistakes:
        parts.append({"title": "Hay bị trả vì", "text": "", "items": list(procedure.mistakes)})
    return {
        "office": "MỘT CỬA LÂM ĐỒNG · trợ lý AI, chỉ để tham khảo",
        "title": shortened(procedure.name, 140),
        "case": option.title if option and known.open_cases("documents") else None,
        "papers": papers,
        "only_if": [paper for paper in papers if only_some_bring(paper)],
        "parts": parts,
        "qr": printing.qr_svg(address(procedure.code)),
        "foot": f"Mã thủ tục {procedure.code}. "
        + source_line(procedure.source_title or "danh mục thủ tục", procedure.legal_basis, fact.as_of, fact.checked_at)
        + f" In ngày {known.day:%d/%m/%Y}; quy định có thể đổi, anh/chị hỏi lại quầy trước khi đi xa.",
    }


def _facts(known: Known, aspect: str, case: str | None) -> list[tuple[str | None, ProcedureFact]]:
    """Return what holds of an aspect in one case, or everything of it where no case is chosen."""
    fact = known.fact(aspect, case)
    if fact is not None and (case is not None or fact.case_id is None):
        return [(fact.case_id, fact)]
    return [(of, held) for (name, of), held in known.facts.items() if name == aspect]


def _papers(fact: ProcedureFact, option: Option | None) -> list[str]:
    items = fact.body.get("items") or [fact.body["text"].removeprefix("Dạ, ")]
    return [shortened(f"{option.title}: {item}" if option else item, LONGEST_LINE) for item in items]


def _part(known: Known, aspect: str, title: str, case: str | None) -> list[dict[str, Any]]:
    told = []
    for of, fact in _facts(known, aspect, case):
        option = None if of == case else known.option(of)
        text = fact.body["text"].removeprefix("Dạ, ")
        items = [shortened(item, LONGEST_LINE) for item in fact.body.get("items") or []][:_MOST_ITEMS]
        name = f"{title} ({option.title[0].lower()}{option.title[1:]})" if option else title
        told.append({"title": name, "text": text[0].upper() + text[1:], "items": items})
    return told
