"""Reading names, which have no fixed form, and who stands in for whom."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from bot.normalise import normal_text
from bot.pickups.form.reading import without_phones
from bot.pickups.form.talk import is_question, without_denied
from bot.settings import CONTENT
from bot.text import clean, fold

_LONGEST_NAME, _MOST_WORDS = 60, 7
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PARTS = re.compile(r"[,;:!?()\n]+|\.(?=\s|$)|\s-\s")
# Words that fill short answers but no name; a name in capitals, or after a family name, may hold them ("trần thị mai").
_NO_NAME_WORDS = frozenset(
    """
    khong ko k hong co dung sai roi ok oke vang da um uh thoi huy nham sua doi cam on hello alo chao ngay gio buoi
    sang chieu mai hom nay hoi phi cuoc tien nhan vien gap giup sao gi dau nao mot minh tu xa phuong duong thon
    chua biet duoc de lai muon can se dang vua bi cho thi ma nhung vi neu khi luc truoc sau nha so dien thoai dia chi
    ai cung deu moi van con lam di den toi lay giao gui mang dem ve tra cai do nay kia day ay voi cua nguoi khac
    goi nhe nha nghe luon ho cac nhung thay giay hen ten la em anh chi ghi nho khoi truc tiep tay hang xom vo chong ngoai noi ban y
    dong duyet chinh chu minh dua gium dum hay xiu chut
    """.split()
)
# "quỳnh giao" is a name, "đặt giao về nhà" is none: single words do not tell.
_NO_NAME = re.compile(
    r"\b(?:ve nha|tan nha|dat giao|dat lich|giao ve|ket qua|ho so|giay to|buu dien|buu ta|so dien thoai|can cuoc|khai sinh"
    r"|hon nhan|ho kinh doanh|tu nhan|chinh chu|buoi sang|buoi chieu|o nha|nhan vien|khi nhan|tra truoc|thi tran|khong dat|dong y|lam dong)\b"
)
_PLACE_FIRST = frozenset("xa phuong thon duong tinh huyen hem ap buon so to khu xom ngo pho quan".split())
_PLACE_MARKED = frozenset("xã phường thôn đường tỉnh huyện hẻm ấp buôn số tổ khu xóm ngõ phố quận".split())

_SELF = "toi|tui|em|minh|con|anh|chi|bac|co|chu|ba|ong|chau|e|m|t|a|c|tao|to"
_KIN = (
    "vo|chong|con (?:trai|gai|re|dau|nho)|con|em (?:trai|gai|re|dau|ho)|em|anh (?:trai|re|ho|hai|ba|ca)|anh|chi (?:gai|dau|ho|hai|ba)|chi"
    "|me (?:vo|chong)|me|ma|ba (?:noi|ngoai|xa)|ba|bo|cha|tia|ong (?:noi|ngoai|xa)|ong|chau (?:trai|gai|noi|ngoai)|chau"
    "|co|di|cau|mo|thim|chu|bac|duong|hang xom|nguoi nha|nguoi quen|ban (?:than|hoc|cung lop)?|ban|dong nghiep|nhan vien|ke toan|thang (?:con|em|chau|nho)"
    "|dua (?:con|em|chau)|be|bao ve|chu nha|nguoi lam"
)
# Family names beyond those that understanding has learned with: rarer ones, and more of the peoples of the province.
_RARER = """
    Ân An Bạch Biện Bồ Cái Cấn Chế Danh Đái Điền Đổng Giả Giản Giáp Hàn Kha Khương Khưu Lã Liễu Liêu Lục Lư Lữ Lỗ Mã Ngụy
    Nguỵ Nhan Nhâm Nhiêu Phó Quản Sử Thân Thẩm Thang Thi Tiết Trầm Trình Uông Vạn Đắc Đới Mầu Vòng Voòng Sú Chíu Sần Chí
    Krajan Bonyo Rơông Dơng Gur Dagout Touprong Toprong Kon Cing Niê Êban Mlô Byă Kbuôr Kpă Nay Ksor Siu Rah Rmah Lưu Kră Bơ Ntơr Tơ
