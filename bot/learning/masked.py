"""A citizen's message as it may be kept for learning: whoever wrote it, and of whom, is no longer to be seen.

Rather too much is masked than too little: a placeholder teaches as well as a name does, and what was masked here is
read by editors, written into training data and shown when a model is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.conversation import guard
from bot.dossiers import codes
from bot.nlu.phones import find_numbers
from bot.pickups import numbers
from bot.text import clean, fold
from bot.visible import visible

PHONE, IDENTITY, DOSSIER, BOOKING = "[số điện thoại]", "[số định danh]", "[mã hồ sơ]", "[mã lịch hẹn]"
PERSON, ADDRESS, EMAIL, LINK, DAY, NUMBER, SECRET = (
    "[tên]", "[địa chỉ]", "[thư điện tử]", "[đường dẫn]", "[ngày]", "[số]", "[mã kín]",
)  # fmt: skip
PLACEHOLDERS = (PHONE, IDENTITY, DOSSIER, BOOKING, PERSON, ADDRESS, EMAIL, LINK, DAY, NUMBER, SECRET)
_OF_ENTITY = {
    "person": PERSON,
    "address": ADDRESS,
    "phone": PHONE,
    "identity_number": IDENTITY,
    "dossier_code": DOSSIER,
    "booking_code": BOOKING,
}
_OF_NUMBER = {"phone": PHONE, "identity_number": IDENTITY}

# All on folded text, which has as many characters as the text itself.
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_DAY = re.compile(r"(?<![\d.])\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}(?!\d)")
_PROCEDURE = re.compile(r"(?<![\d.])\d\.\d{6}(?:\.[a-z]\d{2})?(?![\d-])")
_DIGITS = re.compile(r"\d(?:[ .,\-]{0,2}\d){3,}")
# Letters and digits in one word: the secret of a slip, a password, a card's or a form's own number.
_MIXED = re.compile(r"\b(?=[a-z0-9]*\d[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}\b")
_HIDDEN = re.compile(rf"{guard.HIDDEN}+(?:[ .\-]*{guard.HIDDEN}+)*")
_YEAR = re.compile(r"20[0-4]\d")
_STREET = re.compile(
    r"\b(?:so nha|nha so|so)\s+\d+\w*(?:/\d+\w*)*,?\s+(?:duong\s+)?\w+(?:\s\w+){0,3}"
    r"|\b\d+\w*(?:/\d+\w*)*\s+(?:duong|hem|ngo|kiet)\s+\w+(?:\s\w+){0,3}"
    r"|\b(?:hem|ngo|kiet|so nha)\s+\d+\w*(?:/\d+\w*)*"
)
_NAMED = re.compile(
    r"\b(?:ho (?:va )?ten|ten)(?: (?:em|toi|tui|minh|con|chau|anh|chi|ong|ba|nguoi nop|chu ho|day du))*"
    r"\s?(?:la|:)\s*(?P<name>\w[\w']*(?: \w[\w']*){0,4})"
)
# Surnames that a lower-case name begins with; "van" and "thi" after them are hardly ever anything else.
_SURNAMES = (
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dao doan trinh dinh truong lam mai to ta "
    "chau cao ha luu luong thai phung vuong trieu chu kieu nong sam dam"
).split()
# "chu thi sao" is "chú thì sao", "do van phong" is "do văn phòng".
_NO_NAME_AFTER_THI = (
    "sao|dien|cang|cung|co|khong|phai|duoc|lam|o|nop|can|di|the|ai|gi|nao|moi|se|la|bi|da|chua|khoi|em|con|toi|minh|chi|"
    "anh|ra|ve|den|nho|dung|lay|hoi|ntn|ko|k|vay|tinh|doi|ghi"
)
_NO_NAME_AFTER_VAN = "phong|ban|bang|hoa|thu|de|nghe|chuong"
_LOWER_NAME = re.compile(
    rf"\b(?:{'|'.join(_SURNAMES)}) "
    rf"(?:thi(?! (?:{_NO_NAME_AFTER_THI})\b)|van(?! (?:{_NO_NAME_AFTER_VAN})\b)|huu|duc|ngoc) \w+(?: \w+)?"
)
_CAPITALS = re.compile(r"(?:[^\W\d_]['’]?[^\W\d_]*)(?: [^\W\d_]['’]?[^\W\d_]*){1,4}")
Span = tuple[int, int, str]


def mask(text: str, entities: Iterable[Sequence[object]] = ()) -> str:
    """Return `text` with everything that tells of a person replaced by a placeholder.

    `entities` are those that were found when it was understood: (entity, start, end, …), offsets in `text`.
    """
    spans: list[Span] = []
    for entity, start, end, *_ in entities:
        if (place := _OF_ENTITY.get(str(entity))) and isinstance(start, int) and isinstance(end, int) and start < end:
            spans.append((start, end, place))
    # What was hidden at the door stays so; a message that came in by another way is screened here.
    screened = guard.screen(text).text
    folded = fold(screened)
    spans += [(*match.span(), SECRET) for match in _HIDDEN.finditer(screened)]
    spans += [(found.start, found.end, DOSSIER) for found in codes.find(screened)]
    spans += [(found.start, found.end, BOOKING) for found in numbers.find_places(screened)]
    spans += _seen_numbers(screened)
    spans += [(*match.span(), EMAIL) for match in _EMAIL.finditer(folded)]
    spans += [(*match.span(), LINK) for match in _LINK.finditer(folded)]
    spans += [(*match.span(), SECRET) for match in _MIXED.finditer(folded)]
    spans += [(*match.span(), DAY) for match in _DAY.finditer(folded)]
    spans += [(*match.span(), ADDRESS) for match in _STREET.finditer(folded)]
    spans += _names(screened, folded)
    masked = _replaced(screened, spans)
    return clean(_PLAIN_DIGITS.sub(_number, masked))


def _seen_numbers(text: str) -> list[Span]:
    """Return phone and identity numbers, also those under invisible signs and in full-width digits."""
    seen = visible(text)
    return [(*seen.place(one.start, one.end), _OF_NUMBER[one.kind]) for one in find_numbers(seen.text)]


def _names(text: str, folded: str) -> list[Span]:
    found: list[Span] = [(*match.span("name"), PERSON) for match in _NAMED.finditer(folded)]
    found += [
        (*match.span(), PERSON)
        for match in _LOWER_NAME.finditer(folded)
        if " thì" not in text[match.start() : match.end()].lower()
    ]
    for match in _CAPITALS.finditer(text):
        words = match.group().split()
        # "Đinh Công Suối", "K'Brơi Ha": each word begins with a capital, the first is a surname or of another people.
        begins = next((at for at, word in enumerate(words) if _begins_a_name(word)), None)
        if begins is None:
            continue
        run = [word for word in words[begins:] if word[0].isupper()]
        if len(run) >= 2 and words[begins : begins + len(run)] == run:
            start = match.start() + sum(len(word) + 1 for word in words[:begins])
            found.append((start, start + len(" ".join(run)), PERSON))
    return found


def _begins_a_name(word: str) -> bool:
    return word[0].isupper() and (fold(word) in _SURNAMES or "'" in word or "’" in word)


# Placeholders stay as they are, codes of procedures are public, and a year of ours says nothing of anybody.
_PLAIN_DIGITS = re.compile(rf"\[[^\]\d]*\]|{_PROCEDURE.pattern}|{_DIGITS.pattern}", re.UNICODE)


def _number(match: re.Match[str]) -> str:
    said = match.group()
    return said if said[0] == "[" or _PROCEDURE.fullmatch(said) or _YEAR.fullmatch(said) else NUMBER


def _replaced(text: str, spans: list[Span]) -> str:
    """Return the text with its spans replaced; where two overlap they become one, under the first one's name."""
    parts: list[str] = []
    at = 0
    merged: list[Span] = []
    for start, end, place in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, place))
    for start, end, place in merged:
        parts += [text[at:start], place]
        at = end
    return "".join([*parts, text[at:]])
