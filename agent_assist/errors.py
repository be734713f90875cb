"""The errors that a person or a caller can act upon.

    AgentAssistError
    ├── InputError            what was given cannot be used; nothing was changed
    │   ├── ImportRowError    one row of a file; the other rows go on
    │   └── ChangedMeanwhileError  somebody else saved first; what was to be saved is still the caller's
    ├── NotFoundError         the ticket, article, model or event named does not exist
    ├── ProfileError          the profile cannot be opened or written
    │   ├── ProfileTooNewError    written by a newer version of the program
    │   ├── ProfileLockedError    wrong or missing passphrase
    │   └── StorageFaultError     disk full, read-only, I/O error: the environment's fault, not a bug
    └── EngineError           the model process did not give an answer
        ├── EngineUnavailableError   not started, died, or its model is not installed
        ├── EngineRefusedError       the request was understood and refused, with the reason
        │   └── ModelTooSmallError   the reply model in use does not manage this, or so long a text
        └── CancelledByNewerError    a newer version of the ticket made the answer useless

Every message is a sentence that says what to do next.
"""


class AgentAssistError(Exception):
    """Root of everything this program raises on purpose."""


class InputError(AgentAssistError):
    """The given file, text or option cannot be used; stored data is unchanged."""


class ImportRowError(InputError):
    """One row cannot be read. `line` counts from 1 and is 0 where a file has no lines."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class ChangedMeanwhileError(InputError):
    """The article has a newer version than the one that was worked on; nothing was stored over it."""


class NotFoundError(AgentAssistError):
    """Nothing is stored under that id."""


class ProfileError(AgentAssistError):
    """The profile cannot be opened or written."""


class ProfileTooNewError(ProfileError):
    """The profile was written by a newer version; it is left untouched."""


class ProfileLockedError(ProfileError):
    """The passphrase is missing or wrong."""


class StorageFaultError(ProfileError):
    """The disk, not the program: full, read-only, or failing."""


class EngineError(AgentAssistError):
    """The engine process gave no answer."""


class EngineUnavailableError(EngineError):
    """The engine is not running, or the model it needs is not installed."""


class EngineRefusedError(EngineError):
    """The engine refused the request and said why."""


class ModelTooSmallError(EngineRefusedError):
    """The text has `tokens` and the model manages `limit` of them for this task and language, 0 where none."""

    def __init__(self, message: str, *, tokens: int = 0, limit: int = 0) -> None:
        super().__init__(message)
        self.tokens = tokens
        self.limit = limit


class CancelledByNewerError(EngineError):
    """The ticket changed while the engine worked on an older version of it."""
