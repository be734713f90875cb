"""Rows as tokens, read by the reply model's own vocabulary: the trainer and the writer see the same ones."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from agent_assist.engine.protocol import Rewrite
from models.reply.corpus.reading import Read
from models.reply.corpus.rows import AnyRow, Row
from models.reply.prompt import Prompt, mark_token, render, render_rewrite, render_summary
from models.reply.runtime import Vocabulary, load_vocabulary
from models.reply.training.packs import Example

PROMPT_BUDGET = 900  # tokens; rows of the corpus stay below
# The mark decides what kind of reply follows, so it counts as much as several of the reply's tokens.
_MARK_WEIGHT = 4.0


class Encoder:
    """Turns rows into training examples."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._marks = {answered: mark_token(vocabulary, answered=answered) for answered in (True, False)}

    @classmethod
    def load(cls, model: Path) -> "Encoder":
        """Read the vocabulary of a GGUF; FileNotFoundError where there is none."""
        return cls(load_vocabulary(model))

    def count(self, text: str) -> int:
        """Tokens of `text` alone."""
        return len(self._vocabulary.tokenize(text))

    def packs(
        self, packs: Iterable[Sequence[AnyRow]], *, read: Callable[[Row], Read] | None = None
    ) -> list[list[Example]]:
        """Rows as examples, in the same packs; replies with their notes as `read` leaves them."""
        return [
            [self.row(row) if read is None or not isinstance(row, Row) else self.row(read(row)) for row in pack]
            for pack in packs
        ]

    def row(self, row: AnyRow | Read) -> Example:
        """A reply with the mark of whether it answers; the result of another task without one."""
        row, keys = (row.row, row.keys) if isinstance(row, Read) else (row, ())
        if isinstance(row, Row):
            prompt = render(row.draft, count=self.count, budget=PROMPT_BUDGET, keys=keys)
            plain = self.example(prompt, row.reply)
            return Example(
                plain.prompt, (self._marks[row.answered], *plain.reply), (_MARK_WEIGHT, *(1.0 for _ in plain.reply))
            )
        if isinstance(row.request, Rewrite):
            prompt = render_rewrite(row.request, count=self.count, budget=PROMPT_BUDGET)
        else:
            prompt = render_summary(row.request, count=self.count, budget=PROMPT_BUDGET)
        return self.example(prompt, row.result)

    def example(self, prompt: Prompt, reply: str) -> Example:
        """Prompt with the begin token, reply with the end token."""
        start = self._vocabulary.tokenize(prompt.text, begin=True)
        return Example(tuple(start), (*self._vocabulary.tokenize(reply), self._vocabulary.end))
