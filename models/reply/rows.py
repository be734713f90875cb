"""A row of the reply corpus, a situation in the making, and the moods that a row can take on."""

import random
from dataclasses import dataclass, replace

from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.phrases import ANGRY, APOLOGY, CHATTER, GREETING, HINTS, SENTENCE_STARTS, SORRY
from models.reply.situations import Side, Situation
from models.reply.slots import LANGUAGE_FREE, Values, draw, slots_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One example. `must`: facts the reply has to hold, "a|b" meaning either; `situation` names its origin."""

    situation: str
    kind: str
    draft: Draft
    reply: str
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A situation with its values drawn, in one language."""

    origin: Situation
    side: Side
    language: str
    values: Values

    def fill(self, text: str) -> str:
        return self.values.fill(text, self.language)

    def note(self, rng: random.Random) -> GroundingPassage | None:
        if not self.side.notes:
            return None
        return GroundingPassage(
            doc_id=self.origin.id, title=self.fill(self.side.title), text=self.fill(rng.choice(self.side.notes))
        )

    def turns(self) -> list[Turn]:
        """The earlier turns that the situation wants."""
        roles = {"C": Role.CUSTOMER, "A": Role.AGENT}
        return [Turn(role=roles[line[0]], text=self.fill(line[3:])) for line in self.side.thread]

    def is_answered_by(self, foreign: Side) -> bool:
        """Whether the other language's notes hold everything that the replies say, in the same letters."""
        wanted = slots_of([*self.side.replies, *self.side.asks])
        held = set.intersection(*[set(slots_of([note])) for note in foreign.notes]) if foreign.notes else set()
        if not self.origin.same_facts or not held:
            return False
        return set(wanted) <= held and all(kind in LANGUAGE_FREE for _, kind in wanted)


def chatty(row: Row, language: str, rng: random.Random) -> Row:
    """The same question with a customer's usual words around it."""
    before, after = rng.choice(CHATTER[language])
    values = draw([before, after], rng)
    last = row.draft.thread[-1]
    text = values.fill(before, language) + last.text + values.fill(after, language)
    return replace(
        row, draft=structs.replace(row.draft, thread=[*row.draft.thread[:-1], Turn(role=last.role, text=text)])
    )


def angry(row: Row, language: str, rng: random.Random) -> Row:
    """The same, upset: a short apology takes the place of the greeting."""
    before, after = rng.choice(ANGRY[language])
    last = row.draft.thread[-1]
    turn = Turn(role=last.role, text=before + last.text + after)
    reply = row.reply.removeprefix(GREETING[language])
    if not SORRY.match(reply):
        reply = rng.choice(APOLOGY[language]) + reply
    return replace(row, draft=structs.replace(row.draft, thread=[*row.draft.thread[:-1], turn]), reply=reply)


def hinted(row: Row, language: str, rng: random.Random) -> Row:
    """The same with an agent's wish, which the reply fulfils at its end."""
    hint, sentence = rng.choice(HINTS[language])
    values = draw([hint, sentence], rng)
    reply = row.reply + ("" if language == "zh" else " ") + values.fill(sentence, language)
    return replace(row, draft=structs.replace(row.draft, hint=values.fill(hint, language)), reply=reply)


def mid_sentence(answer: str) -> str:
    """The answer as it goes on after "Also, "."""
    return answer[0].lower() + answer[1:] if answer.startswith(SENTENCE_STARTS) else answer
