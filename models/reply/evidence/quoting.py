"""The answer in the source's own words, for where the model's words do not say what the source says.

A small model misreads even the clause it is shown ("the spring mattress has 14 nights of trial" becomes "2 years of
warranty"). Whether it did can be told without another model: the likeliest clause's values, or its words where it has
none, are in the draft, and the draft states no value that neither the answers' sentences nor the customer named.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent_assist.domain.facts import find_facts
from agent_assist.engine.protocol import Draft
from models.reply.evidence.overlap import terms

_GREETINGS = {"zh": "您好，", "en": "Hello! "}
_JOINS, _STOPS = {"zh": "；", "en": "; "}, {"zh": "。", "en": "."}
# A draft says a clause without values when it holds this share of its terms.
_SAID = 0.5
# A reader less sure than this is more often wrong than the model.
_SURE = 0.6
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")
# "Spring mattress: 14 nights, no returns after" - what the second clause is said of; of a table's row the first cell.
_LEAD = re.compile(r"[^,，。;；:：]{1,24}[:：]\s*")
_FIRST_CELL = re.compile(r"[^;:]{1,24}: [^;:]{1,40}(?=; [^;:]{1,24}: )")
# A clause that the next one depends on: it is not left out.
_CONDITION = re.compile(
    r"(?:内|后|前|时|期间|以上|以下|的)[,，]\s*$|^(?:如果|若|凡|除|只要|只有)|^(?:if|when|within|after|before|unless|once|for)\b",
    re.IGNORECASE,
)
# How one begins that says nothing without the next.
_BEGINS = re.compile(r"^(?:with|where|in|by|until|while|as|since|at)\b|^(?:当|一旦|如需|如|对于|由于)", re.IGNORECASE)
_NEXT = re.compile(r"(?:[^,，;；。]|,(?=\d))+")
_CLAUSE = re.compile(r"[^,，;；:：。]+[,，;；:：。]\s*$")
_APOLOGY = re.compile(r"(?:很|非常|十分|实在)?抱歉[^，。！\d]{0,20}[。！]|I'm (?:very |so )?sorry[^,.!\d]{0,40}[.!]")
_EDGES = " ,，;；。."
_JOINT = re.compile(r"^(?:(?:and|but|or|so|also)\s+(?=\w)|但是|但|而且|并且)", re.IGNORECASE)
# Less than this says nothing by itself: a list's number, a lone mark.
_TELLS = re.compile(r"[\u4e00-\u9fff]{2}|[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A clause that answers, in its `unit`, with its probability; both as they stand in the source."""

    clause: str
    unit: str
    chance: float

    @property
    def spoken(self) -> str:
        """The clause under what it is said of, with the condition that it depends on."""
        clause = self._condition + self.clause.strip(_EDGES)
        lead = _FIRST_CELL.match(self.unit)
        if lead is not None:
            return clause if clause in lead[0] else f"{lead[0]}, {clause}"
        lead = _LEAD.match(self.unit)
        return clause if lead is None or self.unit.startswith(clause) else lead[0] + clause

    @property
    def tells(self) -> bool:
        """Whether it says something by itself: words, or a value."""
        said = self.spoken
        return bool(_TELLS.search(said)) or any(not said[fact.start : fact.end].isdigit() for fact in find_facts(said))

    @property
    def consequence(self) -> str:
        """What follows, where the clause is but its condition ("if it is lost, …"); "" elsewhere."""
        clause = self.clause.strip()
        if not clause.endswith((",", "，")) or not (_CONDITION.search(clause) or _BEGINS.search(clause)):
            return ""
        follows = _NEXT.match(self.unit.partition(self.clause)[2])
        return f"{clause[-1]}{' ' * clause.endswith(',')}{follows[0].strip(_EDGES)}" if follows else ""

    @property
    def _condition(self) -> str:
        before = _CLAUSE.search(self.unit.partition(self.clause)[0])
        return before[0].lstrip() if before and _CONDITION.search(before[0].lstrip()) else ""


def corrected(text: str, draft: Draft, answers: Sequence[Answer], *, answerable: float | None) -> str | None:
    """What is written in place of `text`, None where it may stay.

    A reply that says what is missing stays, and so does one that follows the agent's own wish, or one of which the
    reader itself is not sure.
    """
    hedges = answerable is not None and answerable < draft.hedge_below
    answers = [answer for answer in answers if answer.tells]
    sure = max((answer.chance for answer in answers), default=0.0) >= _SURE
    if hedges or draft.hint.strip() or not sure or not misread(text, draft, answers):
        return None
    return quote(text, answers, language=draft.language)


