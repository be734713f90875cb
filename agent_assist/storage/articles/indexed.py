"""What the index keeps of an article: its passages with their words and vectors, and its questions."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent_assist.domain.knowledge import Article, Passage

# 384 values of float32, the width of the columns in the schema.
VECTOR_BYTES = 384 * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage, its index words and character pairs (blank-separated), and its unit vector or b"".

    `text_hash` names what the encoder reads of it (`text_hash`), b"" where its vector is not to be used again.
    """

    passage: Passage
    words: str
    pairs: str
    vector: bytes = b""
    text_hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArticle:
    """All that is stored of an article. `questions` are its own questions with their vectors (or b"")."""

    article: Article
    digest: str
    model: str
    passages: tuple[IndexedPassage, ...]
    questions: tuple[tuple[str, bytes], ...] = ()


def text_hash(text: str, *, question: bool = False) -> bytes:
    """16 bytes that name a text as the encoder reads it; a passage and a question have different vectors."""
    kind = b"question\0" if question else b"passage\0"
    return hashlib.blake2b(kind + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def with_vectors(indexed: IndexedArticle, vectors: Mapping[bytes, bytes], *, model: str) -> IndexedArticle:
    """`indexed` with vectors by `model`, told by the hashes of their texts.

    Where one is missing it has no vectors at all, so that it counts as outdated as a whole.
    """
    passages = tuple(replace(one, vector=vectors.get(one.text_hash, b"")) for one in indexed.passages)
    questions = tuple((text, vectors.get(text_hash(text, question=True), b"")) for text, _ in indexed.questions)
    if not all(one.vector for one in passages) or not all(vector for _, vector in questions):
        return indexed
    return replace(indexed, model=model, passages=passages, questions=questions)
