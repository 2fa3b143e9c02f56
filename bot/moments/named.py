"""What the finders of days share: what they return, and the words that turn a day to the past."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.moments.spoken import FILLERS

FLAGS = re.ASCII

END = rf"(?={FILLERS}\s*(?:$|[,.;:!?)\n]))"
WEEK = r"(?:tuan|tuan\s?le)\s(?:sau nua|sau|toi|ke tiep|ke|tiep theo|nay|truoc|roi|vua roi|vua qua|qua)|tsau"
SURE_PAST = re.compile(r"\b(?:hom|hoi|tu hom|tu hoi|ngay sinh|sinh|sinh ngay)\s(?:ngay\s)?$", FLAGS)
SINCE = re.compile(r"\btu\s(?:ngay\s|hom\s)?$", FLAGS)
TILL_NOW = re.compile(r"\s(?:den|toi|cho den|cho toi|den tan)\s(?:gio|h|nay|bay gio|hom nay)\b", FLAGS)
LUNAR_TALK = re.compile(r"\bam lich\b|\blich am\b|\bngay am\b", FLAGS)


class Unsure(str, Enum):
    """Why a day that was named cannot be taken for one day of the calendar."""

    LUNAR = "lunar"  # "ngày rằm", "20 âm"
    VAGUE = "vague"  # "tuần sau", "bữa nào cũng được"


@dataclass(frozen=True)
class Named:
    """A place in the text that speaks of time: a day, an unsure day, or nothing that may be read otherwise."""

    start: int
    end: int
    means: date | Unsure | None
