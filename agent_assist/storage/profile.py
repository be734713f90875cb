"""A user's profile: one folder with the database, the settings, and places for models, logs and backups."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from agent_assist.errors import StorageFaultError
from agent_assist.settings import Settings
from agent_assist.storage.database import Database

APP_NAME = "agent-assist"
_FOLDERS = ("models", "log", "backups")


def default_directory() -> Path:
    """Where the platform keeps a program's data, e.g. ~/.local/share/agent-assist."""
    return user_data_path(APP_NAME, appauthor=False)


class Profile:
    """An open profile; made by `open`."""

    def __init__(self, directory: Path, database: Database, settings: Settings) -> None:
        """Put the opened parts together."""
        self.directory = directory
        self.database = database
        self.settings = settings

    @classmethod
    async def open(cls, directory: Path | None = None, *, passphrase: str | None = None) -> "Profile":
        """Open or create the profile in `directory` (the platform's place by default).

        Raises `InputError` for a settings file that cannot be used, else like `Database.open`.
        """
        directory = directory or default_directory()
        try:
            for name in _FOLDERS:
                (directory / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFaultError(f"The folder {directory} cannot be created: {error.strerror}.") from error
        settings = Settings.load(directory / "settings.toml")
        database = await Database.open(directory / "profile.db", passphrase=passphrase)
        return cls(directory, database, settings)

    @property
    def models(self) -> Path:
        """Where models are installed."""
        return self.directory / "models"

    @property
    def log(self) -> Path:
        """Where log files go."""
        return self.directory / "log"

    async def backup(self) -> Path:
        """Copy the database into the backups folder, same passphrase; returns the copy's path."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        target = self.directory / "backups" / f"profile-{stamp}.db"
        await self.database.backup(target)
        return target

    async def close(self) -> None:
        """Finish what is queued and close the database; an error or cancel on the way does not leave it open."""
        await asyncio.shield(self.database.close())
