"""Real key events: an X server without a screen (Xvfb), the program's window on it, and xdotool for the keys."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).parents[2]
TOOLS = ("Xvfb", "xdotool")
INPUT_METHOD = ("ibus-daemon", "ibus", "dbus-daemon")
ENGINE = "libpinyin"
# A machine at its limit takes a minute for what takes a second; only ever waited for in full where a test fails.
PATIENCE_S = 180.0

State = dict[str, Any]


def missing(*more: str) -> str:
    """Tools that are not installed, "" for none."""
    return " ".join(tool for tool in (*TOOLS, *more) if shutil.which(tool) is None)


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """An X server of its own; yields the environment for programs on it."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writes,), stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    finally:
        server.terminate()
        server.wait()


@contextmanager
def pinyin(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A session bus and ibus with its pinyin engine chosen; yields the environment for programs that use them."""
    with tempfile.TemporaryDirectory() as folder:  # a socket's path has at most 107 characters
        yield from _session(environment, Path(folder))


def _session(environment: Mapping[str, str], folder: Path) -> Iterator[dict[str, str]]:
    homes = {name: folder / name.lower() for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")}
    for home in homes.values():
        home.mkdir(mode=0o700, parents=True)
    found = {**environment, **{name: str(home) for name, home in homes.items()}, "QT_IM_MODULE": "ibus"}
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=found,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    daemon: subprocess.Popen[bytes] | None = None
    try:
        assert bus.stdout is not None
        found["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        command = ["ibus-daemon", "--panel", "disable", "--replace"]
        daemon = subprocess.Popen(command, env=found, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_S
        while ENGINE not in _said("ibus", "engine", environment=found):
            assert time.monotonic() < end, "ibus does not come up"
            _said("ibus", "engine", ENGINE, environment=found)
        yield found
    finally:
        if daemon is not None:
            daemon.terminate()
            daemon.wait()
        bus.terminate()
        bus.wait()


def _said(*command: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=PATIENCE_S)
    return done.stdout


class Keyboard:
    """A window on a display and the keys for it. `keys` counts those that were pressed."""

    def __init__(self, child: "subprocess.Popen[str]", environment: Mapping[str, str]) -> None:
        self._child = child
        self._environment = dict(environment)
        self._lines: Queue[State | None] = Queue()
        self.keys = 0
        self.state: State = {}
        self.window = 0
        threading.Thread(target=self._read, daemon=True).start()

    def wait_until_ready(self) -> None:
        """The window is there, its drafts are prepared, and it has the keyboard."""
        while (line := self._next(5 * PATIENCE_S))["said"] != "ready":
            pass
        self.window = line["window"]
        self.run("xdotool", "windowfocus", "--sync", str(self.window))

    def press(self, *keys: str) -> None:
        """Press keys one after the other, such as "alt+a"."""
        for key in keys:
            self.keys += 1
            self.run("xdotool", "key", "--clearmodifiers", key)

    def type(self, text: str) -> None:
        """Type ASCII text."""
        self.keys += len(text)
        self.run("xdotool", "type", "--delay", "15", text)

    def until(self, condition: Callable[[State], object]) -> State:
        """Wait until the window shows what `condition` wants; returns that state."""
        end = time.monotonic() + PATIENCE_S
        while not self.state or not condition(self.state):
            line = self._next(end - time.monotonic())
            if line["said"] == "state":
                self.state = line
        return self.state

    def settle(self, seconds: float = 0.5) -> State:
        """Take in all that is said until nothing more is for a while: for what must not happen."""
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except Empty:
                return self.state
            assert line is not None, "the window is gone"
            if line["said"] == "state":
                self.state = line

    def run(self, *command: str) -> None:
        """A tool on the same display."""
        subprocess.run(command, env=self._environment, check=True, capture_output=True, timeout=PATIENCE_S)

    def _next(self, seconds: float) -> State:
        try:
            line = self._lines.get(timeout=max(0.0, seconds))
        except Empty:
            raise AssertionError(f"the window still shows {self.state}") from None
        assert line is not None, f"the window is gone; it showed {self.state}"
        return line

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            if line.startswith("{"):
                self._lines.put(json.loads(line))
        self._lines.put(None)


@contextmanager
def keyboard(profile: Path, environment: Mapping[str, str], *options: str) -> Iterator[Keyboard]:
    """A window over `profile` that has the keyboard; closed by Ctrl+Q, else ended."""
    command = [sys.executable, "-m", "tests.e2e.keyboard_child", str(profile), *options]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(environment), cwd=ROOT)
    try:
        driven = Keyboard(child, environment)
        driven.wait_until_ready()
        yield driven
        driven.press("ctrl+q")
        assert child.wait(PATIENCE_S) == 0
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
