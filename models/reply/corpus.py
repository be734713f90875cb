"""Expands the hand-written situations into training and test rows for the reply model.

Every row is a `Draft` as the engine would get it, with the reply an agent should send. Rows differ in slot values,
wording, number and order of passages, passages that do not matter, order lines, earlier turns, mood, a second
question, and the language of the passage. Same seed, same rows.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.facets import sheet_row
from models.reply.phrases import GREETING, JOINS, MISSING
from models.reply.rows import Part, Row, angry, chatty, hinted, mid_sentence
from models.reply.situations import Side, Situation
from models.reply.slots import LANGUAGES
from models.reply.surroundings import Surroundings

__all__ = ["Expander", "Row"]


class Expander:
    """Draws rows from a set of situations."""

    def __init__(self, situations: Sequence[Situation], *, seed: int, sheets: float = 0.0) -> None:
        """`sheets` is the share of rows about fact sheets instead of situations."""
        self._sheets = sheets
        self._situations = situations
        self._rng = random.Random(seed)
        self._around = Surroundings(situations, self._rng)

    def rows(self, count: int) -> Iterator[Row]:
        """`count` rows; situations and languages take turns, so each is used about equally often."""
        turns = [(s, language) for s in self._situations for language in LANGUAGES if s.side(language)]
        while count > 0:
            self._rng.shuffle(turns)
            for situation, language in turns[:count]:
                if self._rng.random() < self._sheets:
                    yield sheet_row(language, self._rng)
                else:
                    yield self.row(situation, language)
            count -= len(turns)

    def row(self, situation: Situation, language: str) -> Row:
        """One row about `situation` in `language`."""
        rng = self._rng
        part = self._around.part(situation, language)
        chance = rng.random()
        if part.side.thread or situation.kind == "missing":
            return self._plain(part)
        if chance < 0.11 and part.side.notes and situation.kind == "answer" and not situation.is_guide:
            return self._missing(part)
        if chance < 0.25 and situation.kind == "answer":
            return self._double(part)
        row = self._plain(part, cross=rng.random() < 0.15)
        if rng.random() < 0.25:
            row = chatty(row, language, rng)
        mood = rng.random()
        if mood < 0.14:
            return angry(row, language, rng)
        if mood < 0.30:
            return self._later_turn(row, part)
        if mood < 0.36:
            return hinted(row, language, rng)
        return row

    def plain(self, situation: Situation, language: str, *, cross: bool = False) -> Row:
        """A row without any twist, with passages that do not matter around; for tests and test sets."""
        return self._plain(self._around.part(situation, language), cross=cross)

    def _plain(self, part: Part, *, cross: bool = False) -> Row:
        rng = self._rng
        other = "en" if part.language == "zh" else "zh"
        note = part.note(rng)
        foreign = part.origin.side(other)
        if cross and foreign and part.is_answered_by(foreign):
            note = replace(part, side=foreign, language=other).note(rng)
        draft = Draft(
            id="",
            language=part.language,
            thread=[*part.turns(), Turn(role=Role.CUSTOMER, text=part.fill(rng.choice(part.side.asks)))],
            passages=self._around.passages(note, [part]),
            order_facts=self._around.order(part),
        )
        greeting = "" if part.side.thread else GREETING[part.language]
        return Row(
            situation=part.origin.id,
            kind=part.origin.kind,
            draft=draft,
            reply=greeting + part.fill(rng.choice(part.side.replies)),
            must=tuple(part.fill(fact) for fact in part.side.must),
        )

    def _missing(self, part: Part) -> Row:
        """The question with notes that do not answer it."""
        rng = self._rng
        row = self._plain(part)
        notes = self._around.notes_elsewhere(part)
        template = rng.choice(MISSING[part.language])
        reply = GREETING[part.language] + template.replace("{topic}", part.fill(part.side.topic))
        facts = [] if part.side.order else row.draft.order_facts
        draft = structs.replace(row.draft, passages=notes, order_facts=facts)
        return replace(row, kind="missing", draft=draft, reply=reply, must=())

    def _double(self, part: Part) -> Row:
        """Two questions in one message; both answers, in order."""
        if part.origin.is_guide:
            return self._double_of_guide(part)
        rng = self._rng
        others = [
            s
            for s in self._situations
            if s.kind == "answer"
            and not s.is_guide
            and s.question != part.origin.question
            and _is_simple(s.side(part.language))
        ]
        if not others or not _is_simple(part.side):
            return self._plain(part)
        second = self._around.part(rng.choice(others), part.language)
        notes = [n for n in (part.note(rng), second.note(rng)) if n]
        if rng.random() < 0.5:
            notes.reverse()
        notes += self._around.distractors([part, second], rng.randint(0, 1))
        return self._joined(part, second, notes)

    def _double_of_guide(self, part: Part) -> Row:
        """Two questions about the same long note, so with the same values."""
        others = [
            s
            for s in self._situations
            if s.kind == "answer" and s.question == part.origin.question and s is not part.origin
        ]
        sides = [(s, side) for s in others if (side := s.side(part.language))]
        if not sides:
            return self._plain(part)
        origin, side = self._rng.choice(sides)
        note = part.note(self._rng)
        notes = [note] if note else []
        return self._joined(part, Part(origin, side, part.language, part.values), notes)

    def _joined(self, first: Part, second: Part, notes: list[GroundingPassage]) -> Row:
        first_row, second_row = self._plain(first), self._plain(second)
        ask_join, reply_join = self._rng.choice(JOINS[first.language])
        ask = first_row.draft.thread[-1].text + ask_join + second_row.draft.thread[-1].text
        answer = second_row.reply.removeprefix(GREETING[first.language])
        reply = first_row.reply + reply_join + mid_sentence(answer)
        draft = structs.replace(first_row.draft, passages=notes, thread=[Turn(role=Role.CUSTOMER, text=ask)])
        return replace(first_row, draft=draft, reply=reply, must=first_row.must + second_row.must)

    def _later_turn(self, row: Row, part: Part) -> Row:
        """The question comes after another one was answered; no second greeting."""
        others = [
            s
            for s in self._situations
            if s.question != part.origin.question and not s.is_guide and _is_simple(s.side(part.language))
        ]
        if not others:
            return row
        before = self._plain(self._around.part(self._rng.choice(others), part.language))
        thread = [*before.draft.thread, Turn(role=Role.AGENT, text=before.reply), *row.draft.thread]
        return replace(
            row, draft=structs.replace(row.draft, thread=thread), reply=row.reply.removeprefix(GREETING[part.language])
        )


def _is_simple(side: Side | None) -> bool:
    return side is not None and not side.thread and not side.order and bool(side.notes)
