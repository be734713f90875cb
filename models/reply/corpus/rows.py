"""Rows of the reply corpus, and the moods that a row can take on."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, Rewrite, Summarise, Turn
from models.reply.corpus.pages import MISSING
from models.reply.corpus.phrases import ANGRY, APOLOGY, CHATTER, GREETING, HINTS, SENTENCE_STARTS, SORRY
from models.reply.corpus.slots import draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One example of a reply. `must`: facts that it has to hold, "a|b" meaning either; `wrong`: those it must not.

    `situation` names its origin.
    """

    situation: str
    kind: str
    draft: Draft
    reply: str
    must: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether passages or order answer at least a part of what is asked."""
        return self.kind != MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One example of another task: a text worded anew, or a thread summed up."""

    request: Rewrite | Summarise
    result: str


AnyRow = Row | TaskRow


def turns(lines: Iterable[str]) -> list[Turn]:
    """Turns from "C: ..." and "A: ..."."""
    roles = {"C": Role.CUSTOMER, "A": Role.AGENT}
    return [Turn(role=roles[line[0]], text=line[3:]) for line in lines]


def chatty(row: Row, rng: random.Random) -> Row:
    """The same question with a customer's usual words around it."""
    language = row.draft.language
    before, after = rng.choice(CHATTER[language])
    values = draw([before, after], rng)
    return _asked(row, values.fill(before, language) + row.draft.thread[-1].text + values.fill(after, language))


def angry(row: Row, rng: random.Random) -> Row:
    """The same, upset: a short apology takes the place of the greeting."""
    language = row.draft.language
    before, after = rng.choice(ANGRY[language])
    reply = row.reply.removeprefix(GREETING[language])
    if not SORRY.match(reply):
        reply = rng.choice(APOLOGY[language]) + reply
    return replace(_asked(row, before + row.draft.thread[-1].text + after), reply=reply)


def hinted(row: Row, rng: random.Random) -> Row:
    """The same with an agent's wish, which the reply fulfils at its end."""
    language = row.draft.language
    hint, sentence = rng.choice(HINTS[language])
    values = draw([hint, sentence], rng)
    reply = row.reply + ("" if language == "zh" else " ") + values.fill(sentence, language)
    return replace(row, draft=structs.replace(row.draft, hint=values.fill(hint, language)), reply=reply)


def later(row: Row, before: Row) -> Row:
    """The question comes after another one was answered; no second greeting."""
    thread = [*before.draft.thread, Turn(role=Role.AGENT, text=before.reply), *row.draft.thread]
    reply = row.reply.removeprefix(GREETING[row.draft.language])
    return replace(row, draft=structs.replace(row.draft, thread=thread), reply=reply)


def joined(first: Row, second: Row, joins: tuple[str, str]) -> Row:
    """Two questions in one message; both answers, in order. `joins` stand before the second question and answer."""
    ask_join, reply_join = joins
    ask = first.draft.thread[-1].text + ask_join + second.draft.thread[-1].text
    answer = mid_sentence(second.reply.removeprefix(GREETING[first.draft.language]))
    return replace(
        _asked(first, ask),
        reply=first.reply + reply_join + answer,
        must=first.must + second.must,
        wrong=(),
    )


def mid_sentence(answer: str) -> str:
    """The answer as it goes on after "Also, "."""
    return answer[0].lower() + answer[1:] if answer.startswith(SENTENCE_STARTS) else answer


def _asked(row: Row, text: str) -> Row:
    thread = [*row.draft.thread[:-1], Turn(role=row.draft.thread[-1].role, text=text)]
    return replace(row, draft=structs.replace(row.draft, thread=thread))


def holds(text: str, fact: str) -> bool:
    """Whether `text` holds one of the alternatives of `fact` ("a|b"), whole: "7" is neither in "17" nor in "K7"."""
    folded = text.casefold().replace("’", "'")
    return any(_whole(part.strip().casefold()).search(folded) for part in fact.split("|") if part.strip())


def _whole(part: str) -> re.Pattern[str]:
    before = r"(?<![a-z\d.])" if part[0].isascii() and part[0].isalnum() else ""
    after = r"(?!\d|\.\d)" if part[-1].isdigit() else ""
    return re.compile(before + re.escape(part) + after)
