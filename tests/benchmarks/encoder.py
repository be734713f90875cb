"""The built starter encoder for benchmarks, through the same class that the engine uses."""

from collections.abc import Callable, Sequence
from pathlib import Path

from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.protocol import TextKind, Turn

Read = Callable[[Sequence[str]], list[Understanding]]
Embed = Callable[[Sequence[str], TextKind], list[bytes]]
_BATCH = 32


def load_embed(models: Path) -> Embed:
    """Texts to unit vectors (float32, little-endian). Exits with a sentence where no encoder is built in `models`."""
    try:
        from models.understanding.reader import Reader

        reader = Reader.load(models)
    except (ImportError, FileNotFoundError) as error:
        raise SystemExit(
            f"No encoder: {error}. Build the models first (make setup), or name them with --models."
        ) from error

    def embed(texts: Sequence[str], kind: TextKind) -> list[bytes]:
        # Texts of like length in a batch waste no padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = [b""] * len(texts)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            for index, row in zip(batch, reader.embed([texts[i] for i in batch], kind), strict=True):
                vectors[index] = row.astype("<f4").tobytes()
        return vectors

    return embed


def load_read(models: Path) -> Read:
    """Texts to what the starter heads read out of each. Exits like `load_embed`."""
    load_embed(models)  # says what is missing
    from models.understanding.reader import Reader

    reader = Reader.load(models)

    def read(texts: Sequence[str]) -> list[Understanding]:
        found: list[Understanding] = []
        for start in range(0, len(texts), _BATCH):
            threads = [[Turn(role=Role.CUSTOMER, text=text or "?")] for text in texts[start : start + _BATCH]]
            found.extend(reader.understand(threads)[0])
        return found

    return read
