"""Keys lie in the system's store, or the user is told where else to put them."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from agent_assist.engine.keys import SERVICE, forget_key, keep_key
from agent_assist.errors import InputError
from models.reply.remote.keys import key_for


class Store(KeyringBackend):
    """One in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.delenv("AGENT_ASSIST_REPLY_KEY", raising=False)
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_key_is_kept_found_by_the_engine_and_forgotten(use: object, monkeypatch: pytest.MonkeyPatch) -> None:
    use(store := Store())  # type: ignore[operator]
    keep_key("lan", "k-1")
    assert store.held == {("agent-assist", "lan"): "k-1"}
    assert key_for(SERVICE, "lan") == "k-1"
    monkeypatch.setenv("AGENT_ASSIST_REPLY_KEY", "k-2")
    assert key_for(SERVICE, "lan") == "k-2"
    monkeypatch.delenv("AGENT_ASSIST_REPLY_KEY")
    forget_key("lan")
    forget_key("lan")
    assert key_for(SERVICE, "lan") == ""
    assert key_for("", "") == ""


def test_a_system_without_a_store_names_the_other_way(use: object) -> None:
    use(NoKeyring())  # type: ignore[operator]
    with pytest.raises(InputError, match="AGENT_ASSIST_REPLY_KEY"):
        keep_key("lan", "k-1")
    assert key_for(SERVICE, "lan") == ""
