"""Hearing that somebody wants to book the postman, whatever the model took the message for.

"Tôi có hai việc: giao kết quả hồ sơ …, và lấy luôn giấy tờ …" names a dossier, a procedure and two wishes: any intent
may come of it, and only one of them books.
"""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.pickups import numbers
from bot.pickups.form import services, talk
from bot.pickups.form.plain import plain_text

START = "action_start_pickup"
_MAY_BE_TAKEN_FOR = frozenset(
    {
        "cancel_pickup",
        "change_pickup",
        "track_pickup",
        "ask_postal_service",
        "report_delivery_problem",
        "check_dossier",
        "ask_dossier_supplement",
        "ask_dossier_late",
        "subscribe_dossier",
        "withdraw_dossier",
        "ask_procedure",
        "ask_procedure_documents",
        "ask_procedure_result",
        "ask_procedure_online",
        "ask_procedure_proxy",
        "ask_procedure_place",
        "ask_procedure_steps",
        "ask_procedure_forms",
        "ask_procedure_eligibility",
        "ask_dossier_code",
        "next_step",
        "previous_step",
        "affirm",
        "greet",
        "thank",
        "file_online",
        "ask_office",
        "inform",
        "out_of_scope",
        "nlu_fallback",
    }
)
_PROCEDURE, _PROXY = "ask_procedure", "ask_procedure_proxy"
_POSTMAN = re.compile(r"\b(?:buu ta|buu dien|shipper|nhan vien giao)\b")
_WISH = re.compile(
    r"\b(?:muon|nho|nho nguoi|giup|gium|dum|ho(?! so| tich| khau| kinh)|cho|can|xin|dat|dang ky|hen|goi|keu)\b"
)
_HOME = re.compile(r"\b(?:nha|tan noi|tan cho|tiem|quan|cua hang|cong ty|co quan|dao|tan tay|tro|dia chi)\b")
_COMES = re.compile(r"\b(?:den|toi|ra|vo|vao|qua|ve|ghe|xuong|len)\b")
_TO_WHOM = re.compile(r"\b(?:cho (?:toi|tui|em|minh|no|con|chau|ba|me|bo|ong|anh|chi|co|chu|bac))\b")
_DATES = re.compile(
    r"\b(?:dat|hen|dang ky|len|xep)(?: \w+){0,4}? (?:lich|buu ta|buu dien)\b|\b(?:goi|keu|nho|cho) (?:buu ta|buu dien"
    r"|shipper)\b"
)
_BOOKS = re.compile(r"\b(?:dat|hen|book|dat lich|len lich)(?: lich)?(?: (?:nguoi|den|toi|qua|ai))* (?:lay|giao|nhan)\b")
_ONLY_BOOKS = re.compile(
    r"(?:(?:cho|toi|tui|em|minh|muon|can|xin|giup|nho) )*(?:dat|book|hen) lich(?: (?:hen|di|nha|nhe|a|giup|voi|em|toi"
    r"|minh))*"
)
# What stands already, or went wrong, is no new wish.
_STANDING = re.compile(
    r"\b(?:huy|doi (?:lich|ngay|gio|buoi|dia chi|sang|qua|lai)|doi|rut (?:lai )?ho so|chua (?:nhan|thay|toi|den|giao"
    r"|lay|duoc giao|co ai)|khong (?:thay|nhan duoc|den|toi|giao)"
    r"|that lac|mat (?:giay|ho so|buu pham)|rach|uot|tre hen|thai do|phan nan|khieu nai|da (?:giao|dat|nhan|hen)"
    r"|dat roi|hen roi|lich cua|dang o dau)\b"
)


# "Có đến nhà lấy không?" is a wish put politely; "bao lâu thì đến?" is a question.
_ASKS_MORE = re.compile(
    r"\b(?:bao (?:nhieu|lau|gio)|may (?:gio|ngay|tien|bua)|(?:khi|luc|hom|ngay|bua|cho|ai|loai) nao"
    r"|(?:o|den|toi) dau|the nao|ra sao|lam sao|tai sao|vi sao|gi|ai|ton|mat phi|phai|thu bay|chu nhat|thay|uy quyen)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def wishes_booking(turn: Turn) -> bool:
    """Tell whether a message outside of any form asks for the postman beyond doubt.

    Each sentence is looked at alone: "Con tôi mất giấy khai sinh. Nhờ người đến nhà lấy giấy tờ."
    """
    if turn.active_loop or turn.intent not in _MAY_BE_TAKEN_FOR or not turn.text or turn.text.startswith("/"):
        return False
    if numbers.find(turn.text):
        return False
    sentences = [part for part in _SENTENCE.split(turn.text) if part.strip()]
    # "Làm khai sinh có giao tận nhà không?" alone asks about the procedure, "nhận thay được không?" about who may.
    asks_about_it = turn.intent == _PROXY or (turn.intent.startswith(_PROCEDURE) and len(sentences) == 1)
    return any(_wishes(sentence, may_ask=not asks_about_it) for sentence in sentences)


def _wishes(sentence: str, *, may_ask: bool) -> bool:
    plain = plain_text(sentence)
    if _STANDING.search(plain):
        return False
    asks = talk.is_question(sentence)
    if asks and (not may_ask or _ASKS_MORE.search(plain)) and not (may_ask and talk.proposal(sentence)):
        return False
    if _POSTMAN.search(plain) and _DATES.search(plain) and not asks:
        return True
    service = services.service(sentence)
    if not asks and (_ONLY_BOOKS.fullmatch(plain) or (service and _BOOKS.search(plain))):
        return True
    by_post = _POSTMAN.search(plain) and (not asks or _COMES.search(plain))
    near = _HOME.search(plain) or by_post
    if asks:
        return bool(service and near)
    # "Cả hai" alone may be two people: it takes a word of the post, of home, or of a wish.
    wished = near if service == "both" else near or _TO_WHOM.search(plain)
    return bool(service and ((wished and _WISH.search(plain)) or (service == "both" and (near or _WISH.search(plain)))))
