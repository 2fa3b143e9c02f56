"""The words of a question that say which procedure is meant, with how much each counts.

Names, everyday words and questions are cut in the same way, so that they can be compared.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from bot.normalise import syllables
from bot.settings import CONTENT

_SHORT_NUMBER = 3
# How much a word counts beside its rarity: one that belongs to asking, any other, a pair of neighbours.
ASKING, PLAIN, PAIR = 0.15, 1.0, 0.6

# What belongs to the question and not to the thing asked about, folded. Phrases go first, because single syllables
# collide without their marks: "hồ sơ" goes, "hộ" (kinh doanh) stays.
_QUESTION_PHRASES = re.compile(
    r"\b(?:mat bao (?:lau|nhieu)|mat may (?:ngay|buoi|tien)|ho so|giay to|thu tuc hanh chinh|thu tuc|le phi"
    r"|quay lai|nhu the nao|the nao|het bao nhieu|het nhieu tien|nhieu tien|bao nhieu"
    r"|bao lau|chuan bi|huong dan|quy trinh|o dau|cho nao|khi nao|tai sao|lam sao|lam gi"
    r"|dau tien|thoi gian|vui long|cam on|cho hoi|can gi|nhung gi|may ngay|truc tuyen|online|qua mang|tren mang"
    r"|xin chao|cho em|cho toi|giay gi|hoi chut|tu van|phai khong|duoc khong|co can|co phai|dung khong)\b"
)
_QUESTION_WORDS = frozenset(
    """toi tui minh em anh chi co chu bac ba chau cua cho voi va hoac thi la ma nay do kia nhe nha a ah u uh da vang
    oi xin hoi muon can phai nen duoc khong chua gi nao sao dau luc lam di den ve o tai mot cac nhung giup biet noi
    nghe phi tien lau nop mang nhu vay roi them nua qua rat moi se ai nguoi ta khoang gom xong gio um alo ad admin
    shop chao hay nhan dum bay tinh chung the bi giay con nho lay ra vo tren""".split()
)

# What any procedure has: its conditions, its steps, its office, its forms. "Đủ điều kiện chưa", "giải quyết bao lâu"
# and "mẫu tờ khai đâu" ask about one that was named before, though many official names hold these words too.
_OF_ANY = re.compile(
    r"\b(?:(?:du )?dieu kien|yeu cau|doi tuong|ap dung|trinh tu|thuc hien|cach thuc|giai quyet|ket qua|co quan|don vi"
    r"|tham quyen|trung tam|cong an|uy ban(?: nhan dan)?|(?:giay )?uy quyen|to khai|mau(?: don| so)?|bieu mau|don|luat"
    r"|nghi dinh|thong tu|dieu luat|phap ly|phap luat|can cu|co so phap ly|van ban|quy dinh|cong bo|photo|cong chung"
    r"|ban (?:chinh|goc|sao)|khac nhau|giong nhau|ton(?: kem)?|mat tien|mien(?: giam)?|giam|tien mat|chuyen khoan"
    r"|thoi han|han|ngay|tuan|thang|nam|tuoi|sang|trua|chieu|nhanh|cham|lien|dang ky|dien thoai|may tinh|internet"
    r"|dich than|dem|theo|cam|dua|truong hop|hoan canh|(?:thuoc )?dien|ban oi|(?:vay|oi|nha|nhe|a|ha) ban)\b"
)


def names_something(text: str) -> bool:
    """Return whether any word of `text` may name a procedure: not when all of them ask about whatever was named."""
    return any(word.isalpha() for word in content_words(_OF_ANY.sub(" ", spelled(text))))


def marked_words(text: str) -> frozenset[str]:
    """Return the words of `text` that were typed with tone marks: "nhà" is not "nhã"."""
    return frozenset(word for word in text.lower().split() if not word.isascii() and word.isalpha())


@lru_cache(maxsize=20_000)
def terms(text: str) -> tuple[tuple[str, float], ...]:
    """Return the words of `text` and their pairs, each once, with how much it counts."""
    named = _same_words(spelled(text))
    found: dict[str, float] = {}
    words = _QUESTION_PHRASES.sub(" | ", named).split()
    for word in words:
        if word.isalnum():
            found.setdefault(word, ASKING if word in _QUESTION_WORDS else PLAIN)
    # Pairs hold the order: "khai sinh" is not "sinh khai".
    for a, b in pairwise(words):
        if a.isalnum() and b.isalnum():
            common = (a in _QUESTION_WORDS) + (b in _QUESTION_WORDS)
            if common < 2:
                found.setdefault(f"{a} {b}", PAIR if not common else PAIR / 2)
    return tuple(found.items())


@lru_cache(maxsize=20_000)
def spelled(text: str) -> str:
    """Return `text` as names are compared: normalised, but a short number stays itself ("lớp 8", "cấp 2")."""
    return " ".join(s.text if s.text.isdigit() and len(s.text) <= _SHORT_NUMBER else s.normal for s in syllables(text))


def in_a_row(text: str) -> str:
    """Return the words of `text` that say what is meant, as they follow each other, for "does a name say this?"."""
    return " ".join(word for word in _same_words(spelled(text)).split() if word.isalnum())


def content_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` that say what is meant, and not only that something is asked."""
    return tuple(term for term, count in terms(text) if count == PLAIN and term.isalpha())


def _same_words(normal: str) -> str:
    """Return `normal` with the words that mean the same written as one."""
    pattern, table = _synonyms()
    normal = normal.replace(" , ", " ")
    return pattern.sub(lambda match: table[match[0]], normal)


@lru_cache(maxsize=1)
def _synonyms(path: Path = CONTENT / "synonyms.yml") -> tuple[re.Pattern[str], dict[str, str]]:
    rows: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    table = {spelled(word): spelled(one) for one, others in rows.items() for word in others}
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), table
