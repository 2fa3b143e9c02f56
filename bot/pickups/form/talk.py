"""Hearing how something is said: as a question, as a proposal, as a wish to wait."""

from __future__ import annotations

import re

from bot.pickups.form.plain import plain_text
from bot.text import fold

_WHO = "(?:em|anh|chi|con|chau|toi|tui|minh|ban|co|chu|bac|ong|ba|ad|shop|cac ban)"
_SOFT = rf"(?:a|nha|nhe|nghe|nghen|hen|vay|the|luon|ta|ne|di|do|oi|nua|roi|{_WHO})"
# A question is never an answer, whatever it contains. Read in the normal form: "bn", "dc k" are written out.
_ASKING = (
    "bao nhieu|bao lau|may (?:gio|ngay|chuc|tien|dong|tram|nghin|buoi|lan|loai|ban)|o dau|cho nao|dau roi|toi dau"
    "|den dau|ra sao",
    "(?:nhu )?the nao|ntn|(?:tinh|lam|la|vay|the) sao|sao (?:lai|phai|vay|the|khong|chua)|tai sao|vi sao",
    r"(?:phi|gia|cuoc|tien|ship)\b(?: \w+){0,4} (?:nhiu|nhieu|bn)|may (?:ngan|k|do)|nhiu (?:tien|vay|the)"
    r"|(?:het|ton|mat|gia|phi|cuoc) (?:bao )?nhieu",
    r"^(?:(?:da|vay|the|a|ua|roi|em oi)[ ,]+)*ai (?:se |duoc |co )?"
    r"(?:xem|biet|doc|giu|giao|den|toi|lay|thay|tra|nhan|lam)(?! (?:thay|ho|giup|cung|cx))",
    "la gi|lam gi|can gi|gom gi|nhung gi|giay to gi|gi (?:vay|the|khong|nua|a)|nao (?:vay|the)|ai vay|hay sao",
    r"(?:vo|vao|di|ra|toi|den|cho|qua|len|ve) dau(?: (?:vay|the|a|em|anh|chi))*$",
    rf"(?:duoc|dung|phai|ok|co) (?:khong|chua|hong|chu)(?: {_SOFT})*$|^(?:co|phai|da|duoc) .{{1,60}} (?:khong|chua"
    rf"|hong)(?: {_SOFT})*$",
    rf"\b(?:co|phai) (?!ai\b|nguoi\b)(?:[^,.;]){{1,40}}? (?:khong|chua)(?: {_SOFT})*$|\b(?:hay chua|hay khong"
    rf"|khong nhi)(?: {_SOFT})*$",
    rf"(?:can|giay|lam|phai|mang|dem|xai|dung|bang|loai|cai|ten|to|kieu) gi(?: {_SOFT})*$|(?:cach|bang|kieu|noi|ben"
    rf"|ngay|cai|loai|buoi|hom|so|cho|nguoi|xa|phuong) nao(?: {_SOFT})*$",
    r"\b(?:nguoi|may|robot|ai) (?:that )?hay (?:la )?(?:nguoi|may|robot|bot|ai)\b",
    rf"\bcho {_WHO}(?: {_WHO})? (?:xin )?hoi\b|\bhoi (?:chut|ti|xiu|them|thu|cai|ve|ty|mot)\b|\b(?:muon|can|xin"
    rf"|tinh) (?:hoi|biet)\b",
)
_QUESTION = re.compile("|".join(rf"(?:\b(?:{part}))(?!\w)" for part in _ASKING))
_WHEN = re.compile(r"\b(?:khi|chung|luc|bao|hoi|bua|hom) (?:nao|gio)\b")
# "khi nào tới lấy thì trả" tells, it does not ask; so does "ở đâu cũng được".
_TELLING = re.compile(
    r"\b(?:khi|chung|luc|bao|hoi|bua|hom) (?:nao|gio)\b(?= [^,.;?]{2,40}\b(?:thi|moi|la|mang|dem|giao|gui)\b"
    r"| [^.;?]{2,40}\b(?:tra|dua|gui|thanh toan|tinh)\b)"
    r"|\b(?:khong|chua|chang)(?: (?:can|con|co|thay|phai))* (?:sua|sai|doi|thieu|nham|co|con) gi\b(?: (?:nua|het|ca"
    r"|dau))*"
    r"|\b(?:toi|den) dau(?= (?:thi )?(?:tra|tinh|dua))|\b(?:bao nhieu|o dau|the nao|(?:khi|luc|gio|bao|cho|hom|bua"
    r"|ngay|buoi|cach) (?:nao|gio)) (?:cung|thi|cx)\b"
)
# "thứ sáu được không em?": the day is said, and only put politely.
_MAY_I = re.compile(
    rf"[ ,]*(?:\b(?:co )?(?:duoc|dc|ok|oke|tien)(?: {_WHO})? (?:khong|hong|ko|k|hok|hem|chu|hay khong)|\b(?:nha|nhe"
    rf"|nghe|nghen|hen|ha|chu))"
    rf"(?: {_SOFT})*[ ?!.]*$"
)
# The ward La Gi is no "là gì".
_LA_GI = re.compile(r"^la gi$|\blagi\b|\b(?:[Pp]hường|phuong|[Xx]ã|xa|tx|p\.?|ở|o|thuộc) la gi\b|\bLa Gi\b")
# "trả tại nhà": the house is no "nha" of politeness.
_AT_HOME = re.compile(r"\bnhà\W*$|\b(?:tai|o|ve|den|toi|tan|den tan) nha\W*$", re.IGNORECASE)
_LONGEST_PROPOSAL, _LONGEST_PAUSE = 10, 10
_PAUSE = re.compile(
    rf"^(?:(?:da|a|u|ua|oi|em|{_WHO})[ ,]+)*(?:cho|doi|khoan|tu tu|de)(?: {_WHO})?(?: (?:da|xiu|ti|ty|chut|lat|teo"
    rf"|mot (?:xiu|ti|chut|lat)|may phut))\b"
    rf"|^(?:khoan|tu tu|khoan da)(?: {_SOFT})*[ .,!]*$"
    rf"|^(?:(?:da|a|u|khoan|{_WHO})[ ,]+)*(?:de|cho)(?: {_WHO})?(?: {_WHO})? (?:coi|xem|nghi|suy nghi|tinh|hoi|kiem tra"
    rf"|doc|ngam|tim|kiem|ban)(?: \w+){{0,4}} (?:da|xiu|ti|ty|chut|lat)\b"
)
# "hả", "nhỉ": without their marks they end names as well, so then a sentence must go before them.
_END = 200  # characters: what asks back stands at the end, and the pattern takes its time over long texts
_AM_I_ASKED = re.compile(
    rf"\b(?:hả|hử|hở|nhỉ|thì sao)\b[^,.;]{{0,12}}$"
    rf"|(?!.*\b(?:ten|la) (?:\S+ ){{1,4}}(?:ha|nhi)\W*$)(?:\S+ ){{5,}}(?-i:ha|nhi|thi sao)(?: {_WHO})?[ .]*$",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Tell whether the text asks something."""
    plain = _TELLING.sub(" ", plain_text(_LA_GI.sub(" ", text)))
    return "?" in text or bool(_QUESTION.search(plain) or _WHEN.search(plain) or _AM_I_ASKED.search(text[-_END:]))


def is_pause(text: str) -> bool:
    """Tell whether somebody only asks to wait: "khoan đã", "chờ chị xíu tìm giấy"."""
    plain = plain_text(text)
    return len(plain.split()) <= _LONGEST_PAUSE and bool(_PAUSE.search(plain)) and not is_question(text)


def proposal(text: str) -> str | None:
    """Return what a short question proposes ("thứ sáu được không em?" → "thứ sáu"), or None for any other text."""
    match = _MAY_I.search(fold(text))
    if match and _AT_HOME.search(text):
        return None
    rest = text[: match.start()] if match else ""
    return rest if rest and len(rest.split()) <= _LONGEST_PROPOSAL and not is_question(rest) else None
