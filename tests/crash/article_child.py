"""A program that edits one article after the other and says which edits are done, until it is killed.

`python -m tests.crash.article_child PROFILE ROUND`; "DOC_ID NUMBER WORD" is printed, flushed, once the edit that put
WORD into the article came back as version NUMBER.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine

ARTICLES = 5


async def edit_for_ever(profile: Path, round_number: int) -> None:
    """Never returns; the vectors are made in the background at the same time."""
    app = await open_app(profile, passphrase="key", engine=ScriptedEngine())
    await app.start()
    print("ready", flush=True)
    count = 0
    while True:
        doc_id = f"A{count % ARTICLES}"
        word = f"w{round_number}x{count}"
        newest = await app.articles.get(doc_id)
        version = await app.articles.save(
            replace(newest.article, text=f"Answer {word}.", variants=(f"{word} please",)), base=newest.number
        )
        print(doc_id, version.number, word, flush=True)
        count += 1


if __name__ == "__main__":
    asyncio.run(edit_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
