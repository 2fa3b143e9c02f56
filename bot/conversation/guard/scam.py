"""Scams by their signs: somebody calls in the name of the police, wants an app, the screen, money or a link opened.

Only what is surely one; the model knows many more ways to say it. "Công an xã hẹn tôi làm căn cước" is no scam.
"""

from __future__ import annotations

import re

from bot import links
from bot.conversation.guard.seen import see

_OFFICE = (
    r"\b(?:cong an|ca (?:xa|phuong)|canh sat|csgt|can bo|nhan vien|nv (?:ngan hang|dien luc)|vien kiem sat|toa an|"
    r"chi cuc thue|ben (?:vneid|cong an|thue|ngan hang|dich vu cong|dien luc|bao hiem))\b"
)
_STRANGER = (  # surely somebody unknown
    r"\b(?:(?:co|mot) (?:nguoi|ai|dua|thang|ong|ba|anh|chi|so|cuoc|ng|may nguoi)\b|nguoi la|ai do|so la|"
    r"ke (?:gian|xau|la)|xung|gia danh|mao danh|gia lam|mao xung|(?:bon|tui) (?:no|ho))\b"
)
_THEY = rf"(?:{_STRANGER}|\bno\b|\bho\b(?! (?:ten|hang|khau|so|va|ngheo|kinh|chieu|tich|gia)\b))"  # "nó" may be an app
_CALLS = r"\b(?:goi(?: dien| lai| video)?|dien thoai|nhan tin|nhan zalo|ket ban|inbox|ib|nt|alo|call|lien he)\b"
_WANTS = r"\b(?:keu|bao|yeu cau|yc|bat|ep|doi|xui|du|moi|huong dan|hd|bieu|hoi|xin|nho|nhan tin|hoi thuc)\b"

_APP = r"\b(?:cai|tai|down(?:load)?|dowload|install|mo)(?:\s\w+){0,3}?\s(?:app|ap|ung dung|phan mem|file|apk)\b"
_SCREEN = (
    r"\b(?:chia se|chia xe|share|trinh chieu|chieu|quay|livestream|cho (?:no|ho) xem)(?:\s\w+)?"
    r"\s(?:man hinh|mh\b|screen)"
)
_MONEY = r"\b(?:(?:chuyen|nop|dong|gui|ck|nap|dat)\s(?:\w+\s){0,2}?(?:tien|khoan|coc|phi)|ck)\b"
_CODE = (
    r"\b(?:doc|dua|cho|gui|cung cap|xin|lay|khai)(?:\s\w+){0,2}?"
    r"\s(?:otp|ma xac (?:thuc|nhan)|ma pin|mat khau|passcode|pass\b|ma (?:6|sau) so)"
    r"|\b(?:doc|cung cap)(?:\s\w+){0,2}?\sma\b(?! (?:ho so|tra cuu|bi mat|so))"
)
_PHOTO = r"\bgui(?:\s\w+){0,2}?\s(?:anh|hinh)(?:\s\w+){0,2}?\s(?:can cuoc|cccd)"
_LINK = r"(?:link|duong (?:dan|link)|lien ket|trang web|website)"
_OPEN = rf"\b(?:bam|nhan|vao|vo|mo|click|truy cap|kich)(?:\s\w+){{0,3}}?\s{_LINK}"
_HELP = r"(?:huong dan|kich hoat|cap nhat|dong bo|nang cap|xac thuc|dinh danh|lam lai|sua thong tin)"
_ACCOUNT = r"(?:vneid|dinh danh|tai khoan|du lieu|can cuoc|cccd|dich vu cong|app|ung dung|muc 2)"
_FREE = r"(?:kich hoat|mo khoa|dinh danh|nang cap|xac minh|xac thuc|mo lai|duyet vneid|lam vneid)"