"""
# Before a name, at the beginning of what is left once the lead is gone.
_TITLES = re.compile(
    rf"^(?:(?:da|a|u|vang|ok|thua|nguoi do|do|no|nguoi|ten|la|o|co|thi)\b[ ,]*|(?:{_KIN}|{_SELF})(?: (?:cua|ruot))?(?: (?:{_SELF}|no|day))?(?: (?:ten|la|ten la))?\b[ ,]+)+"
)
_LEAD = re.compile(
    rf"\b(?:ten|la|ghi|dung ten|cho|nho|giao|gui|de|can cuoc|nguoi nhan|nguoi giao|nguoi nop|nguoi gui|goi|ho ten|ho va ten|{_KIN}|{_SELF})\b[ :]+"
)
_TAIL = re.compile(
    r"[ ,]+(?:(?:nha|nhe|nghe|nghen|nhen|hen|a)(?: (?:em|c|a|chi|anh|ban|con|chau|b|ad|co|chu|bac))?|luon|ne|do|day|vay|giup(?: em| toi| minh| tui| voi)?|gium(?: em| toi)?|dum(?: em| toi)?|ho|em oi|chi oi|anh oi"
    r"|(?:nhan|giao|dua|lay|nop|gui|ky|di|lam)(?: ho so| giay to| giay| ket qua)? (?:thay|gium|dum|giup|ho|luon)(?: (?:toi|em|minh|tui|cho toi|cho em|ho))?|thay|dung ten)[ .!]*$"
)
# Alone it may end a name ("thanh nhàn"); not where kin is spoken of ("vợ tôi … nhận").
_BARE_TAIL = re.compile(r"[ ,]+(?:nhan|giao|dua|lay|nop|ky)[ .!]*$")
_OF_KIN = re.compile(rf"\bnho\b|\b(?:{_KIN}) (?:{_SELF})\b")
_STOP = re.compile(
    r"\b(?:sdt|so dien thoai|so dt|dien thoai|dt|so|o|tai|dc|dia chi|muon|can|nho|nha o|nhan (?:thay|gium|dum|giup|ho so|ho|ket qua|giay|tai|hang)|giao (?:thay|gium|dum|giup|ho)"
    r"|dua (?:thay|gium|dum|giup|ho)|nha|nhe|va|voi|buu|gui|ngu o|xin|lay|ghi|giup|gium|dum)\b"
)
_SAID_NAME = re.compile(
    rf"\b(?:ho (?:va )?ten|ten|nguoi (?:nhan|giao|nop|gui)(?: ho so)?|dung ten|(?<!khong )(?:{_SELF}) la|la)\b(?: (?:{_SELF}|nguoi nhan|nguoi giao))?(?: la| ten|:)?[ :]+"
)

# --- who stands in ---

_HELPS = r"(?:nhan|giao|dua|nop|lay|ky|gui|di|lam|cam|trao)"
_FOR = r"(?:thay|gium|dum|giup|ho|dai dien|luon|nghen|nha)"
_STANDS_IN = re.compile(
    rf"\b(?:nho|de|cho|co|giao cho|uy quyen(?: cho)?|la) (?:{_KIN})\b|\b(?:{_KIN})(?: ruot)?(?: (?:{_SELF}|no))(?: [^,.;]{{0,40}}?)? {_HELPS}\b"
    rf"|\b{_HELPS}(?: \w+){{0,3}}? (?:thay|gium|dum|ho)\b|\b(?:nho|uy quyen)\b|\bnguoi (?:khac|nha|quen|than)\b|\bthay (?:mat )?(?:{_SELF})\b"
    rf"|\b(?:{_KIN}) (?:toi|tui|minh|em|con|chau|anh|chi|bac|chu|co|e)(?: (?:a|nha|do|oi|luon))*[ .]*$"
)
_SURE_KIN = rf"(?:(?:{_KIN}) (?:toi|tui|minh|em|con|chau|anh|chi|ba|bac|chu|co|ong|e|m)|vo|chong|con (?:trai|gai|re|dau)|em (?:trai|gai)|anh trai|chi gai|hang xom|nguoi nha)"
_SURELY_STANDS_IN = re.compile(
    rf"\b{_SURE_KIN}\b[^.;]{{0,50}}?\b{_HELPS}(?: \w+){{0,3}}? (?:thay|gium|dum|giup|ho)\b|\b(?:nho|de|cho) {_SURE_KIN}\b[^.;]{{0,50}}?\b{_HELPS}\b"
    rf"|\b(?:nguoi (?:nhan|giao|lam|di) thay|uy quyen cho|nho (?:them )?nguoi|nhan thay|giao thay|dua thay|nop thay)\b"
)


@lru_cache(maxsize=1)
def _surnames() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the family names as written, without marks, and the middle names without marks."""
    content = yaml.safe_load((CONTENT / "name_words.yml").read_text(encoding="utf-8"))
    written = frozenset(name.lower() for name in f"{content['surnames']} {_RARER}".split())
    return written, frozenset(map(fold, written)), frozenset(fold(name) for name in content["middle"].split())


