"""Parts that are made when they are first asked for, so that a start does not wait for what it does not show.

An import at the head of a module loads all that the module may ever need. A `Late` part names the function that makes
it by its module instead, and that module is imported with the first use. Nothing else in the program is imported by
name.
"""

import asyncio
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Generic, Self, TypeVar, overload

Part = TypeVar("Part", covariant=True)


class Late(Generic[Part]):
    """An attribute that `builder`, written "package.module:function", makes of its owner on first use; then it stays.

    The type is written beside it, imported for checking alone: `gaps: Late[GapService] = Late("...:gaps")`.
    """

    def __init__(self, builder: str) -> None:
        self.module, _, self.function = builder.partition(":")
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type) -> Part: ...
    def __get__(self, owner: object | None, kind: type) -> Self | Part:
        if owner is None:
            return self
        part: Part = getattr(import_module(self.module), self.function)(owner)
        vars(owner)[self._name] = part  # found there from now on, without this method
        return part

    def made(self, owner: object) -> Part | None:
        """The part where it was asked for before, else None; makes nothing."""
        part: Part | None = vars(owner).get(self._name)
        return part


def parts(kind: type) -> dict[str, Late[Any]]:
    """The late parts of a class by name, in the order in which they are written."""
    return {name: part for name, part in vars(kind).items() if isinstance(part, Late)}


async def load(modules: Iterable[str]) -> None:
    """Import modules one by one, letting the event loop turn between them."""
    for module in modules:
        import_module(module)
        await asyncio.sleep(0)
