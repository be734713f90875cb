"""Which reranker is in use, if any."""

from pathlib import Path

from models.understanding.choice import read_card


def chosen_reranker(models_dir: Path) -> Path | None:
    """The folder of the active reranker; None where there is none, which is how the program comes."""
    cards = sorted((models_dir / "reranker").glob("[!.]*/model.json"))
    return next((card.parent for card in cards if read_card(card.parent).get("active")), None)
