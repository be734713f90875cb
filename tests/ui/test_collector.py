"""Garbage is collected on the window's thread, and by nobody else while a window is open."""

import gc
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import Desk
from ui.collector import MainThreadCollector


class Cycle(QObject):
    """Holds itself, as a view does through the functions it is connected to."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.me = self
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


def fill(stop: int) -> None:
    """Allocate enough for Python to collect, if it were allowed to."""
    kept = [[] for _ in range(stop)]  # type: ignore[var-annotated]
    del kept


def test_another_thread_does_not_collect(qapp: QApplication) -> None:
    collector = MainThreadCollector(qapp)
    collector.start()
    try:
        ended: list[int] = []
        Cycle(ended)
        worker = threading.Thread(target=fill, args=(gc.get_threshold()[0] * 20,))
        worker.start()
        worker.join()
        assert ended == []
    finally:
        collector.stop()
    assert ended == [threading.get_ident()]
    assert gc.isenabled()


def test_what_is_due_is_collected(qapp: QApplication) -> None:
    collector = MainThreadCollector(qapp)
    collector.start()
    try:
        ended: list[int] = []
        Cycle(ended)
        kept = [[] for _ in range(gc.get_threshold()[0] + 10)]  # type: ignore[var-annotated]
        collector.collect_due()
        assert ended == [threading.get_ident()]
        assert kept
    finally:
        collector.stop()


def test_an_open_window_looks_after_its_garbage(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    assert not gc.isenabled()
    desk.window.close()
    desk.turn()
    desk.settle()
    assert gc.isenabled()


def test_what_the_program_is_made_of_is_not_looked_at_again(qapp: QApplication) -> None:
    gc.unfreeze()  # what the session of tests has set aside
    collector = MainThreadCollector(qapp)
    collector.start()
    try:
        standing, ended = [[]], list[int]()  # type: ignore[var-annotated]
        collector.settle()
        assert not any(one is standing for one in gc.get_objects())
        Cycle(ended)
        gc.collect()
        assert ended == [threading.get_ident()]
    finally:
        collector.stop()
        assert not gc.get_freeze_count()
        gc.freeze()


def test_what_others_set_aside_stays_so(qapp: QApplication) -> None:
    gc.freeze()
    before = gc.get_freeze_count()
    collector = MainThreadCollector(qapp)
    collector.start()
    collector.settle()
    collector.stop()
    assert gc.get_freeze_count() == before
