"""Keys of servers, in the system's keyring: never in a file of ours, never in a log."""

from contextlib import suppress

from agent_assist.errors import InputError

SERVICE = "agent-assist"
# Read by the engine in place of the keyring, for systems without one.
ENVIRONMENT = "AGENT_ASSIST_REPLY_KEY"


def keep_key(user: str, key: str) -> None:
    """Raises `InputError` where this system has no keyring that can be used."""
    import keyring

    try:
        keyring.set_password(SERVICE, user, key)
    except Exception as error:  # whatever the system's own store raises
        raise InputError(
            f"This system keeps no keys ({type(error).__name__}). Set {ENVIRONMENT} in the environment of the program "
            "instead, and leave --key out."
        ) from error


def forget_key(user: str) -> None:
    """Take a key out; nothing where there is none."""
    import keyring

    with suppress(Exception):
        keyring.delete_password(SERVICE, user)