_ASK = rf"(?:{_APP}|{_SCREEN}|{_CODE}|{_OPEN})"
_THEIRS = r"(?:no|ho|nguoi la|nguoi xung|ke|bon|tui|cong an)\b"
_ACCOUNTS = r"(?:tai khoan (?:an toan|dieu tra|ca nhan|tam giu|cua (?:no|ho))|de dieu tra)"
_THINGS = rf"(?:app|ung dung|trang|web|website|{_LINK}|tin nhan|cong an|can bo|vneid)"


def _words(most: int) -> str:
    """Return the pattern for at most so many words between two others."""
    return rf"(?:\W+\w+){{0,{most}}}?\W+"


_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        # An office that calls to "help" with the account: the police do that at their counter.
        rf"{_OFFICE}{_words(4)}{_CALLS}{_words(6)}{_HELP}{_words(3)}{_ACCOUNT}",
        rf"{_OFFICE}{_words(4)}{_CALLS}{_words(8)}{_ASK}",
        rf"(?:xung|gia danh|mao danh|gia lam|mao xung|gia mao)\s(?:(?:la|danh|lam|ben|cua)\s)*{_OFFICE}",
        rf"{_STRANGER}{_words(6)}(?:{_WANTS}|{_CALLS}){_words(10)}(?:{_ASK}|{_PHOTO})",
        rf"{_THEY}{_words(3)}{_WANTS}{_words(5)}{_ASK}",
        rf"{_STRANGER}{_words(4)}(?:gui|nhan|quang){_words(3)}{_LINK}\b",
        rf"(?:{_WANTS}|{_OFFICE}|{_THEY}){_words(6)}{_SCREEN}",
        # Money before anything is activated: activation costs nothing.
        rf"\b(?:keu|yeu cau|bat|ep|doi|bao){_words(3)}{_MONEY}{_words(4)}(?:de|moi|truoc khi){_words(2)}{_FREE}",
        rf"\b(?:keu|yeu cau|bat|ep|doi){_words(3)}{_MONEY}{_words(3)}{_ACCOUNTS}",
        rf"\blo(?: tay)?\b{_words(2)}(?:{_MONEY}|{_CODE}){_words(3)}(?:cho|voi)\W+{_THEIRS}",
        r"\b(?:ultra\s?view(?:er)?|team\s?view(?:er)?|any\s?desk)\b|\.apk\b|\bfile apk\b",
        rf"{_THINGS}(?:\s\w+){{0,3}}?\s(?:gia mao|gia danh|mao danh|lua dao)\b",
    )
)
# Where the marks decide: "lạ" is no "là", "giả" no "giá".
_MARKED = re.compile(
    r"(?:link|đường (?:dẫn|link)|tin nhắn|app|ứng dụng) lạ\b|(?:số|người) lạ (?:gọi|nhắn|kêu|bảo|yêu cầu)|"
    r"(?:app|ứng dụng|trang|web|website|công an|cán bộ|dịch vụ công|vneid) giả\b",
    re.IGNORECASE,
)
# Going to the office, or speaking of what one did oneself, is the proper way.
_PROPER = re.compile(
    rf"\b(?:len|ra|toi|den|qua)\s(?:\w+\s){{0,2}}?(?:{_OFFICE}|tru so|phuong|xa|ubnd|uy ban|trung tam|co quan|"
    r"don|quay|mot cua|lam can cuoc|lay)"
)
_HARD = re.compile(rf"{_SCREEN}|{_CODE}|{_APP}|{_OPEN}|\b(?:xung|gia danh|mao danh)\b")


def is_scam(text: str) -> bool:
    """Return whether a message (NFC) surely tells of a scam, or holds a link that poses as an office."""
    if links.posing(text):
        return True
    if _MARKED.search(text):
        return True
    folded = re.sub(r"\s+", " ", see(text).text)
    if not any(sign.search(folded) for sign in _SIGNS):
        return False
    return not _PROPER.search(folded) or bool(_HARD.search(folded))
