"""From the labels of the rows to those of the model: which answers count as right, and which labels nobody knows."""

from collections.abc import Collection, Iterable, Sequence

from models.evaluation.run import LabelMap
from models.training.errors import UnusableError

_SHOWN = 12


class Truth:
    """Reads labels through a map, where it names any of them; else they stand for themselves."""

    def __init__(self, names: Iterable[str], label_map: LabelMap | None) -> None:
        self._map = label_map if label_map and not label_map.keys().isdisjoint(names) else None

    @property
    def mapped(self) -> bool:
        """Whether the map is used."""
        return self._map is not None

    def accepted(self, labels: Iterable[str]) -> tuple[str, ...]:
        """The model's labels of which any is right, the first the usual one; empty where the map leaves the row out."""
        if self._map is None:
            return tuple(labels)
        return tuple(dict.fromkeys(name for label in labels for name in self._map.get(label, ())))


def check_known(what: str, wanted: Iterable[str], known: Collection[str], *, model: str) -> list[str]:
    """Warnings about labels that the model cannot tell. Raises `UnusableError` where it can tell none of them."""
    names = sorted(set(wanted))
    unknown = [name for name in names if name not in known]
    if names and len(unknown) == len(names):
        raise UnusableError(
            f"The model {model} knows none of the {what} of the rows ({shown(names)}); "
            f"it knows {shown(sorted(known))}. Choose another model, or name them in a map (--map)."
        )
    return [f"The model {model} does not know {shown(unknown)}; such {what} count as wrong."] if unknown else []


def shown(names: Sequence[str]) -> str:
    """The first names, and how many there are more."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "nothing"
