"""All rules over one text, overlaps resolved."""

import re
from datetime import date

from agent_assist.domain.patterns.amounts import find_amounts
from agent_assist.domain.patterns.dates import find_dates
from agent_assist.domain.patterns.durations import duration_candidates
from agent_assist.domain.patterns.identifiers import find_identifiers
from agent_assist.domain.patterns.phones import find_phones
from agent_assist.domain.patterns.quantities import find_quantities
from agent_assist.domain.patterns.spans import Candidate, fold, resolve
from agent_assist.domain.understanding import Entity, EntitySource

# Without one of these characters or words no rule can match; most small talk stops here.
_ANYTHING = re.compile(
    r"[0-9@零〇一二两俩三四五六七八九十百千万半天日月周期晚早年夕元国庆圣诞春节端午中秋清明黑情人拜壹贰叁肆伍陆柒捌玖]"
    r"|day|week|month|night|morning|evening|pair|dozen|couple|hundred|bucks|dollar|christmas|xmas|easter|thanks|halloween"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|cent"
)


def find_entities(text: str, *, today: date | None = None) -> list[Entity]:
    """Exact entities of `text` in order of place, none overlapping; `today` dates what is told from the day of writing.

    Offsets count characters of `text`. Types: order_number, tracking_number, phone, email, amount, date, duration,
    quantity.
    """
    folded = fold(text)
    if not _ANYTHING.search(folded):
        return []
    candidates: list[Candidate] = list(find_identifiers(folded))
    if any("0" <= char <= "9" for char in folded):
        candidates += find_phones(folded)
    candidates += find_amounts(folded)
    candidates += find_dates(folded, today)
    candidates += duration_candidates(folded)
    candidates += find_quantities(folded)
    return [_entity(text, one) for one in resolve(candidates)]


def _entity(text: str, one: Candidate) -> Entity:
    return Entity(
        type=one.type,
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        score=one.score,
        source=EntitySource.RULE,
        value=one.value,
    )
