"""What a message picks out of what was just offered or is talked about: a button, a number, a name, a case."""

from __future__ import annotations

import re

from actions.linking import CASE, for_age_beside, matches_of
from actions.turn import Turn
from bot.normalise import normal_text
from bot.procedures import ages, cases, needs, search
from bot.procedures.known import Known, find
from bot.procedures.words import content_words, names_something
from bot.text import digits

LONGEST_NAME, TIMES = 8, 5.0  # words of a message that names a choice; so much likelier than the next it must be
LONGEST_CASE = 7  # words of a message that says no more than one's case
LONGEST_WEEKDAY = 8
_UNSURE = re.compile(
    r"\b(?:chua|khong)(?: \w+)? (?:ro|biet|chac|hieu)\b(?! (?:lam|nop|o|can|phai|dang|di|hoi|co|den|khi|gio|muc))"
)


def pressed(turn: Turn) -> str | None:
    """Return the choice that a pressed button carries: a code, or a code with its case."""
    code = _carried(turn, "procedure")
    case = _carried(turn, "case")
    return f"{code}{CASE}{case}" if code and case else code


def picked(turn: Turn) -> str | None:
    """Return the one of the offered choices that the message picks: by its number or place, its case, age, or name."""
    options = turn.slots.get("procedure_options") or []
    return ordinal(turn, options) or named_case(turn, options) or for_age(turn, options) or _named(turn, options)


def ordinal(turn: Turn, options: list[str]) -> str | None:
    """Return the option that "2", "cái đầu" or "cuối" names; None when there is none."""
    if not options:
        return None
    said = turn.entity("ordinal")
    if said is None and len(turn.text) < LONGEST_WEEKDAY and turn.entity("date"):
        said = digits(turn.text)  # "thứ 2" is a Monday elsewhere; here it can only be the second choice
    if not said:
        return None
    index = len(options) if said == "last" else int(said) if said.isdecimal() else 0
    return options[index - 1] if 0 < index <= len(options) else None


def for_age(turn: Turn, options: list[str]) -> str | None:
    """Return the offered procedure that is made for the age that the message tells ("con em 10t"); None for none."""
    age, offered = ages.said(turn.text), matches_of(turn, options)
    if age is None or len(offered) < 2 or len(turn.text.split()) > LONGEST_NAME:
        return None
    place = ages.fitting(age, (match.name for match in offered))
    return offered[place].code if place is not None else None


def unsure(turn: Turn) -> bool:
    """Return whether the citizen says that they cannot tell: "em cũng không biết nữa"."""
    return bool(_UNSURE.search(normal_text(turn.text)))


def case_of_topic(turn: Turn) -> str | None:
    """Return the case of the procedure under way that a short message says: "em là người bán", "nhà thuê á".

    An age that it is not made for leads to the one that is: "còn con 15 tuổi".
    """
    known = find(turn.session, str(turn.slots.get("procedure") or ""))
    if known is None or len(turn.text.split()) > LONGEST_CASE:
        return None
    age = ages.said(turn.text)
    other = for_age_beside(turn, known.procedure.code, age) if age is not None else None
    return other.code if other else said_case(turn, known)


def said_case(turn: Turn, known: Known) -> str | None:
    """Return the choice that the citizen's own words make among the cases of a procedure; None when they make none."""
    option = cases.said(known.procedure.cases, turn.text)
    if option is None:
        return None
    return option.procedure or f"{known.procedure.code}{CASE}{option.id}"


def _carried(turn: Turn, entity: str) -> str | None:
    return next(
        (str(e["value"]) for e in turn.entities if e["entity"] == entity and e.get("extractor") == "button"), None
    )


def named_case(turn: Turn, options: list[str]) -> str | None:
    """Return the case that the words say, when the last question was about the cases of one procedure."""
    asked = next((option.partition(CASE)[0] for option in options if CASE in option), None)
    known = find(turn.session, asked) if asked else None
    if known is None:
        return None
    return f"{asked}{CASE}{cases.UNSURE}" if unsure(turn) else said_case(turn, known)


def _named(turn: Turn, options: list[str]) -> str | None:
    """Return the offered procedure that a short message means: "hộ kinh doanh á", "cấp 3 nha"."""
    codes = [option for option in options if CASE not in option]
    if len(codes) < 2 or len(turn.text.split()) > LONGEST_NAME or unsure(turn):
        return None
    if set(needs.offered(turn.text)) == set(codes):
        return None  # the same vague need once more
    said, found = set(content_words(turn.text)), matches_of(turn, codes)
    if not names_something(turn.text):
        return None  # "đem theo gì" picks none, however little its words fit one of them better
    chances = search.among(turn.session, turn.text, codes)
    if not chances:  # so common a word that others hold it better: "của xe"
        chances = {match.code: len(said & set(content_words(match.name))) / len(said) for match in found}
    first, second = sorted(((chances.get(code, 0.0), code) for code in codes), reverse=True)[:2]
    return first[1] if first[0] > TIMES * second[0] else None
