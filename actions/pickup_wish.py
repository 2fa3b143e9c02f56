"""Hearing that somebody wants to book the postman, whatever the model took the message for.

"Tôi có hai việc: giao kết quả hồ sơ …, và lấy luôn giấy tờ …" names a dossier, a procedure and two wishes: any intent
may come of it, and only one of them books.
"""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.normalise import normal_text
from bot.pickups import numbers
from bot.pickups.form import services, talk

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
        "file_online",
        "ask_office",
        "inform",
        "out_of_scope",
        "nlu_fallback",
    }
)
_POSTMAN = re.compile(r"\b(?:buu ta|buu dien|shipper|nhan vien giao)\b")
_WISH = re.compile(r"\b(?:muon|nho|nho nguoi|giup|gium|dum|ho|cho|can|xin|dat|dang ky|hen|goi|keu)\b")
_HOME = re.compile(r"\b(?:nha|tan noi|tan cho|tiem|quan|cua hang|cong ty|dao|tan tay|cho toi|cho em|tro)\b")
_DATES = re.compile(
    r"\b(?:dat|hen|dang ky|len|xep)(?: \w+){0,4}? (?:lich|buu ta|buu dien)\b|\b(?:goi|keu|nho|cho) (?:buu ta|buu dien"
    r"|shipper)\b"
)
# What stands already, or went wrong, is no new wish.
_STANDING = re.compile(
    r"\b(?:huy|doi (?:lich|ngay|gio|buoi|dia chi|sang|qua|lai)|doi|rut (?:lai )?ho so|chua (?:nhan|thay|toi|den|giao"
    r"|lay|duoc giao|co ai)|khong (?:thay|nhan duoc|den|toi|giao)"
    r"|that lac|mat (?:giay|ho so|buu pham)|rach|uot|tre hen|thai do|phan nan|khieu nai|da (?:giao|dat|nhan|hen)"
    r"|dat roi|hen roi|lich cua|dang o dau)\b"
)


def wishes_booking(turn: Turn) -> bool:
    """Tell whether a message outside of any form asks for the postman beyond doubt."""
    if turn.active_loop or turn.intent not in _MAY_BE_TAKEN_FOR or not turn.text or turn.text.startswith("/"):
        return False
    asks = talk.is_question(talk.proposal(turn.text) or turn.text)
    plain = normal_text(turn.text)
    if asks or numbers.find(turn.text) or _STANDING.search(plain):
        return False
    if _POSTMAN.search(plain) and _DATES.search(plain):
        return True
    service = services.service(turn.text)
    near = service == "both" or _POSTMAN.search(plain) or _HOME.search(plain)
    return bool(service and near and (service == "both" or _WISH.search(plain)))
