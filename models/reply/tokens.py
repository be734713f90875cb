"""The reply model's own tokenizer, read from its GGUF by llama.cpp: the trainer and the writer see the same tokens."""

from collections.abc import Sequence
from pathlib import Path

from models.reply.runtime import Vocabulary, load_vocabulary
from models.reply.training import Example


class Encoder:
    """Turns prompts and replies into training examples."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @classmethod
    def load(cls, model: Path) -> "Encoder":
        """Read the vocabulary of a GGUF; FileNotFoundError where there is none."""
        return cls(load_vocabulary(model))

    def count(self, text: str) -> int:
        """Tokens of `text` alone."""
        return len(self._vocabulary.tokenize(text))

    def example(self, prompt: str, reply: str) -> Example:
        """Prompt with the begin token, reply with the end token."""
        start: Sequence[int] = self._vocabulary.tokenize(prompt, begin=True)
        end = (*self._vocabulary.tokenize(reply), self._vocabulary.end)
        return Example(tuple(start), end)