def misread(text: str, draft: Draft, answers: Sequence[Answer]) -> bool:
    """Whether a reply to `draft` leaves out what the likeliest of its answers says, or states other values."""
    return bool(answers) and (not says(text, answers) or foreign(text, draft, [answer.unit for answer in answers]))


def says(text: str, answers: Sequence[Answer]) -> bool:
    """Whether a reply holds the values of its likeliest answer, or its words where it has none."""
    likeliest = max(answers, key=lambda answer: answer.chance).clause
    said, wanted = frozenset().union(*values(text)), values(likeliest)
    if wanted:
        return not any(said.isdisjoint(value) for value in wanted)
    return len(terms(likeliest) & terms(text)) >= _SAID * len(terms(likeliest))


def foreign(text: str, draft: Draft, sources: Iterable[str]) -> bool:
    """Whether a reply states a value that neither the sources of its answers nor the customer named."""
    named = [*sources, *(turn.text for turn in draft.thread)]
    given = frozenset().union(*(value for source in named for value in values(source)))
    return any(given.isdisjoint(value) for value in values(text))


def quote(text: str, answers: Sequence[Answer], *, language: str) -> str:
    """A reply that says `answers`, likeliest or not, in their order; an apology that opens `text` is kept."""
    language = language if language in _GREETINGS else "en"
    return opening(text, language) + quoted(answers, language)


def opening(text: str, language: str) -> str:
    """The apology that opens `text`, a greeting where there is none."""
    sorry = _APOLOGY.match(text.removeprefix(_GREETINGS[language]))
    return sorry[0] + (" " if language == "en" else "") if sorry else _GREETINGS[language]


def quoted(answers: Sequence[Answer], language: str) -> str:
    """The answers as one sentence."""
    said = _join(list(dict.fromkeys(map(_tidy, _parts(answers)))), language)
    return f"{said[:1].upper()}{said[1:]}{_STOPS[language]}"


def values(text: str) -> list[frozenset[str]]:
    """Each figure, date, amount … of a text by all its comparable forms, its digits among them."""
    facts = find_facts(text)
    found = [fact.keys | set(_DIGITS.findall(text[fact.start : fact.end])) for fact in facts]
    within = [(fact.start, fact.end) for fact in facts]
    return found + [
        frozenset({digits[0]})
        for digits in _DIGITS.finditer(text)
        if not any(start <= digits.start() < end for start, end in within)
    ]


def _parts(answers: Sequence[Answer]) -> Iterable[str]:
    """Each answer under what it is said of; those that follow one another in the source stand as they do there."""
    said, last = "", None
    for answer in answers:
        own = answer.clause.strip(_EDGES)
        if last is None or last.unit != answer.unit:
            begun = answer.spoken
        elif (marks := _between(last, answer)) is not None:
            said, last = said + marks + own, answer
            continue
        else:
            begun = own
        if last is not None:
            yield said + last.consequence
        said, last = begun, answer
    if last is not None:
        yield said + last.consequence


def _tidy(part: str) -> str:
    """A clause fit to begin with: without the word that joined it to what stood before, its brackets closed."""
    part = _JOINT.sub("", part)
    for opens, closes in ("()", "（）"):
        missing = part.count(opens) - part.count(closes)
        part = part + closes * missing if missing > 0 else part
    return part


def _join(parts: Sequence[str], language: str) -> str:
    """Clauses beside one another; what is a sentence of its own in the source stays one."""
    if language != "en":
        return _JOINS[language].join(parts)
    whole = parts[0] if parts else ""
    for part in parts[1:]:
        whole += (". " if part[:1].isupper() and part[:2] != "I " else _JOINS[language]) + part
    return whole


def _between(before: Answer, answer: Answer) -> str | None:
    """The marks between two clauses of a unit that follow one another, None for others."""
    _, clause, behind = answer.unit.partition(before.clause)
    marks, following, _ = behind.partition(answer.clause)
    if not following or marks.strip(_EDGES):
        return None
    return clause[len(clause.rstrip(_EDGES)) :] + marks