def name(text: str, *, asked: bool = True) -> str | None:
    """Return the person's name in an answer, or None when nothing looks like one.

    Leads ("em tên", "ghi tên trên căn cước là"), kin ("vợ tôi là"), and what follows ("nhận thay nha") are left
    out. Unless a name was `asked` for, it must be announced.
    """
    found = without_phones(clean(without_denied(text))).strip()
    if not found or is_question(found) or len(found.split()) > 40:
        return None
    if not asked:
        return said_name(text)
    pieces = [piece.strip() for piece in _PARTS.split(found) if piece.strip()]
    names = []
    for piece in pieces:
        piece = re.split(r"\d", piece, maxsplit=1)[0].strip()
        names += [_capitals(piece) or _plain(piece, sure=False, alone=len(pieces) == 1)]
    likely = [each for each in names if each]
    return next((each for each in likely if _has_surname(each.split(), each)), likely[0] if likely else said_name(text))


def said_name(text: str) -> str | None:
    """Return the name that a longer text announces: "em tên …", "người nhận là …"."""
    found = without_phones(clean(without_denied(text)))
    for lead in _SAID_NAME.finditer(_key(found)):
        rest = re.split(r"\d", _PARTS.split(found[lead.end() :], maxsplit=1)[0], maxsplit=1)[0].strip()
        rest = _without_titles(rest)
        if name := _capitals(rest) or _run(rest):
            return name
    return None


def is_sure_name(text: str) -> bool:
    """Tell whether the whole text is a name beyond doubt: it begins with a family name, or is written in capitals."""
    tokens = _TOKEN.findall(text)
    return bool(tokens) and (_has_surname(tokens, text) or (len(tokens) > 1 and all(part[0].isupper() for part in tokens)))


def stands_in(text: str, *, sure: bool = False) -> bool:
    """Tell whether the text speaks of somebody who stands in; `sure` when it was not asked for."""
    plain = normal_text(text)
    if re.search(r"\b(?:khong|khoi|chang|chua)(?: (?:can|co|phai|muon))* (?:nho|uy quyen|ai|nguoi|thay)\b", plain):
        return False
    return bool((_SURELY_STANDS_IN if sure else _STANDS_IN).search(plain))


def _capitals(piece: str) -> str | None:
    """Return the name among words that are not all capitalised: the run of capitals."""
    tokens = list(_TOKEN.finditer(piece))
    upper = [token[0][0].isupper() for token in tokens]
    if not any(upper) or piece.isupper() or (all(upper) and len(tokens) > 1):
        return _plain(piece, sure=True) if tokens and all(upper) and not piece.isupper() else None
    runs: list[list[re.Match[str]]] = [[]]
    for token, big in zip(tokens, upper, strict=True):
        joined = runs[-1] and piece[runs[-1][-1].end() : token.start()].strip() == ""
        if big and joined:
            runs[-1].append(token)
        elif big and piece[: token.start()].lower().split()[-1:] and piece[: token.start()].lower().split()[-1] in _PLACE_MARKED:
            runs += [[], []]  # "phường Lâm Viên"
        elif big:
            runs.append([token])
        else:
            runs.append([])
    names = []
    for run in runs:
        words = [token[0] for token in run]
        while len(words) > 1 and re.fullmatch(rf"{_KIN}|{_SELF}|da|ten|la|nguoi", fold(words[0])) and not _has_surname(words, piece):
            words = words[1:]
        if (len(words) > 1 and words[0].lower() not in _PLACE_MARKED and fold(words[0]) not in ("thi tran",)) or (
            len(words) == 1 and re.match(r"[kyh]['’]\w", fold(words[0]))
        ):
            names.append(words)
    if not names:
        return None
    best = next((words for words in names if _has_surname(words, piece)), names[0])
    return _checked(" ".join(best))


