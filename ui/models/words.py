"""What the models screen says: kinds and devices, in both languages. No Qt."""

from ui.i18n import I18n
from ui.ports.program import ModelCard
from ui.text_keys import Key

KINDS = {
    "encoder": Key.MODELS_KIND_ENCODER,
    "reply": Key.MODELS_KIND_REPLY,
    "adapter": Key.MODELS_KIND_ADAPTER,
    "evidence": Key.MODELS_KIND_EVIDENCE,
    "heads": Key.MODELS_KIND_HEADS,
    "reranker": Key.MODELS_KIND_RERANKER,
    "server": Key.MODELS_KIND_SERVER,
}
ROLES = {"encoder": Key.MODELS_ROLE_ENCODER, "reply": Key.MODELS_ROLE_REPLY, "reranker": Key.MODELS_ROLE_RERANKER}
DEVICES = {"cpu": Key.MODELS_DEVICE_CPU, "gpu": Key.MODELS_DEVICE_GPU, "cuda": Key.MODELS_DEVICE_GPU}


def size(i18n: I18n, count: int) -> str:
    """Bytes for people."""
    megabytes = count / 1e6
    return i18n(Key.MODELS_GB, n=0, size=f"{megabytes / 1000:.1f}") if megabytes >= 1000 else f"{megabytes:.0f} MB"


def card_line(i18n: I18n, card: ModelCard) -> str:
    """What is known of a model, in a line."""
    parts = [i18n(KINDS[card.kind]) if card.kind in KINDS else card.kind, card.version]
    if card.kind == "server":
        parts.append(card.base)
    elif card.base:
        parts.append(i18n(Key.MODELS_BASE, name=card.base))
    if card.size:
        parts.append(size(i18n, card.size))
    if card.license:
        parts.append(i18n(Key.MODELS_LICENCE, name=card.license))
    if card.shipped:
        parts.append(i18n(Key.MODELS_SHIPPED))
    return " · ".join(part for part in parts if part)
