"""Which procedure the words of a message mean: a need, a name, the topic under way, or nothing sure."""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.normalise import normal_text
from bot.procedures import ages, deeds, needs, search
from bot.procedures.known import find
from bot.procedures.search import Match
from bot.procedures.wording import intent_of
from bot.procedures.words import content_words, names_something
from bot.text import fold

CLEARER = 0.08  # by so much must one of the offered procedures fit better than the next
NEARLY = 0.25  # the topic fits words that hardly fit another procedure better than this
STORY = 2  # so many words of meaning beside the name are a story around it
SAME_KIND = 16  # letters: "Cấp thẻ căn cước cho người dưới 14 tuổi" and "… từ đủ 14 tuổi" begin alike
ALONE = 0.95  # with such a share of the chances no other choice counts
# "còn … thì sao": about another one. Without marks it also begins "con gái chú đi thay được không".
_ANOTHER = re.compile(
    r"^(?:(?:da|a|u|um|vay|the|v) )*(?:quay lai|tro lai)\b|^(?:(?:da|a|u|um|vay|the|v) )*con (?!nua|lai|thieu"
    r"|gai|trai|toi|em|chau|cu|chu|ong|ba|nho|rieng|nuoi|minh|be|ruot)"
)
# What any procedure ends in: "bao lâu có giấy xác nhận?" names none.
_ANY_PAPER = frozenset("giay phep xac nhan chung ket qua quyet dinh so the bien nhan".split())
NOTHING = search.Linked(None, ())
UNKNOWN = search.Linked(None, ())  # a name was heard that no procedure bears; compare with `is`
CASE = ":"  # an offered choice is a code, or "code:case" for one case of a procedure


def needed(turn: Turn) -> search.Linked | None:
    """Return what a need that is no procedure yet ("giấy tờ nhà đất") may come to; None for anything clearer.

    "Thuế bao nhiêu" after "sang tên sổ đỏ" is no new need: the procedure under way tells of it.
    """
    codes = needs.offered(turn.text)
    words = set(content_words(turn.text))
    if not codes or _told_by_topic(turn, words) or _asks_for_any_paper(turn, words):
        return None
    return made_for_age(turn, search.Linked(None, matches_of(turn, codes)))


def link(turn: Turn) -> search.Linked:
    """Link what the message names, with the age it tells."""
    return made_for_age(turn, _link(turn))


def _link(turn: Turn) -> search.Linked:
    """Link what the message names; a question without any name ("lệ phí?") links to nothing.

    The whole message decides where it can; a long story around the name hides it ("cha tôi mất rồi, làm chế độ
    tử tuất …"), then the name alone does, if the whole message allows it.
    """
    spans = [str(e["value"]) for e in turn.entities if e["entity"] == "procedure"]
    if not spans and not names_something(turn.text) and not search.has_code(turn.text):
        return NOTHING
    whole = search.link(turn.session, turn.text)
    if whole.best:
        return whole
    if not spans:
        return NOTHING if _is_about_topic(turn, whole, spans) else _likely(whole)
    for span in spans:
        named = search.link(turn.session, span, named=True)
        if named.best and _allowed(named.best, whole.choices, turn.text, span):
            return named
        if named.choices and not whole.choices and not turn.slots.get("procedure"):
            return _said_so(turn, named, span)
    return NOTHING if _is_about_topic(turn, whole, spans) else _said_so(turn, whole, spans[0])


def _likely(linked: search.Linked) -> search.Linked:
    """Return what is likely of the choices for a message in which no name was heard: a list of guesses helps nobody.

    Of 95 such questions with the right one on the list, ours and the held-out ones, none lies under this threshold;
    of the messages that ask for no procedure, small talk included, three in five do.
    """
    if _sum(linked) < search.OFFERED_TOGETHER:
        return NOTHING
    return search.Linked(None, tuple(match for match in linked.choices if match.score >= search.WORTH_A_BUTTON))


def _said_so(turn: Turn, linked: search.Linked, span: str) -> search.Linked:
    """Return the choices for a name that was heard; of unlikely ones those that say it as it stands.

    "Nhập tịch" is no "nhập … hộ tịch".
    """
    if not linked.choices or _sum(linked) >= search.OFFERED_TOGETHER:
        return linked
    saying = search.saying(turn.session, linked.choices, span) or matches_of(turn, needs.offered(span))
    return search.Linked(None, saying) if saying else UNKNOWN


