"""The services in memory, over the sample shop: what the window's tests (and its pictures) run on.

They keep the contracts of `ui.ports` that the window relies on: rows in pages, one event an act, undo of each act,
and an engine that can go away.
"""

from tests.ui.doubles.samples import sample_articles, sample_path, sample_tickets
from tests.ui.doubles.services import ServicesDouble
from tests.ui.doubles.shelf import Shelf
from tests.ui.doubles.suggesting import drafted, not_answered, silent
from tests.ui.doubles.tickets import TicketsDouble

__all__ = [
    "ServicesDouble",
    "Shelf",
    "TicketsDouble",
    "drafted",
    "not_answered",
    "sample_articles",
    "sample_path",
    "sample_tickets",
    "silent",
]
