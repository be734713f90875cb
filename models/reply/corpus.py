"""Expands the hand-written situations into training and test rows for the reply model.

Every row is a `Draft` as the engine would get it, with the reply an agent should send. Rows differ in slot values,
wording, number and order of passages, passages that do not matter, order lines, earlier turns, mood, a second
question, and the language of the passage. Same seed, same rows.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.phrases import (
    ANGRY,
    APOLOGY,
    CHATTER,
    GREETING,
    HINTS,
    JOINS,
    MISSING,
    SENTENCE_STARTS,
    SORRY,
    order_lines,
)
from models.reply.situations import Side, Situation
from models.reply.slots import LANGUAGE_FREE, LANGUAGES, Values, draw, slots_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One example. `must`: facts the reply has to hold, "a|b" meaning either; `situation` names its origin."""

    situation: str
    kind: str
    draft: Draft
    reply: str
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
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


class Expander:
    """Draws rows from a set of situations."""

    def __init__(self, situations: Sequence[Situation], *, seed: int) -> None:
        self._situations = situations
        self._with_notes = [s for s in situations if any(side and side.notes for side in (s.zh, s.en))]
        self._rng = random.Random(seed)

    def rows(self, count: int) -> Iterator[Row]:
        """`count` rows; situations and languages take turns, so each is used about equally often."""
        turns = [(s, language) for s in self._situations for language in LANGUAGES if s.side(language)]
        while count > 0:
            self._rng.shuffle(turns)
            for situation, language in turns[:count]:
                yield self.row(situation, language)
            count -= len(turns)

    def row(self, situation: Situation, language: str) -> Row:
        """One row about `situation` in `language`."""
        rng = self._rng
        part = self._part(situation, language)
        chance = rng.random()
        if part.side.thread or situation.kind == "missing":
            return self._plain(part)
        if chance < 0.11 and part.side.notes and situation.kind == "answer" and not situation.is_guide:
            return self._missing(part)
        if chance < 0.25 and situation.kind == "answer":
            return self._double(part)
        row = self._plain(part, cross=rng.random() < 0.15)
        if rng.random() < 0.25:
            row = self._chatty(row, language)
        mood = rng.random()
        if mood < 0.14:
            return self._angry(row, language)
        if mood < 0.30:
            return self._later_turn(row, part)
        if mood < 0.36:
            return self._hinted(row, language)
        return row

    def plain(self, situation: Situation, language: str, *, cross: bool = False) -> Row:
        """A row without any twist, with passages that do not matter around; for tests and test sets."""
        return self._plain(self._part(situation, language), cross=cross)

    def _part(self, situation: Situation, language: str) -> _Part:
        texts = [text for side in (situation.zh, situation.en) if side for text in side.texts()]
        side = situation.side(language)
        assert side is not None
        return _Part(situation, side, language, draw(texts, self._rng))

    def _plain(self, part: _Part, *, cross: bool = False) -> Row:
        rng = self._rng
        other = "en" if part.language == "zh" else "zh"
        note = part.note(rng)
        foreign = part.origin.side(other)
        if cross and foreign and _answers(foreign, part):
            note = replace(part, side=foreign, language=other).note(rng)
        draft = Draft(
            id="",
            language=part.language,
            thread=[*_turns(part), Turn(role=Role.CUSTOMER, text=part.fill(rng.choice(part.side.asks)))],
            passages=self._surround(note, [part]),
            order_facts=self._order(part),
        )
        greeting = "" if part.side.thread else GREETING[part.language]
        return Row(
            situation=part.origin.id,
            kind=part.origin.kind,
            draft=draft,
            reply=greeting + part.fill(rng.choice(part.side.replies)),
            must=tuple(part.fill(fact) for fact in part.side.must),
        )

    def _missing(self, part: _Part) -> Row:
        """The question with notes that do not answer it."""
        rng = self._rng
        row = self._plain(part)
        away = [s for s in self._with_notes if s.area != part.origin.area and not s.is_guide and s.side(part.language)]
        notes = [self._note_of(s, part.language) for s in rng.sample(away, min(len(away), rng.randint(0, 3)))]
        template = rng.choice(MISSING[part.language])
        reply = GREETING[part.language] + template.replace("{topic}", part.fill(part.side.topic))
        facts = [] if part.side.order else row.draft.order_facts
        draft = structs.replace(row.draft, passages=[n for n in notes if n], order_facts=facts)
        return replace(row, kind="missing", draft=draft, reply=reply, must=())

    def _double(self, part: _Part) -> Row:
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
        second = self._part(rng.choice(others), part.language)
        notes = [n for n in (part.note(rng), second.note(rng)) if n]
        if rng.random() < 0.5:
            notes.reverse()
        notes += self._distractors([part, second], rng.randint(0, 1))
        return self._joined(part, second, notes)

    def _double_of_guide(self, part: _Part) -> Row:
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
        return self._joined(part, _Part(origin, side, part.language, part.values), notes)

    def _joined(self, first: _Part, second: _Part, notes: list[GroundingPassage]) -> Row:
        first_row, second_row = self._plain(first), self._plain(second)
        ask_join, reply_join = self._rng.choice(JOINS[first.language])
        ask = first_row.draft.thread[-1].text + ask_join + second_row.draft.thread[-1].text
        answer = second_row.reply.removeprefix(GREETING[first.language])
        reply = first_row.reply + reply_join + _mid_sentence(answer)
        draft = structs.replace(first_row.draft, passages=notes, thread=[Turn(role=Role.CUSTOMER, text=ask)])
        return replace(first_row, draft=draft, reply=reply, must=first_row.must + second_row.must)

    def _chatty(self, row: Row, language: str) -> Row:
        """The same question with a customer's usual words around it."""
        before, after = self._rng.choice(CHATTER[language])
        values = draw([before, after], self._rng)
        last = row.draft.thread[-1]
        text = values.fill(before, language) + last.text + values.fill(after, language)
        return replace(
            row, draft=structs.replace(row.draft, thread=[*row.draft.thread[:-1], Turn(role=last.role, text=text)])
        )

    def _angry(self, row: Row, language: str) -> Row:
        """The same, upset: a short apology takes the place of the greeting."""
        rng = self._rng
        before, after = rng.choice(ANGRY[language])
        last = row.draft.thread[-1]
        turn = Turn(role=last.role, text=before + last.text + after)
        reply = row.reply.removeprefix(GREETING[language])
        if not SORRY.match(reply):
            reply = rng.choice(APOLOGY[language]) + reply
        return replace(row, draft=structs.replace(row.draft, thread=[*row.draft.thread[:-1], turn]), reply=reply)

    def _later_turn(self, row: Row, part: _Part) -> Row:
        """The question comes after another one was answered; no second greeting."""
        others = [
            s
            for s in self._situations
            if s.question != part.origin.question and not s.is_guide and _is_simple(s.side(part.language))
        ]
        if not others:
            return row
        before = self._plain(self._part(self._rng.choice(others), part.language))
        thread = [*before.draft.thread, Turn(role=Role.AGENT, text=before.reply), *row.draft.thread]
        return replace(
            row, draft=structs.replace(row.draft, thread=thread), reply=row.reply.removeprefix(GREETING[part.language])
        )

    def _hinted(self, row: Row, language: str) -> Row:
        hint, sentence = self._rng.choice(HINTS[language])
        values = draw([hint, sentence], self._rng)
        reply = row.reply + ("" if language == "zh" else " ") + values.fill(sentence, language)
        return replace(row, draft=structs.replace(row.draft, hint=values.fill(hint, language)), reply=reply)

    def _surround(self, note: GroundingPassage | None, parts: Sequence[_Part]) -> list[GroundingPassage]:
        """The passage that answers, alone or inside a longer article, among passages that do not."""
        rng = self._rng
        notes: list[GroundingPassage] = []
        if note:
            if rng.random() < 0.4 and not parts[0].origin.is_guide:
                more = [n.text for n in self._distractors(parts, rng.randint(1, 2))]
                texts = [*more, note.text]
                rng.shuffle(texts)
                note = GroundingPassage(doc_id=note.doc_id, title=note.title, text=" ".join(texts))
            notes.append(note)
        others = self._distractors(parts, rng.choice((0, 0, 1, 1, 2)))
        if rng.random() < 0.65:
            return notes + others
        return others[:1] + notes + others[1:]

    def _distractors(self, parts: Sequence[_Part], count: int) -> list[GroundingPassage]:
        """Passages about other questions, half of them of the same area, since those are the hard ones."""
        language = parts[0].language
        asked = {part.origin.question for part in parts}
        area = parts[0].origin.area
        # A guide answers many questions, so it may contradict a single note; the two kinds do not mix.
        guide = parts[0].origin.is_guide
        pool = [s for s in self._with_notes if s.is_guide == guide and s.question not in asked and s.side(language)]
        near = [s for s in pool if s.area == area]
        chosen = [self._rng.choice(near if near and self._rng.random() < 0.5 else pool) for _ in range(count) if pool]
        return [note for s in chosen if (note := self._note_of(s, language))]

    def _note_of(self, situation: Situation, language: str) -> GroundingPassage | None:
        return self._part(situation, language).note(self._rng)

    def _order(self, part: _Part) -> list[str]:
        if part.side.order:
            return [part.fill(line) for line in part.side.order]
        if part.origin.kind == "missing":
            return []  # what is missing is the order, as often as not
        return order_lines(part.language, self._rng) if self._rng.random() < 0.2 else []


def _turns(part: _Part) -> list[Turn]:
    roles = {"C": Role.CUSTOMER, "A": Role.AGENT}
    return [Turn(role=roles[line[0]], text=part.fill(line[3:])) for line in part.side.thread]


def _mid_sentence(answer: str) -> str:
    """The answer as it goes on after "Also, "."""
    return answer[0].lower() + answer[1:] if answer.startswith(SENTENCE_STARTS) else answer


def _is_simple(side: Side | None) -> bool:
    return side is not None and not side.thread and not side.order and bool(side.notes)


def _answers(foreign: Side, part: _Part) -> bool:
    """Whether the other language's notes hold everything that the replies say, in the same letters."""
    wanted = slots_of([*part.side.replies, *part.side.asks])
    held = set.intersection(*[set(slots_of([note])) for note in foreign.notes]) if foreign.notes else set()
    return part.origin.same_facts and bool(held) and set(wanted) <= held and all(k in LANGUAGE_FREE for _, k in wanted)
