"""The family names of the peoples of the province, told from the everyday words that are written alike."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from bot.pickups.form.kin import KIN, SELF
from bot.settings import CONTENT
from bot.text import fold

TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Words that fill short answers but no name; a name in capitals, or after a family name, may hold them ("trần thị mai").
NO_NAME_WORDS = frozenset(
    """
    khong ko k hong co dung sai roi ok oke vang da um uh thoi huy nham sua doi cam on hello alo chao ngay gio buoi
    sang chieu mai hom nay hoi phi cuoc tien nhan vien gap giup sao gi dau nao mot minh tu xa phuong duong thon
    chua biet duoc de lai muon can se dang vua bi cho thi ma nhung vi neu khi luc truoc sau nha so dien thoai dia chi
    ai cung deu moi van con lam di den toi lay giao gui mang dem ve tra cai do nay kia day ay voi cua nguoi khac
    goi nhe nha nghe luon ho cac nhung thay giay hen ten la em anh chi ghi nho khoi truc tiep tay hang xom vo chong
    ngoai
    noi ban y
    dong duyet chinh chu minh dua gium dum hay xiu chut
    """.split()
)
_NO_SURNAMES = frozenset("toi tui em minh no ai ten thi vay nguoi va".split())  # "tôi thì …", "em vẫn …"
# Family names beyond those that understanding has learned with: rarer ones, and more of the peoples of the province.
_RARER = """
    Ân An Bạch Biện Bồ Cái Cấn Chế Danh Đái Điền Đổng Giả Giản Giáp Hàn Kha Khương Khưu Lã Liễu Liêu Lục Lư Lữ Lỗ Mã
    Ngụy
    Nguỵ Nhan Nhâm Nhiêu Phó Quản Sử Thân Thẩm Thang Thi Tiết Trầm Trình Uông Vạn Đắc Đới Mầu Vòng Voòng Sú
    Chíu Sần Chí
    Krajan Bonyo Rơông Dơng Gur Dagout Touprong Toprong Kon Cing Niê Êban Mlô Byă Kbuôr Kpă Nay Ksor Siu Rah Rmah Lưu
    Kră Bơ Ntơr Tơ Đa Giàng Vàng Thào Sùng Hầu
"""


@lru_cache(maxsize=1)
def _surnames() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the family names as written, without marks, and the middle names without marks."""
    content = yaml.safe_load((CONTENT / "name_words.yml").read_text(encoding="utf-8"))
    written = frozenset(name.lower() for name in f"{content['surnames']} {_RARER}".split())
    return written, frozenset(map(fold, written)), frozenset(fold(name) for name in content["middle"].split())


def has_surname(tokens: list[str], text: str) -> bool:
    """Tell whether the first word is a family name; marks count where the writer uses them."""
    written, folded, middle = _surnames()
    first, second = tokens[0].lower(), fold(tokens[1]) if len(tokens) > 1 else ""
    if re.match(r"[kyh]['’]\w", fold(first)):
        return True
    if second in ("thi", "van") and len(tokens) > 2:
        return fold(first) not in _NO_SURNAMES
    if len(tokens) < 2:
        return False
    if first == "y" and (tokens[0].isupper() or not NO_NAME_WORDS.intersection(map(fold, tokens[1:]))):
        return True  # "Y Moan", of the Ê-đê
    # "Thị Mai", "Ha Biên", "Đa Cát": of the M'Nông and K'Ho, beside the everyday "thì", "hả", "dạ".
    if first in ("đa", "thị") or (first in ("ka", "ha") and tokens[0][0].isupper()):
        return second not in ("tran", "xa")
    marked = not text.isascii()
    if first not in written if marked else first not in folded:
        return False
    if re.fullmatch(rf"{KIN}|{SELF}", key(tokens[0])):
        return _follows_family_name([fold(token) for token in tokens[1:]], middle)
    everyday = fold(first) in NO_NAME_WORDS
    return not everyday or second in middle or (marked and not first.isascii() and len(tokens) > 2)


def _follows_family_name(rest: list[str], middle: frozenset[str]) -> bool:
    """Tell "vo minh tam", "duong khanh linh dan" from "vo minh", "bo minh tu", "chi dua tan tay"."""
    everyday = [bool(re.fullmatch(rf"{KIN}|{SELF}", word)) or word in NO_NAME_WORDS for word in rest]
    if len(rest) > 2 and not any(everyday):
        return True
    return rest[0] in middle and (not everyday[0] or (len(rest) > 1 and not any(everyday[1:])))


def is_name_like_title(tokens: list[str], text: str) -> bool:
    """Tell whether words that begin like a title are a name all the same: "chu van an", "do quang gao"."""
    _, _, middle = _surnames()
    first, second = fold(tokens[0]), fold(tokens[1])
    if second in ("thi", "van"):
        return True
    if first == "la" and (second not in middle or re.fullmatch(rf"{KIN}|{SELF}", second)):
        return False  # "là anh trai em"
    return has_surname(tokens, text)


def key(text: str) -> str:
    """Return `text` folded, but with family names made unlike the words they fold to: "lã" is no "là", "võ" no "vợ"."""
    written, _, _ = _surnames()
    folded = list(fold(text))
    for token in TOKEN.finditer(text):
        said = token[0].lower()
        if not said.isascii() and said in written and said not in ("ông", "bố", "từ"):
            folded[token.start()] = "@"
    return "".join(folded)
