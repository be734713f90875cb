"""Why a model runs where it does, in both languages. No Qt."""

import re

from ui.i18n import I18n
from ui.text_keys import Key

# The engine tells its reasons in English; the first that its sentence holds is told in the window's language.
_REASONS = (
    ("turned off in the settings", Key.MODELS_WHY_SET),
    ("as set", Key.MODELS_WHY_SET),
    ("no GPU support", Key.MODELS_WHY_BUILD),
    ("has no CUDA", Key.MODELS_WHY_BUILD),
    ("no GPU was found", Key.MODELS_WHY_NO_CARD),
    ("no NVIDIA driver", Key.MODELS_WHY_NO_CARD),
    ("int8 weights only", Key.MODELS_WHY_SMALL_WEIGHTS),
    ("had no memory for more", Key.MODELS_WHY_MEMORY),
    ("had not the memory", Key.MODELS_WHY_MEMORY),
    ("too few", Key.MODELS_WHY_MEMORY),
    ("on the GPU", Key.MODELS_WHY_FITS),
    ("GPU (torch", Key.MODELS_WHY_FITS),
)
_CONTEXT = re.compile(r"context ([\d,]+) of ([\d,]+)")
_LAYERS = re.compile(r"(\d+) of (\d+) layers|all (\d+) layers")


def why(i18n: I18n, detail: str) -> str:
    """Why a model runs where it does, with its layers on the card and its context where they are told."""
    told = [i18n(key) for words, key in _REASONS if words in detail][:1]
    if layers := _LAYERS.search(detail):
        some, of, every = layers.groups()
        told.append(i18n(Key.MODELS_LAYERS, some=some or every, of=of or every))
    if context := _CONTEXT.search(detail):
        told.append(i18n(Key.MODELS_CONTEXT, tokens=context[1], trained=context[2]))
    return " ".join(told)
