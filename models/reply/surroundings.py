"""What stands around the passage that answers: longer articles, passages that do not matter, order lines."""

import random
from collections.abc import Sequence

from agent_assist.engine.protocol import GroundingPassage
from models.reply.phrases import order_lines
from models.reply.rows import Part
from models.reply.situations import Situation
from models.reply.slots import draw


class Surroundings:
    """Draws passages and order lines from a set of situations."""

    def __init__(self, situations: Sequence[Situation], rng: random.Random) -> None:
        self._with_notes = [s for s in situations if any(side and side.notes for side in (s.zh, s.en))]
        self._rng = rng

    def part(self, situation: Situation, language: str) -> Part:
        """The situation with values drawn for both its languages."""
        texts = [text for side in (situation.zh, situation.en) if side for text in side.texts()]
        side = situation.side(language)
        assert side is not None
        return Part(situation, side, language, draw(texts, self._rng))

    def passages(self, note: GroundingPassage | None, parts: Sequence[Part]) -> list[GroundingPassage]:
        """The passage that answers, alone or inside a longer article, among passages that do not."""
        rng = self._rng
        notes: list[GroundingPassage] = []
        if note:
            if rng.random() < 0.4 and not parts[0].origin.is_guide:
                more = [n.text for n in self.distractors(parts, rng.randint(1, 2))]
                texts = [*more, note.text]
                rng.shuffle(texts)
                note = GroundingPassage(doc_id=note.doc_id, title=note.title, text=" ".join(texts))
            notes.append(note)
        others = self.distractors(parts, rng.choice((0, 0, 1, 1, 2)))
        if rng.random() < 0.65:
            return notes + others
        return others[:1] + notes + others[1:]

    def distractors(self, parts: Sequence[Part], count: int) -> list[GroundingPassage]:
        """Passages about other questions, half of them of the same area, since those are the hard ones."""
        language = parts[0].language
        asked = {part.origin.question for part in parts}
        area = parts[0].origin.area
        # A guide answers many questions, so it may contradict a single note; the two kinds do not mix.
        guide = parts[0].origin.is_guide
        pool = [s for s in self._with_notes if s.is_guide == guide and s.question not in asked and s.side(language)]
        near = [s for s in pool if s.area == area]
        chosen = [self._rng.choice(near if near and self._rng.random() < 0.5 else pool) for _ in range(count) if pool]
        return [note for s in chosen if (note := self.note_of(s, language))]

    def note_of(self, situation: Situation, language: str) -> GroundingPassage | None:
        """A note of the situation with values of its own."""
        return self.part(situation, language).note(self._rng)

    def order(self, part: Part) -> list[str]:
        """The situation's order lines, or now and then lines that do not matter."""
        if part.side.order:
            return [part.fill(line) for line in part.side.order]
        if part.origin.kind == "missing":
            return []  # what is missing is the order, as often as not
        return order_lines(part.language, self._rng) if self._rng.random() < 0.2 else []

    def notes_elsewhere(self, part: Part) -> list[GroundingPassage]:
        """Up to three passages of other areas, which cannot answer."""
        rng = self._rng
        away = [s for s in self._with_notes if s.area != part.origin.area and not s.is_guide and s.side(part.language)]
        notes = [self.note_of(s, part.language) for s in rng.sample(away, min(len(away), rng.randint(0, 3)))]
        return [note for note in notes if note]
