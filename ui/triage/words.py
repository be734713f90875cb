"""What a move is called, in a sentence."""

from datetime import datetime

from agent_assist.domain.triage import Move, MoveKind, Undone
from ui.i18n import I18n
from ui.text_keys import Key
from ui.words import moment

_KEYS = {
    MoveKind.ASSIGNED: Key.TOAST_ASSIGNED,
    MoveKind.SNOOZED: Key.TOAST_SNOOZED,
    MoveKind.WOKEN: Key.TOAST_WOKEN,
    MoveKind.DONE: Key.TOAST_DONE,
    MoveKind.REOPENED: Key.TOAST_REOPENED,
}


def move_text(i18n: I18n, move: Move, me: str, now: datetime) -> str:
    """What was done; or that nothing was left to do."""
    count = len(move.ticket_ids)
    if not count:
        return i18n(Key.TOAST_MOVED_NOTHING)
    if move.kind is MoveKind.ASSIGNED and move.assignee in ("", me):
        return i18n(Key.TOAST_TAKEN if move.assignee else Key.TOAST_UNASSIGNED, n=count)
    until = moment(i18n, move.until, now) if move.until is not None else ""
    return i18n(_KEYS[move.kind], n=count, name=move.assignee, time=until)


def undone_text(i18n: I18n, undone: Undone) -> str:
    """What was taken back, and what could not be."""
    text = i18n(Key.TOAST_MOVE_UNDONE, n=len(undone.ticket_ids))
    return f"{text} {i18n(Key.TOAST_MOVE_LEFT, n=undone.left)}" if undone.left else text
