"""Reading names, which have no fixed form."""

from __future__ import annotations

import re
from itertools import islice

from bot.pickups.form.corrections import without_denied
from bot.pickups.form.family_names import NO_NAME_WORDS, TOKEN, has_surname, is_name_like_title, key
from bot.pickups.form.kin import KIN, SELF
from bot.pickups.form.reading import without_phones
from bot.pickups.form.talk import is_question
from bot.text import clean, fold

_LONGEST_NAME, _MOST_WORDS = 60, 7
_NEAR, _MOST_LEADS = 200, 40  # letters around a lead that count, and leads of one message
_PARTS = re.compile(r"[,;:!?()\n]+|\.(?=\s|$)|\s-\s")
# "quỳnh giao" is a name, "đặt giao về nhà" is none: single words do not tell.
_NO_NAME = re.compile(
    r"\b(?:ve nha|tan nha|dat giao|dat lich|giao ve|ket qua|ho so|giay to|buu dien|buu ta|so dien thoai|can cuoc"
    r"|khai sinh"
    r"|hon nhan|ho kinh doanh|tu nhan|chinh chu|buoi sang|buoi chieu|o nha|nhan vien|khi nhan|tra truoc|thi tran"
    r"|khong dat|dong y|lam dong|phi (?:ship|giao|van|dich|gui)|le phi|cuoc phi)\b"
)
_PLACE_FIRST = frozenset("xa phuong thon duong tinh huyen hem ap buon so to khu xom ngo pho quan".split())
_PLACE_MARKED = frozenset("xã phường thôn đường tỉnh huyện hẻm ấp buôn số tổ khu xóm ngõ phố quận".split())

# Before a name, at the beginning of what is left once the lead is gone.
_TITLE = re.compile(
    rf"(?:da|a|u|vang|ok|thua|nguoi do|do|no|nguoi|ten|day du|la|o|co|thi)\b[ ,]*|(?:{KIN}|{SELF})(?: (?:cua|ruot))?"
    rf"(?: (?:{SELF}|no|day))?\b[ ,]+"
)
_LEAD = re.compile(
    rf"\b(?:ten|la|ghi|dung ten|cho|nho|giao|gui|de|can cuoc|nguoi nhan|nguoi giao|nguoi nop|nguoi gui|goi|ho ten"
    rf"|ho va ten|{KIN}|{SELF})\b[ :]+"
)
_TAIL = re.compile(
    r"[ ,]+(?:(?:con|vo|chong|me|ma|em|cha|bo) (?:minh|toi|tui|em|con)"
    r"|(?:nha|nhe|nghe|nghen|nhen|hen|a)(?: (?:em|c|a|chi|anh|ban|con|chau|b|ad|co|chu|bac))?|luon|ne|do|day"
    r"|vay|(?:giup|gium|dum)(?: (?:em|toi|minh|tui|voi|mik|mk|m|ban|anh|co|bac))?|ho|em oi|chi oi|anh oi"
    r"|(?:nhan|giao|dua|lay|nop|gui|ky|di|lam)(?: ho so| giay to| giay| ket qua)? (?:thay|gium|dum|giup|ho"
    r"|luon)(?: (?:toi|em|minh|tui|cho toi|cho em|ho))?|thay|dung ten)[ .!]*$"
)
# Alone it may end a name ("thanh nhàn"); not where kin is spoken of ("vợ tôi … nhận").
_BARE_TAIL = re.compile(r"[ ,]+(?:nhan|giao|dua|lay|nop|ky)[ .!]*$")
_OF_KIN = re.compile(rf"\bnho\b|\b(?:{KIN}) (?:{SELF})\b")
_ONCE = re.compile(r"\b(?:truoc|truoc day|hoi truoc|xua|cu|ten cu|gio|bay gio|nay)(?: (?:do|kia|goi|ten|thi))* *$")
# Weaker: then a family name must follow, in capitals.
_TO_WHOM = re.compile(r"\b(?:cho|lien he|gap)[ :]+")
_ANYBODY = rf"\b(?:{KIN}|{SELF})\b"
_STOP = re.compile(
    r"\b(?:sdt|so dien thoai|so dt|dien thoai|dt|so|o|tai|dc|dia chi|muon|can|nho|nha o|nhan (?:thay|gium|dum|giup"
    r"|ho so|ho|ket qua|giay|tai|hang)|giao (?:thay|gium|dum|giup|ho)"
    r"|dua (?:thay|gium|dum|giup|ho)|nha|nhe|va|voi|buu|gui|ngu o|xin|lay|ghi|giup|gium|dum)\b"
)
_SAID_NAME = re.compile(
    rf"\b(?:ho (?:va )?ten|ten|nguoi (?:nhan|giao|nop|gui)(?: ho so)?|dung ten|(?<!khong )(?:{SELF}) la"
    rf"|la)\b(?: (?:{SELF}|nguoi nhan|nguoi giao))?(?: la| ten|:)?[ :]+"
)


