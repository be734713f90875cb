"""A summary's JSON by grammar: whatever the model wants to write, what comes out has the fields and is whole.

llama.cpp's grammar sampler over all 262,144 tokens costs 40 ms a token. Models mostly want what is allowed, so the
likeliest token is asked about alone (some µs); only when it is refused, the likeliest few, and only then all of them.
"""

import ctypes
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import SUMMARY_FIELDS
from models.reply.runtime import Vocabulary

# Characters a field may have: four of them, their names and the signs between fit into 256 tokens in both languages.
FIELD_CHARS = {"zh": 64, "en": 190}
_LIKELIEST = 64
_REFUSED = -1e30
# Quotation marks and backslashes may stand escaped, control characters not at all.
_CHAR = r'[^"\\\x7F\x00-\x1F] | "\\" ["\\]'


def summary_grammar(language: str) -> str:
    """GBNF of a JSON object with exactly the fields of a summary, in order, each a short string."""
    most = FIELD_CHARS.get(language, FIELD_CHARS["en"])
    texts = [f'"{_escaped(part)}" text' for part in _parts()[:-1]]
    return f'root ::= {" ".join(texts)} "{_escaped(_parts()[-1])}"\ntext ::= char{{0,{most}}}\nchar ::= {_CHAR}\n'


def close_summary(text: str) -> str | None:
    """What has to follow `text`, the beginning of a summary, to make it whole; the fields that are missing are empty.

    None where not even the first field says anything.
    """
    rest, told, parts = text, "", _parts()
    for number, part in enumerate(parts):
        missing = "".join(parts[number + 1 :])
        if not rest.startswith(part):
            return part[len(rest) :] + missing if told.strip() else None
        rest = rest[len(part) :]
        length = _string_length(rest)
        told = rest[:length] if number == 0 else told
        if missing and length == len(rest):  # it ends in this field
            escape = "\\" if (len(rest) - len(rest.rstrip("\\"))) % 2 else ""
            return escape + missing if told.strip() else None
        rest = rest[length:]
    return ""


class Grammar:
    """Where a text stands in a grammar. Not thread-safe; freed with the object."""

    def __init__(self, vocabulary: Vocabulary, gbnf: str) -> None:
        self._vocabulary = vocabulary  # keeps the memory behind the sampler alive
        self._sampler: Any = llama_cpp.llama_sampler_init_grammar(vocabulary.handle, gbnf.encode(), b"root")
        if not self._sampler:
            raise ValueError("llama.cpp cannot read the grammar.")

    def pick(self, logits: NDArray[np.float32]) -> int:
        """The likeliest token that may follow, which then counts as written."""
        token = int(logits.argmax())
        if not self._allowed(np.array([token]))[0]:
            token = self._next_best(logits)
        if not self._vocabulary.is_end(token):
            llama_cpp.llama_sampler_accept(self._sampler, token)
        return token

    def _next_best(self, logits: NDArray[np.float32]) -> int:
        likeliest = np.argpartition(logits, -_LIKELIEST)[-_LIKELIEST:]
        for tokens in (likeliest, np.arange(len(logits))):
            allowed = tokens[self._allowed(tokens)]
            if len(allowed):
                return int(allowed[logits[allowed].argmax()])
        return self._vocabulary.end  # a vocabulary without the characters: nothing can be written

    def _allowed(self, tokens: NDArray[np.intp]) -> NDArray[np.bool_]:
        entries = (llama_cpp.llama_token_data * len(tokens))()
        table = np.ctypeslib.as_array(entries)
        table["id"] = tokens
        array = llama_cpp.llama_token_data_array(data=entries, size=len(tokens), selected=-1, sorted=False)
        llama_cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return np.asarray(table["logit"] > _REFUSED)

    def __del__(self) -> None:
        if self._sampler:
            llama_cpp.llama_sampler_free(self._sampler)
            self._sampler = None


def _parts() -> list[str]:
    """What stands before, between and after the texts; spaced as `json.dumps` does, which is how the corpus has it."""
    first, *others = SUMMARY_FIELDS
    return [f'{{"{first}": "', *(f'", "{name}": "' for name in others), '"}']


def _string_length(text: str) -> int:
    """Characters up to the quotation mark that ends a JSON string."""
    place = 0
    while place < len(text) and text[place] != '"':
        place += 2 if text[place] == "\\" else 1
    return min(place, len(text))


def _escaped(part: str) -> str:
    return part.replace('"', '\\"')