def _plain(piece: str, *, sure: bool, alone: bool = True) -> str | None:
    """Return the name in words of one case: all small, or all capitals."""
    tries = [piece, *(piece[lead.end() :] for lead in _LEAD.finditer(_key(piece)))]
    found, of_kin = None, bool(_OF_KIN.search(_key(piece)))
    for number, start in enumerate(tries):
        rest = _without_tail(_without_titles(start.strip(" .")), bare=of_kin)
        tokens = _TOKEN.findall(rest)
        if not tokens or not re.fullmatch(r"[^\W\d_]+(?:['’ -]+[^\W\d_]+)*", rest):
            continue
        if _has_surname(tokens, piece) and len(tokens) > 1:
            return _checked(rest)
        announced = number == 0 or re.search(r"\b(?:ten|la)[ :]+$", _key(piece[: len(piece) - len(start)]))
        whole = found is None and announced and len(tokens) > 1 and (sure or (alone and not _NO_NAME_WORDS.intersection(map(fold, tokens))))
        found = rest if whole or re.fullmatch(r"[kyh]['’]\w+", fold(rest)) else found
    return _checked(found) if found else None


def _run(rest: str) -> str | None:
    """Return the name at the beginning of a longer text in small letters; it must have a family name."""
    stop = _STOP.search(fold(rest))
    while stop and stop.start() < 2:  # "ho thi …", "o": part of the name itself
        stop = _STOP.search(fold(rest), stop.end())
    for end in (stop.start() if stop else len(rest), len(rest)):
        tokens = _TOKEN.findall(_without_tail(rest[:end].strip()))[:_MOST_WORDS]
        if 1 < len(tokens) <= 5 and fold(tokens[-1]) not in ("thi", "van") and _has_surname(tokens, rest):
            return _checked(" ".join(tokens))
    return None


def _has_surname(tokens: list[str], text: str) -> bool:
    """Tell whether the first word is a family name; marks count where the writer uses them."""
    written, folded, middle = _surnames()
    first, second = tokens[0].lower(), fold(tokens[1]) if len(tokens) > 1 else ""
    if re.match(r"[kyh]['’]\w", fold(first)) or (second in ("thi", "van") and len(tokens) > 2):
        return True
    if len(tokens) < 2:
        return False
    marked = not text.isascii()
    if first not in written if marked else first not in folded:
        return False
    if re.fullmatch(rf"{_KIN}|{_SELF}", _key(tokens[0])):
        return second in middle or len(tokens) > 3
    everyday = fold(first) in _NO_NAME_WORDS
    return not everyday or second in middle or (marked and not first.isascii() and len(tokens) > 2)


def _without_titles(text: str) -> str:
    """Return `text` without "dạ", "vợ tôi là", "anh" at its beginning; "chu van an" keeps its family name."""
    match = _TITLES.match(_key(text))
    if not match:
        return text
    rest = text[match.end() :].strip()
    tokens = _TOKEN.findall(text)
    if len(tokens) > 2 and (fold(tokens[1]) in ("thi", "van") or (fold(tokens[0]) in ("to", "do", "la") and _has_surname(tokens, text))):
        return text
    return rest if _TOKEN.search(rest) else text


def _without_tail(text: str, *, bare: bool = False) -> str:
    """Return `text` without "nha em", "nhận thay" at its end; capitals there belong to the name."""
    while match := _TAIL.search(fold(text)) or (_BARE_TAIL.search(fold(text)) if bare else None):
        tail = text[match.start() :].strip(" ,")
        rest = text[: match.start()].rstrip(" ,.")
        words = fold(rest).split()
        if (tail[:1].isupper() and not text.isupper()) or not words or words[-1] in ("thi", "van"):
            break
        marked = {"nhã", "á", "hồ", "hộ", "nhàn", "nhân", "giáo", "thầy", "đỗ", "đô", "né", "hến", "ký", "kỳ"}
        if tail.lower() in marked - {"á", "hộ", "ký"} or len(words) < 2:
            break
        text = rest
    return text


def _key(text: str) -> str:
    """Return `text` folded, but with family names made unlike the words they fold to: "lã" is no "là", "võ" no "vợ"."""
    written, _, _ = _surnames()
    key = list(fold(text))
    for token in _TOKEN.finditer(text):
        said = token[0].lower()
        if not said.isascii() and said in written and said not in ("ông", "bố", "từ"):
            key[token.start()] = "@"
    return "".join(key)


def _checked(found: str) -> str | None:
    """Return the name tidied, or None when it cannot be one."""
    found = found.strip(" .,!:-")
    words = fold(found).split()
    if len(found) > _LONGEST_NAME or len(words) > _MOST_WORDS or _NO_NAME.search(fold(found)):
        return None
    if words[0] in _PLACE_FIRST and (found.split()[0].lower() in _PLACE_MARKED or found.isascii()) and words[1:2] not in (["thi"], ["van"]):
        return None
    mixed = any(char.isupper() for char in found) and not found.isupper()
    return found if mixed else found.title()
