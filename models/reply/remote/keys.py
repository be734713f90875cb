"""The key of a server: from the environment, else from the system's keyring. It is never written to a file or a log."""

import logging
import os

logger = logging.getLogger(__name__)
ENVIRONMENT = "AGENT_ASSIST_REPLY_KEY"


def key_for(service: str, user: str) -> str:
    """The key that is kept under these names; "" where there is none."""
    if given := os.environ.get(ENVIRONMENT, ""):
        return given
    if not user:
        return ""
    try:
        import keyring

        return keyring.get_password(service, user) or ""
    except Exception as error:  # backends of many systems; without the key the server says that it wants one
        logger.warning("the keyring gives no key: %s", type(error).__name__)
        return ""
