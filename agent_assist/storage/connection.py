"""Opening SQLite connections through sqlcipher3, and telling the environment's faults from our bugs."""

import hashlib
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from agent_assist.errors import ProfileError, ProfileLockedError, StorageFaultError

if TYPE_CHECKING:
    # sqlcipher3 ships no types; its connections are used exactly like the standard library's.
    from sqlite3 import Connection, Row
else:
    Connection = driver.Connection
    Row = driver.Row

__all__ = ["BUSY_TIMEOUT_MS", "Connection", "Row", "connect", "fault"]

# A second program on the same profile (the command line beside the window) waits this long for its turn.
BUSY_TIMEOUT_MS = 5000

# Pages of the file that a connection keeps, which over a day become as many as it may. A list of 100,000 tickets is
# counted from its index, 7 MB, in half the time where that stays; the writer touches few pages twice.
READING_CACHE_KB, WRITING_CACHE_KB = 16_000, 8_000

_NOTADB = 26
# An encrypted file begins with the salt of its key.
_SALT_BYTES = 16
# What SQLCipher takes for a key instead of a passphrase: 32 bytes, or 48 with the salt, in hexadecimal.
_IS_KEY = re.compile(r"x'(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{96})'", re.IGNORECASE)
_BUSY = "The profile is being written by another program. Close it and try again."

# By primary result code, https://sqlite.org/rescode.html
_FAULTS = {
    3: "The profile cannot be used. Check the permissions of its folder.",  # PERM
    5: _BUSY,  # BUSY
    6: _BUSY,  # LOCKED
    7: "There is not enough memory to use the profile. Close other programs and try again.",  # NOMEM
    8: "The profile cannot be written. Check that its folder is not write-protected.",  # READONLY
    10: "The disk gave an error while the profile was used. Check the disk and its free space.",  # IOERR
    11: "The profile's database is damaged. Restore the newest file of its backups folder.",  # CORRUPT
    13: "The disk is full. Free some space; nothing that was saved before is lost.",  # FULL
    14: "The profile's database cannot be opened. Check that its folder exists and may be written.",  # CANTOPEN
}


def fault(error: BaseException) -> ProfileError | None:
    """The error a person can act upon behind a driver's error, None where the error is a bug of ours."""
    if not isinstance(error, driver.DatabaseError):
        return None
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == _NOTADB:
        return ProfileLockedError("The passphrase is missing or wrong, or the file is not a profile.")
    sentence = _FAULTS.get(code)
    return StorageFaultError(sentence) if sentence else None


def connect(
    path: Path, *, passphrase: str | None = None, read_only: bool = False, immutable: bool = False
) -> Connection:
    """Open `path` in autocommit mode with sqlite-vec loaded.

    With a passphrase the file is encrypted by SQLCipher 4 (AES-256, a page's MAC is checked on every read). A missing
    file is created unless `read_only`. `immutable` (of use with `read_only`) promises that nobody writes meanwhile and
    leaves no file beside it, but does not see a write-ahead log. The key is only tried by the first statement that
    reads the file. Connections may move between threads but serve one at a time. Raises the driver's errors; see
    `fault`.
    """
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rwc") + ("&immutable=1" if immutable else "")
    connection: Connection = driver.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection, _key(path, passphrase) if passphrase else "")
        connection.execute(f"PRAGMA cache_size = -{READING_CACHE_KB if read_only else WRITING_CACHE_KB}")
        connection.execute("PRAGMA query_only = " + ("ON" if read_only else "OFF"))
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection, key: str) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is reported by us, not on standard error
    if key:
        connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
    connection.row_factory = Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.enable_load_extension(True)
    connection.load_extension(_vector_extension())
    connection.enable_load_extension(False)


def _key(path: Path, passphrase: str) -> str:
    """What SQLCipher is told: the key itself where the file is there, so that a profile's connections derive it once.

    Deriving takes a tenth of a second on purpose, and a start has three connections wait for it.
    """
    if _IS_KEY.fullmatch(passphrase) or "\0" in passphrase:
        return passphrase
    try:
        with path.open("rb") as file:
            salt = file.read(_SALT_BYTES)
    except FileNotFoundError:
        return passphrase
    return f"x'{_derived(passphrase, salt).hex()}'" if len(salt) == _SALT_BYTES else passphrase


@lru_cache(maxsize=2)
def _derived(passphrase: str, salt: bytes) -> bytes:
    """As SQLCipher 4 derives it, https://www.zetetic.net/sqlcipher/design/."""
    return hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, 256_000, dklen=32)


@cache
def _vector_extension() -> str:
    """sqlite-vec's library, by its file: importing the package would import NumPy, which the core does without."""
    spec = find_spec("sqlite_vec")
    if spec is None or spec.origin is None:
        raise StorageFaultError("The part sqlite-vec of the program is missing. Install the program again.")
    return str(Path(spec.origin).with_name("vec0"))