def name(text: str) -> str | None:
    """Return the person's name in an answer, or None when nothing looks like one.

    Leads ("em tên", "ghi tên trên căn cước là"), kin ("vợ tôi là"), and what follows ("nhận thay nha") are left
    out.
    """
    found = without_phones(clean(without_denied(text))).strip()
    if not found or is_question(found) or len(found.split()) > 40:
        return None
    pieces = [piece.strip() for piece in _PARTS.split(found) if piece.strip()]
    names, written = [], []
    for piece in pieces:
        piece = re.split(r"\d", piece, maxsplit=1)[0].strip()
        written += [_capitals(piece)]
        names += [written[-1] or _plain(piece, sure=False, alone=len(pieces) == 1)]
    if sure := next((each for each in written if each and has_surname(each.split(), each)), None):
        return sure  # "văn thư cơ quan, cô Trương Thị Lan Chi"
    likely = [each for each in names if each]
    if len(pieces) > 1 and not any(each != each.lower() for each in pieces) and (told := _told(pieces)):
        return told
    return next((each for each in likely if has_surname(each.split(), each)), likely[0] if likely else said_name(text))


_TOLD = re.compile(r"(?:.* )?(?:ho )?ten(?: (?:la|cua no|no))? ")


def _told(pieces: list[str]) -> str | None:
    """Return the name in small letters that one of several parts tells by a "tên": "chú sáu nhận, tên từ hải sâm"."""
    for piece in pieces:
        lead = _TOLD.match(key(piece))
        rest = _without_tail(piece[lead.end() :].strip(" .")) if lead else ""
        tokens = TOKEN.findall(rest)
        ordinary = NO_NAME_WORDS.intersection(map(fold, tokens[1:]))
        if 1 < len(tokens) <= 5 and not ordinary and re.fullmatch(r"[^\W\d_]+(?:['’ -]+[^\W\d_]+)*", rest):
            return _checked(rest)
    return None


def said_name(text: str) -> str | None:
    """Return the name that a longer text announces: "em tên …", "người nhận là …"."""
    found = without_phones(clean(without_denied(text)))
    folded = key(found)
    for lead in islice(_SAID_NAME.finditer(folded), _MOST_LEADS):
        if _ONCE.search(folded[max(0, lead.start() - _NEAR) : lead.start()]):
            continue  # "trước là Phước Cát": a place of old
        rest = _without_titles(_behind(found, lead))
        if name := _capitals(rest) or _run(rest):
            return name
    for lead in islice(_TO_WHOM.finditer(folded), _MOST_LEADS):
        name = _capitals(_behind(found, lead))
        if name and has_surname(name.split(), name):
            return name
    return None


def _behind(text: str, lead: re.Match[str]) -> str:
    """Return what follows a lead, up to the next sign or digit: a name stands near, and a message may be all leads."""
    near = text[lead.end() : lead.end() + _NEAR]
    return re.split(r"\d", _PARTS.split(near, maxsplit=1)[0], maxsplit=1)[0].strip()


def begins_with_family_name(text: str) -> bool:
    """Tell whether a name begins with a family name."""
    tokens = TOKEN.findall(text)
    return bool(tokens) and has_surname(tokens, text)


def is_sure_name(text: str) -> bool:
    """Tell whether the whole text is a name beyond doubt: it begins with a family name, or is written in capitals."""
    tokens = TOKEN.findall(text)
    return begins_with_family_name(text) or (len(tokens) > 1 and all(part[0].isupper() for part in tokens))


def _capitals(piece: str) -> str | None:
    """Return the name among words that are not all capitalised: the run of capitals."""
    tokens = list(TOKEN.finditer(piece))
    upper = [token[0][0].isupper() for token in tokens]
    if not any(upper) or piece.isupper() or (all(upper) and len(tokens) > 1):
        return _plain(piece, sure=True) if tokens and all(upper) and not piece.isupper() else None
    runs: list[list[re.Match[str]]] = [[]]
    for token, big in zip(tokens, upper, strict=True):
        joined = runs[-1] and piece[runs[-1][-1].end() : token.start()].strip() == ""
        if big and joined:
            runs[-1].append(token)
        elif (
            big
            and piece[: token.start()].lower().split()[-1:]
            and piece[: token.start()].lower().split()[-1] in _PLACE_MARKED
        ):
            runs += [[], []]  # "phường Lâm Viên"
        elif big:
            runs.append([token])
        else:
            runs.append([])
    names = []
    for run in runs:
        words = [token[0] for token in run]
        while (
            len(words) > 1
            and re.fullmatch(rf"{KIN}|{SELF}|da|ten|la|nguoi", fold(words[0]))
            and not has_surname(words, piece)
        ):
            words = words[1:]
        if (len(words) > 1 and words[0].lower() not in _PLACE_MARKED and fold(words[0]) not in ("thi tran",)) or (
            len(words) == 1 and re.match(r"[kyh]['’]\w", fold(words[0]))
        ):
            names.append(words)
    if not names:
        return None
    best = next((words for words in names if has_surname(words, piece)), names[0])
    return _checked(" ".join(best))


