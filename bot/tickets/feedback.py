"""What citizens say of how they were served: asked for its content, kept in their own words, and the route named.

Nothing is thanked for, or called written down, before anything was said.
"""

from __future__ import annotations

import re
from enum import Enum

from sqlalchemy.orm import Session

from bot.key_phrases import plain
from bot.messages import Message, button, say
from bot.phrases import phrase
from bot.tickets import answers, tickets

TOPIC = "feedback"


class Kind(str, Enum):
    """What sort of word it is, as `phrases.yml` names it (`feedback_…`)."""

    COMPLAINT = "complaint"
    IDEA = "idea"
    PRAISE = "praise"


_SUMMARIES = {Kind.COMPLAINT: "Khiếu nại, phản ánh", Kind.IDEA: "Góp ý", Kind.PRAISE: "Khen"}
_COMPLAINT = re.compile(
    r"\b(?:khieu nai|to cao|to giac|(?<!y )kien(?! nghi)|(?:muon|di|se) thua|thua (?:can bo|ra toa|kien)|phan anh"
    r"|phan nan|doi (?:tien|phong bi|hoi lo|qua)|voi (?:tien|vinh)|phong bi|hoi lo|lot tay|nhung nhieu|hach sach"
    r"|gay kho|lam kho|hanh (?:dan|toi|em|nguoi)|thai do|quat|chui|mang|te|(?:lau|cham) qua|khong hai long|buc|bat cong"
    r"|vo le|coi thuong|xuc pham)\b"
)
_PRAISE = re.compile(
    r"\b(?:khen|cam on|hai long|nhiet tinh|de thuong|tan tinh|chu dao|tuyet|(?:rat|qua|lam viec|phuc vu) tot|tot qua"
    r"|nhanh gon)\b"
)
_NOT_GOOD = re.compile(
    r"\b(?:khong|chua|chang|thieu)(?: \w+){0,2} (?:tot|hai long|nhiet tinh|tan tinh|chu dao|nhanh)\b"
)
# What only says that somebody wants to say something.
_WISH = frozenset(
    """toi em minh tui con chau bac co chu anh chi muon can xin duoc cho gui gop y phan anh kien nghi khieu nai to cao
    thua don khen che can bo nhan vien ve mot cai nha nhe a gi o dau hay la giup gium dum ong ba nguoi noi ai lam sao
    the nao voi viec chuyen so dieu thi ma nay do da vang oi len he di ra ho""".split()
)
LEAST = 2  # words beside the wish: then something was said
MORE = 3  # and so many to be added to what was said before
_QUESTION = re.compile(
    r"\b(?:o dau|(?:voi|cho) ai|(?:cho|noi) nao|bao nhieu|the nao|lam sao|can (?:\w+ )?gi|giay(?: to)? gi|bao lau"
    r"|khi nao|duoc khong|may gio)\b"
)


def kind_of(text: str) -> Kind:
    """Return what sort of word a text is."""
    said = plain(text)
    if _NOT_GOOD.search(said) or _COMPLAINT.search(said):
        return Kind.COMPLAINT
    return Kind.PRAISE if _PRAISE.search(said) else Kind.IDEA


def says_something(text: str, least: int = LEAST) -> bool:
    """Return whether a text holds more than the wish to say something."""
    return sum(word not in _WISH for word in plain(text).split()) >= least


def is_question(text: str) -> bool:
    """Return whether a text asks something instead of telling it."""
    return bool(_QUESTION.search(plain(text)))


def ask(kind: Kind) -> Message:
    """Ask for the content; a complaint is told where else it may go."""
    return say("info", phrase(f"feedback_ask_{kind.value}"), button("Gặp nhân viên", "talk_to_human"), topic=TOPIC)


def record(session: Session, conversation_id: int | None, text: str, kind: Kind) -> Message:
    """Write down what was said, in the citizen's own words, and say so."""
    summary = f"{_SUMMARIES[kind]}: {text}"
    kept = phrase(f"feedback_kept_{kind.value}")
    route = phrase("feedback_route") if kind is Kind.COMPLAINT else None
    return answers.handoff(session, conversation_id, TOPIC, summary, said=kept, note=route)


def add(session: Session, conversation_id: int | None, text: str) -> Message:
    """Write down what more was said about the same."""
    ticket = tickets.open_ticket(session, conversation_id, TOPIC, text)
    return say("info", phrase("feedback_added").format(ticket=ticket.number), topic=TOPIC)
