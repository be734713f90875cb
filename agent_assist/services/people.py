"""Who works here, as logs and histories name them."""

import getpass

from agent_assist.settings import Settings


def agent_name(settings: Settings) -> str:
    """The agent's name from the settings, else that of the account."""
    return settings.agent.name or getpass.getuser()


def team(settings: Settings) -> list[str]:
    """The colleagues that the settings name, each once."""
    names = (name.strip() for name in settings.agent.colleagues.replace("，", ",").replace("、", ",").split(","))
    return list(dict.fromkeys(name for name in names if name))
