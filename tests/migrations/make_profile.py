"""Writes the stored database of a schema: `python -m tests.migrations.make_profile N` makes profiles/schemaNNNN.db.gz.

Run once when step N is new and released, before the next one exists; the file is then never made again, because the
code that filled it will have moved on. It holds one ticket with a reply and an undone correction.
"""

import gzip
import sys
from pathlib import Path

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.storage import acts
from agent_assist.storage.arrivals import add_tickets
from agent_assist.storage.connection import connect
from agent_assist.storage.labels import save_understanding
from agent_assist.storage.migrations import STEPS
from agent_assist.storage.upgrade import upgrade
from tests.helpers.makers import agent, customer, event, suggestion, ticket, understanding, undo_of

PROFILES = Path(__file__).parent / "profiles"


def make(schema: int) -> Path:
    """Make the file for the first `schema` steps; refuses to replace one."""
    stored = PROFILES / f"schema{schema:04}.db.gz"
    if stored.exists():
        raise SystemExit(f"{stored.name} is stored already and stays as it was written then.")
    path = stored.with_suffix("")
    connection = connect(path)
    upgrade(connection, path, steps=STEPS[:schema])
    connection.execute("BEGIN")
    thread = (customer("快递到哪了？ GF2611020017"), agent("在查", minute=1), customer("Please hurry", minute=2))
    add_tickets(connection, [ticket("OLD-1", *thread, order_number="GF2611020017", subject="快递"), ticket("OLD-2")])
    save_understanding(
        connection, "OLD-1", ticket_version=1, message_index=2, understanding=understanding(), vector=b"\0" * 8
    )
    text = "明天送达"
    draft = suggestion("OLD-1")
    sent = event(FeedbackKind.EDITED, ticket_id="OLD-1", message_index=2, suggestion=draft, final_text=text)
    acts.record(connection, sent, reply=agent(text, minute=5), state=None)
    relabelled = event(FeedbackKind.INTENTS_CORRECTED, ticket_id="OLD-1", message_index=2, intents=("chat.thanks",))
    acts.record(connection, relabelled, reply=None, state=None)
    acts.undo(connection, undo_of(relabelled))
    connection.execute("COMMIT")
    connection.execute("VACUUM")
    connection.close()
    stored.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return stored


if __name__ == "__main__":
    print(make(int(sys.argv[1])))
