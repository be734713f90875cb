"""The tone that a shop writes in, out of its settings."""

from agent_assist.domain.wording import Tone
from agent_assist.settings import Settings

_OF_SHOP = {"friendly": Tone.WARM, "formal": Tone.FORMAL, "concise": Tone.SHORT}


def shop_tone(settings: Settings) -> Tone:
    """The setting `suggestion.tone`, or what `shop.tone` says where it refers to that."""
    chosen = settings.suggestion.tone
    return _OF_SHOP[settings.shop.tone] if chosen == "shop" else Tone(chosen)