def _sum(linked: search.Linked) -> float:
    return sum(match.score for match in linked.choices)


def _is_about_topic(turn: Turn, linked: search.Linked, spans: list[str]) -> bool:
    """Return whether a question that links to nothing sure goes on about the procedure under way."""
    known = find(turn.session, str(turn.slots.get("procedure") or ""))
    if known is None or _ANOTHER.match(normal_text(turn.text)):
        return False
    said = {word for span in spans if not _is_purpose(turn.text, span) for word in content_words(span)}
    if said <= _ANY_PAPER | set(content_words(known.procedure.name)) or _told_by_topic(turn, said):
        return True  # no name of its own, or a part of the topic's: "bao lâu có giấy phép?"
    score = next((match.score for match in linked.choices if match.code == known.procedure.code), None)
    return score is not None and linked.choices[0].score - score < NEARLY


def _asks_for_any_paper(turn: Turn, words: set[str]) -> bool:
    """Return whether the paper asked after is that of the procedure under way: "bao lâu có giấy phép?"."""
    return bool(turn.slots.get("procedure")) and words <= _ANY_PAPER and turn.intent != intent_of("overview")


def _told_by_topic(turn: Turn, words: set[str]) -> bool:
    """Return whether a question about money is about the record under way: its fees speak of it ("thuế")."""
    known = find(turn.session, str(turn.slots.get("procedure") or ""))
    if known is None or not words or turn.intent != intent_of("fee"):
        return False
    facts = [fact.body for (name, _), fact in known.facts.items() if name == "fee"]
    told = " ".join(" ".join([body["text"], *(body.get("items") or [])]) for body in facts)
    return words <= set(content_words(told))


def made_for_age(turn: Turn, linked: search.Linked) -> search.Linked:
    """Return the one procedure of a choice that is made for the age in the message; else `linked` as it is.

    A lost or changed paper is another matter: the age decides among those that are alike in all else.
    """
    age = ages.said(turn.text)
    if age is None or deeds.of_question(turn.text) & deeds.specific():
        return linked
    if linked.best:
        other = for_age_beside(turn, linked.best.code, age)
        return search.Linked(other, ()) if other else linked
    place = ages.fitting(age, (match.name for match in linked.choices))
    return linked if place is None else search.Linked(linked.choices[place], ())


def for_age_beside(turn: Turn, code: str, age: int) -> Match | None:
    """Return the procedure of the same kind that is made for an age which this one is not; None when it is."""
    known = find(turn.session, code)
    bounds = ages.bounds(known.procedure.name) if known else None
    if known is None or bounds is None or bounds.hold(age):
        return None
    kind = fold(known.procedure.name)[:SAME_KIND]
    alike = [match for match in search.rank(turn.session, known.procedure.name) if fold(match.name)[:SAME_KIND] == kind]
    place = ages.fitting(age, (match.name for match in alike))
    return None if place is None else alike[place]


def _is_purpose(text: str, span: str) -> bool:
    """Return whether a name only says what the paper is wanted for: "xin để mua đất"."""
    return f" de {normal_text(span)} " in f" {normal_text(text)} "


def _allowed(match: Match, choices: tuple[Match, ...], text: str, span: str) -> bool:
    """Return whether the whole message allows what the name alone means.

    The words around it must tell a story, and not what is done: "bản sao giấy khai sinh" names no birth certificate.
    """
    if not choices:
        return True
    told = set(content_words(text)) - set(content_words(span))
    same_deed = deeds.of_question(text) & deeds.specific() == deeds.of_question(span) & deeds.specific()
    alone = choices[0].score >= ALONE * sum(choice.score for choice in choices)
    return choices[0].code == match.code and same_deed and (len(told) >= STORY or alone)


def chosen_again(turn: Turn, linked: search.Linked) -> Match | None:
    """Return the one of the procedures just offered that the words now fit best, though not surely."""
    options = turn.slots.get("procedure_options") or []
    again = [match for match in linked.choices if match.code in options]
    if not again or (len(again) > 1 and again[0].score - again[1].score < CLEARER):
        return None
    return again[0]


def matches_of(turn: Turn, codes: list[str] | tuple[str, ...]) -> tuple[Match, ...]:
    """Return the procedures with these codes as choices; unknown ones, and cases of one, are left out."""
    found = [find(turn.session, code) for code in codes if CASE not in code]
    return tuple(Match(known.procedure.code, known.procedure.name, 0.0) for known in found if known)
