"""A row of tickets answered by keyboard alone: real key events through an X server into the real window.

Needs Xvfb and xdotool, for pinyin also ibus with libpinyin; without them these tests are skipped. Twenty tickets over
the real models take minutes: `make e2e`.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.tickets import TicketState
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e.keyboard import INPUT_METHOD, Keyboard, State, display, keyboard, missing, pinyin

TICKETS = 20
PREPARED = 10  # the others are prepared meanwhile, as on any day
EDIT = " Kind regards"
OWN = "Thank you for writing, we are looking into it."
WAITS = ("ready", "none", "away")
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}")]


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    with display() as found:
        yield found


def acts_in(profile: Path) -> tuple[list[FeedbackEvent], dict[str, TicketState]]:
    """What the profile holds after the window was closed, oldest first, and the states of the tickets acted on."""

    async def read() -> tuple[list[FeedbackEvent], dict[str, TicketState]]:
        app = await open_app(profile, engine=ScriptedEngine())
        events = list(reversed(await app.feedback.events(limit=1_000)))
        states = {event.ticket_id: (await app.tickets.get(event.ticket_id)).state for event in events}
        await app.close()
        return events, states

    return asyncio.run(read())


def open_first(driven: Keyboard) -> State:
    driven.press("j")
    return driven.until(lambda now: now["ticket"] and now["ticket"] == now["selected"])


def on_to_the_next(driven: Keyboard, ticket: str) -> None:
    driven.until(lambda now: now["ticket"] != ticket and now["ticket"] == now["selected"])


def accept(driven: Keyboard, ticket: str) -> int:
    """Send the draft as it is; how many keys it took until the next ticket was open."""
    before = driven.keys
    driven.press("alt+a")
    now = driven.until(lambda now: now["ticket"] != ticket or now["confirming"])
    if now["ticket"] == ticket:  # a doubt is confirmed
        driven.press("alt+a")
    on_to_the_next(driven, ticket)
    return driven.keys - before


def send(driven: Keyboard, ticket: str) -> None:
    """Send what is in the editor and go on; what has no source is confirmed."""
    driven.press("ctrl+shift+Return")
    now = driven.until(lambda now: now["ticket"] != ticket or now["confirming"])
    if now["ticket"] == ticket:
        driven.press("ctrl+shift+Return")
    on_to_the_next(driven, ticket)


def write(driven: Keyboard) -> None:
    """Put the keyboard into the editor."""
    driven.press("shift+F6")
    driven.until(lambda now: now["writes"])


def edit(driven: Keyboard, ticket: str) -> None:
    """Take the draft, change it, send it."""
    write(driven)
    driven.press("Tab")
    driven.until(lambda now: now["text"])
    driven.press("ctrl+End")
    driven.type(EDIT)
    driven.until(lambda now: now["text"].endswith(EDIT))
    send(driven, ticket)


def answer(driven: Keyboard, ticket: str) -> None:
    """Write a reply where there is no draft."""
    write(driven)
    driven.type(OWN)
    driven.until(lambda now: now["text"] == OWN)
    send(driven, ticket)


def relabel(driven: Keyboard) -> None:
    """Give the message another intent, by typing its name."""
    acts = driven.state["acts"]
    driven.press("ctrl+l")
    driven.until(lambda now: now["picks"])
    driven.type("refund prog")
    driven.settle(0.3)
    driven.press("Return")
    driven.until(lambda now: now["acts"] > acts and not now["picks"])


def triage(driven: Keyboard, count: int) -> tuple[list[str], list[int]]:
    """Answer `count` tickets one after the other; what was done with each, and the keys that each accepted one took."""
    open_first(driven)
    done: list[str] = []
    keys: list[int] = []
    for number in range(count):
        now = driven.until(lambda now: now["phase"] in WAITS and now["ticket"] == now["selected"])
        ticket = now["ticket"]
        if number % 5 == 2:
            relabel(driven)
            now = driven.until(lambda now: now["phase"] in WAITS)
        if now["phase"] != "ready":
            answer(driven, ticket)
            done.append("written")
        elif number % 4 == 3:
            edit(driven, ticket)
            done.append("edited")
        else:
            keys.append(accept(driven, ticket))
            done.append("accepted")
    return done, keys


def check(profile: Path, done: list[str], keys: list[int]) -> None:
    events, states = acts_in(profile)
    sent = [event for event in events if event.final_text is not None]
    assert [event.kind.value for event in sent] == done
    assert len({event.ticket_id for event in sent}) == len(done)
    assert {states[event.ticket_id] for event in sent} == {TicketState.ANSWERED}
    assert all(event.final_text and event.final_text.endswith(EDIT) for event in sent if event.kind == "edited")
    assert sum(event.kind is FeedbackKind.INTENTS_CORRECTED for event in events) == len(done) // 5
    assert keys, "nothing was accepted"
    assert max(keys) <= 2
    print(f"{len(done)} tickets; keys an accepted ticket: {sum(keys) / len(keys):.2f} of {len(keys)}")


def test_tickets_are_answered_by_keys_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    profile = tmp_path / "profile"
    with keyboard(profile, environment, "--scripted") as driven:
        done, keys = triage(driven, 5)
    check(profile, done, keys)


@pytest.mark.models
@pytest.mark.skipif("AGENT_ASSIST_E2E" not in os.environ, reason="takes minutes: make e2e")
def test_twenty_tickets_are_answered_over_the_real_models(tmp_path: Path, environment: dict[str, str]) -> None:
    profile = tmp_path / "profile"
    with keyboard(profile, environment, "--prepare", str(PREPARED)) as driven:
        done, keys = triage(driven, TICKETS)
    check(profile, done, keys)


def test_a_sent_reply_is_taken_back_by_a_key(tmp_path: Path, environment: dict[str, str]) -> None:
    profile = tmp_path / "profile"
    with keyboard(profile, environment, "--scripted") as driven:
        ticket = open_first(driven)["ticket"]
        driven.until(lambda now: now["phase"] in WAITS)
        answer(driven, ticket)
        driven.press("ctrl+z")
        driven.until(lambda now: now["ticket"] == ticket and now["text"] == OWN)
    events, _states = acts_in(profile)
    assert events == []


def start_anew(driven: Keyboard) -> None:
    """Have the input method drop what it still holds without showing it (libpinyin after Tab), and empty the editor."""
    driven.press("Escape")
    if not driven.settle()["seen"]:  # it held nothing, and the window took the key: the draft is put away
        driven.press("Escape")
        driven.until(lambda now: now["seen"])
    driven.press("ctrl+a", "Delete")
    driven.until(lambda now: not now["text"])


def compose(driven: Keyboard) -> None:
    """Begin to write in pinyin. The input method takes a moment until it has the editor; what it missed goes again."""
    for _ in range(10):
        driven.type("nihao")
        driven.until(lambda now: now["preedit"] or now["text"])
        if driven.settle(1.0)["preedit"]:
            assert driven.state["text"] == ""
            return
        driven.press("ctrl+a", "Delete")
        driven.until(lambda now: not now["text"])
    raise AssertionError(f"the input method composes nothing: {driven.state}")


@pytest.mark.skipif(bool(missing(*INPUT_METHOD)), reason=f"not installed: {missing(*INPUT_METHOD)}")
def test_nothing_is_taken_or_sent_while_pinyin_is_composed(tmp_path: Path, environment: dict[str, str]) -> None:
    profile = tmp_path / "profile"
    with pinyin(environment) as with_ibus, keyboard(profile, with_ibus, "--scripted") as driven:
        driven.press("alt+Down")
        ticket = driven.until(lambda now: now["phase"] == "ready" and now["seen"])["ticket"]
        driven.press("Return")  # not Shift+F6: Shift alone changes the input method's language
        driven.until(lambda now: now["writes"])
        compose(driven)
        for key in ("Tab", "alt+a", "ctrl+Return", "ctrl+shift+Return", "ctrl+r", "alt+Down"):
            driven.press(key)
            now = driven.settle()
            assert (now["ticket"], now["acts"], now["phase"]) == (ticket, 0, "ready"), key
            if not now["preedit"]:  # the input method ended over it: what it wrote is text, nothing of the draft
                assert len(now["text"]) <= len("nihao"), key
                start_anew(driven)
                compose(driven)
        driven.press("space")
        written = driven.until(lambda now: now["text"] and not now["preedit"])
        assert "你" in written["text"]
        driven.press("Tab")
        assert driven.settle()["text"] == written["text"]
    events, _states = acts_in(profile)
    assert events == []