def _plain(piece: str, *, sure: bool, alone: bool = True) -> str | None:
    """Return the name in words of one case: all small, or all capitals."""
    tries = [piece, *(piece[lead.end() :] for lead in _LEAD.finditer(key(piece)))]
    found, of_kin = None, bool(_OF_KIN.search(key(piece)))
    for number, start in enumerate(tries):
        rest = _without_tail(_without_titles(start.strip(" ."), told=number > 0), bare=of_kin)
        tokens = TOKEN.findall(rest)
        if not tokens or not re.fullmatch(r"[^\W\d_]+(?:['’ -]+[^\W\d_]+)*", rest):
            continue
        if has_surname(tokens, piece) and len(tokens) > 1 and not _is_sentence(tokens):
            return _checked(rest)
        before = key(piece[: piece.find(rest)])  # without a family name only "tên", "là" announce one: not "mình tui …"
        announced = re.search(r"\b(?:ten|la|ghi)\b", before) or (number == 0 and not re.search(_ANYBODY, before))
        whole = (
            found is None
            and announced
            and len(tokens) > 1
            and (sure or (alone and not NO_NAME_WORDS.intersection(map(fold, tokens[len(tokens) > 2 :]))))
        )
        found = rest if whole or re.fullmatch(r"[kyh]['’]\w+", fold(rest)) else found
    return _checked(found) if found else None


def _is_sentence(tokens: list[str]) -> bool:
    """Tell whether words that begin with a family name are a sentence: "cái số đó cô cho cháu rồi"."""
    rest = " ".join(map(fold, tokens[1:]))
    kin = re.fullmatch(rf"(?:{KIN})(?: (?:{SELF}))?", rest) and len(tokens) > 2
    given = tokens[2:] if fold(tokens[1]) in ("thi", "van") else tokens[1:]
    return bool(kin) or sum(fold(token) in NO_NAME_WORDS for token in given) > 2


def _run(rest: str) -> str | None:
    """Return the name at the beginning of a longer text in small letters; it must have a family name."""
    stop = _STOP.search(fold(rest))
    while stop and stop.start() < 2:  # "ho thi …", "o": part of the name itself
        stop = _STOP.search(fold(rest), stop.end())
    for end in (stop.start() if stop else len(rest), len(rest)):
        tokens = TOKEN.findall(_without_tail(rest[:end].strip()))[:_MOST_WORDS]
        if 1 < len(tokens) <= 5 and fold(tokens[-1]) not in ("thi", "van") and has_surname(tokens, rest):
            return _checked(" ".join(tokens))
    return None


def _without_titles(text: str, *, told: bool = False) -> str:
    """Return `text` without "dạ", "vợ tôi là", "anh" at its beginning; "chu van an" keeps its family name.

    Behind "em", "người nhận" (`told`) a "la" is a "là", and no family name.
    """
    rest = text
    while match := _TITLE.match(key(rest)):
        tokens = TOKEN.findall(rest)
        shorter = rest[match.end() :].strip()
        is_verb = (told or rest != text) and fold(tokens[0]) == "la" and has_surname(tokens[1:] or tokens, rest)
        if not TOKEN.search(shorter) or (len(tokens) > 2 and not is_verb and is_name_like_title(tokens, rest)):
            break
        rest = shorter
    return rest


def _without_tail(text: str, *, bare: bool = False) -> str:
    """Return `text` without "nha em", "nhận thay" at its end; capitals there belong to the name."""
    while match := _TAIL.search(fold(text)) or (_BARE_TAIL.search(fold(text)) if bare else None):
        tail = text[match.start() :].strip(" ,")
        rest = text[: match.start()].rstrip(" ,.")
        words = fold(rest).split()
        if (tail[:1].isupper() and not text.isupper()) or not words or words[-1] in ("thi", "van"):
            break
        if len(words) < 2 and tail.lower().split()[0] in ("nhé", "ạ", "nhá", "nghen", "nhen"):
            text = rest  # "tên Lý nhé"
            continue
        marked = {"nhã", "á", "hồ", "hộ", "nhàn", "nhân", "giáo", "thầy", "đỗ", "đô", "né", "hến", "ký", "kỳ"}
        if tail.lower() in marked - {"á", "hộ", "ký"} or len(words) < 2:
            break
        text = rest
    return text


def _may_be_surname(folded: list[str]) -> bool:
    """Tell whether the name of a kind of place begins a name: "ngo hai trieu duong", "duong khanh linh dan"."""
    return folded[0] in ("ngo", "duong", "to", "pho", "quan") and 3 <= len(folded) <= 5


def _checked(found: str) -> str | None:
    """Return the name tidied, or None when it cannot be one."""
    found = found.strip(" .,!:-")
    words = fold(found).split()
    if len(found) > _LONGEST_NAME or len(words) > _MOST_WORDS or _NO_NAME.search(fold(found)):
        return None
    if (
        words[0] in _PLACE_FIRST
        and (found.split()[0].lower() in _PLACE_MARKED or (found.isascii() and not _may_be_surname(words)))
        and words[1:2] not in (["thi"], ["van"])
    ):
        return None
    mixed = any(char.isupper() for char in found) and not found.isupper()
    return found if mixed else found.title()
