"""The one table of actions: menus, tooltips, keys and the list of keys all come from it."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.i18n import I18n
from ui.keymap.keymap import Keymap
from ui.keymap.spec import ActionSpec, Binding, list_id
from ui.text_keys import Key

ACTIONS = (
    ActionSpec("import", Key.ACTION_IMPORT, Key.MENU_FILE, ("Ctrl+O",), icon="import"),
    ActionSpec("add_knowledge", Key.ACTION_ADD_KNOWLEDGE, Key.MENU_FILE, ("Ctrl+Shift+O",), icon="book"),
    ActionSpec("load_samples", Key.ACTION_LOAD_SAMPLES, Key.MENU_FILE, ("Alt+Shift+S",), icon="box"),
    ActionSpec("settings", Key.ACTION_SETTINGS, Key.MENU_FILE, ("Ctrl+,",), icon="sliders", separated=True),
    ActionSpec("quit", Key.ACTION_QUIT, Key.MENU_FILE, ("Ctrl+Q",), separated=True),
    ActionSpec("queue_mine", Key.ACTION_QUEUE_MINE, Key.MENU_INBOX, ("Alt+1",)),
    ActionSpec("queue_unassigned", Key.ACTION_QUEUE_UNASSIGNED, Key.MENU_INBOX, ("Alt+2",)),
    ActionSpec("queue_waiting", Key.ACTION_QUEUE_WAITING, Key.MENU_INBOX, ("Alt+3",)),
    ActionSpec("queue_overdue", Key.ACTION_QUEUE_OVERDUE, Key.MENU_INBOX, ("Alt+4",)),
    ActionSpec("queue_snoozed", Key.ACTION_QUEUE_SNOOZED, Key.MENU_INBOX, ("Alt+5",)),
    ActionSpec("queue_answered", Key.ACTION_QUEUE_ANSWERED, Key.MENU_INBOX, ("Alt+6",)),
    ActionSpec("queue_done", Key.ACTION_QUEUE_DONE, Key.MENU_INBOX, ("Alt+7",)),
    ActionSpec("queue_all", Key.ACTION_QUEUE_ALL, Key.MENU_INBOX, ("Alt+8",)),
    ActionSpec(
        "assign_me", Key.ACTION_ASSIGN_ME, Key.MENU_INBOX, ("Ctrl+Shift+M",), ("M",), icon="person", separated=True
    ),
    ActionSpec("assign", Key.ACTION_ASSIGN, Key.MENU_INBOX, ("Alt+P",), ("P",)),
    ActionSpec("snooze", Key.ACTION_SNOOZE, Key.MENU_INBOX, ("Alt+B",), ("B",), icon="clock"),
    ActionSpec("done", Key.ACTION_DONE, Key.MENU_INBOX, ("Alt+E",), ("E",), icon="check"),
    ActionSpec("customer_tickets", Key.ACTION_CUSTOMER_TICKETS, Key.MENU_INBOX, ("Alt+G",), ("G",)),
    ActionSpec(
        "group_customers", Key.ACTION_GROUP_CUSTOMERS, Key.MENU_INBOX, ("Alt+Shift+G",), ("Shift+G",), icon="copy"
    ),
    ActionSpec("mark", Key.ACTION_MARK, Key.MENU_INBOX, ("Alt+X",), ("X",), separated=True),
    ActionSpec("mark_next", Key.ACTION_MARK_NEXT, Key.MENU_INBOX, ("Alt+Shift+Down",), ("Shift+J",)),
    ActionSpec("mark_previous", Key.ACTION_MARK_PREVIOUS, Key.MENU_INBOX, ("Alt+Shift+Up",), ("Shift+K",)),
    ActionSpec("mark_all", Key.ACTION_MARK_ALL, Key.MENU_INBOX, ("Alt+Shift+X",), ("Ctrl+A",)),
    ActionSpec("accept", Key.ACTION_ACCEPT, Key.MENU_TICKET, ("Alt+A", "Ctrl+Shift+A"), icon="check"),
    ActionSpec("take", Key.ACTION_TAKE, Key.MENU_TICKET, ("Alt+W",), local_keys=("Tab",), icon="edit"),
    ActionSpec("send", Key.ACTION_SEND, Key.MENU_TICKET, ("Ctrl+Enter", "Ctrl+Return"), icon="send"),
    ActionSpec(
        "send_next", Key.ACTION_SEND_NEXT, Key.MENU_TICKET, ("Ctrl+Shift+Enter", "Ctrl+Shift+Return"), icon="send"
    ),
    ActionSpec("reject", Key.ACTION_REJECT, Key.MENU_TICKET, ("Ctrl+R",), local_keys=("Esc",), icon="close"),
    ActionSpec("suggest", Key.ACTION_SUGGEST, Key.MENU_TICKET, ("Ctrl+G",), icon="refresh"),
    ActionSpec("next_step", Key.ACTION_NEXT_STEP, Key.MENU_TICKET, ("Alt+N",), icon="flag"),
    ActionSpec("look_back", Key.ACTION_LOOK_BACK, Key.MENU_TICKET, ("Ctrl+Shift+G",)),
    ActionSpec("candidate_1", Key.ACTION_CANDIDATE_1, Key.MENU_TICKET, ("Ctrl+1",), separated=True),
    ActionSpec("candidate_2", Key.ACTION_CANDIDATE_2, Key.MENU_TICKET, ("Ctrl+2",)),
    ActionSpec("candidate_3", Key.ACTION_CANDIDATE_3, Key.MENU_TICKET, ("Ctrl+3",)),
    ActionSpec("canned", Key.ACTION_CANNED, Key.MENU_TICKET, ("Alt+C",), local_keys=("/",), icon="seal"),
    ActionSpec("macros", Key.ACTION_MACROS, Key.MENU_TICKET, ("Alt+M",), local_keys=("#",), icon="tag"),
    ActionSpec("compare", Key.ACTION_COMPARE, Key.MENU_TICKET, ("Ctrl+D",), icon="copy"),
    ActionSpec("source", Key.ACTION_SOURCE, Key.MENU_TICKET, ("Alt+O",), icon="book"),
    ActionSpec("source_article", Key.ACTION_SOURCE_ARTICLE, Key.MENU_TICKET, ("Alt+Shift+O",)),
    ActionSpec("hint", Key.ACTION_HINT, Key.MENU_TICKET, ("Ctrl+J",), icon="spark"),
    ActionSpec("wording", Key.ACTION_WORDING, Key.MENU_TICKET, ("Ctrl+T",), icon="pen"),
    ActionSpec("translate", Key.ACTION_TRANSLATE, Key.MENU_TICKET, ("Ctrl+Shift+T",)),
    ActionSpec("take_rewrite", Key.ACTION_TAKE_REWRITE, Key.MENU_TICKET, ("Alt+Enter", "Alt+Return"), icon="check"),
    ActionSpec("summary", Key.ACTION_SUMMARY, Key.MENU_TICKET, ("Ctrl+Shift+S",), icon="log"),
    ActionSpec("stop", Key.ACTION_STOP, Key.MENU_TICKET, ("Ctrl+.",), icon="close"),
    ActionSpec("undo", Key.ACTION_UNDO, Key.MENU_TICKET, ("Ctrl+Z",), icon="undo", separated=True),
    ActionSpec("intents", Key.ACTION_INTENTS, Key.MENU_TICKET, ("Ctrl+L",), icon="tag", separated=True),
    ActionSpec("entity", Key.ACTION_ENTITY, Key.MENU_TICKET, ("Ctrl+E",), icon="pen"),
    ActionSpec("sentiment", Key.ACTION_SENTIMENT, Key.MENU_TICKET, ("Alt+S",), icon="mood-even"),
    ActionSpec("urgency", Key.ACTION_URGENCY, Key.MENU_TICKET, ("Alt+U",), icon="clock"),
    ActionSpec("next_link", Key.ACTION_NEXT_LINK, Key.MENU_TICKET, ("F4",)),
    ActionSpec("previous_link", Key.ACTION_PREVIOUS_LINK, Key.MENU_TICKET, ("Shift+F4",)),
    ActionSpec("translate_message", Key.ACTION_TRANSLATE_MESSAGE, Key.MENU_TICKET, ("Alt+L",), icon="globe"),
    ActionSpec("note", Key.ACTION_NOTE, Key.MENU_TICKET, ("Ctrl+I",), icon="note"),
    ActionSpec("next_ticket", Key.ACTION_NEXT_TICKET, Key.MENU_TICKET, ("Alt+Down",), ("J",), separated=True),
    ActionSpec("previous_ticket", Key.ACTION_PREVIOUS_TICKET, Key.MENU_TICKET, ("Alt+Up",), ("K",)),
    ActionSpec("article_from_ticket", Key.ACTION_ARTICLE_FROM_TICKET, Key.MENU_TICKET, ("Ctrl+Shift+N",), icon="book"),
    ActionSpec("new_article", Key.ACTION_NEW_ARTICLE, Key.MENU_KNOWLEDGE, ("Ctrl+N",), icon="edit"),
    ActionSpec("edit_article", Key.ACTION_EDIT_ARTICLE, Key.MENU_KNOWLEDGE, ("F2",), ("Enter",), icon="pen"),
    ActionSpec("save_article", Key.ACTION_SAVE_ARTICLE, Key.MENU_KNOWLEDGE, ("Ctrl+S",)),
    ActionSpec(
        "approve_article", Key.ACTION_APPROVE, Key.MENU_KNOWLEDGE, ("Alt+1",), ("A",), icon="check", separated=True
    ),
    ActionSpec("block_article", Key.ACTION_BLOCK, Key.MENU_KNOWLEDGE, ("Alt+2",), ("B",), icon="close"),
    ActionSpec("draft_article", Key.ACTION_TO_DRAFT, Key.MENU_KNOWLEDGE, ("Alt+3",), ("D",)),
    ActionSpec("delete_article", Key.ACTION_DELETE_ARTICLE, Key.MENU_KNOWLEDGE, ("Alt+Del",), ("Del",)),
    ActionSpec("undo_article", Key.ACTION_UNDO, Key.MENU_KNOWLEDGE, ("Ctrl+Z",), icon="undo"),
    ActionSpec("next_article", Key.ACTION_NEXT_ARTICLE, Key.MENU_KNOWLEDGE, ("Alt+PgDown",), ("J",), separated=True),
    ActionSpec("previous_article", Key.ACTION_PREVIOUS_ARTICLE, Key.MENU_KNOWLEDGE, ("Alt+PgUp",), ("K",)),
    ActionSpec("next_room", Key.ACTION_NEXT_ROOM, Key.MENU_KNOWLEDGE, ("Ctrl+PgDown",), separated=True),
    ActionSpec("previous_room", Key.ACTION_PREVIOUS_ROOM, Key.MENU_KNOWLEDGE, ("Ctrl+PgUp",)),
    ActionSpec("palette", Key.ACTION_PALETTE, Key.MENU_VIEW, ("Ctrl+K",), icon="command"),
    ActionSpec("filter", Key.ACTION_FILTER, Key.MENU_VIEW, ("Ctrl+F",), icon="search"),
    ActionSpec("focus_list", Key.ACTION_FOCUS_LIST, Key.MENU_VIEW, ("F6",)),
    ActionSpec("focus_editor", Key.ACTION_FOCUS_EDITOR, Key.MENU_VIEW, ("Shift+F6",)),
    ActionSpec("focus_thread", Key.ACTION_FOCUS_THREAD, Key.MENU_VIEW, ("F7",)),
    ActionSpec("side", Key.ACTION_SIDE, Key.MENU_VIEW, ("F8",), icon="panel"),
    ActionSpec("back", Key.ACTION_BACK, Key.MENU_VIEW, ("Ctrl+[",), icon="chevron-left"),
    ActionSpec("log", Key.ACTION_LOG, Key.MENU_VIEW, ("Ctrl+Shift+L",), icon="log", separated=True),
    ActionSpec("knowledge", Key.ACTION_KNOWLEDGE, Key.MENU_VIEW, ("Ctrl+Shift+K",), icon="book"),
    ActionSpec("try_search", Key.ACTION_TRY_SEARCH, Key.MENU_VIEW, ("Ctrl+Shift+F",)),
    ActionSpec("desk", Key.ACTION_DESK, Key.MENU_VIEW, ("Ctrl+Shift+D",), icon="inbox"),
    ActionSpec("models", Key.ACTION_MODELS, Key.MENU_VIEW, ("Ctrl+Shift+E",), icon="chip"),
    ActionSpec("larger_text", Key.ACTION_LARGER_TEXT, Key.MENU_VIEW, ("Ctrl+=", "Ctrl++"), separated=True),
    ActionSpec("smaller_text", Key.ACTION_SMALLER_TEXT, Key.MENU_VIEW, ("Ctrl+-",)),
    ActionSpec("normal_text", Key.ACTION_NORMAL_TEXT, Key.MENU_VIEW, ("Ctrl+0",)),
    ActionSpec("shortcuts", Key.ACTION_SHORTCUTS, Key.MENU_HELP, ("F1",), icon="keyboard"),
    ActionSpec("tour", Key.ACTION_TOUR, Key.MENU_HELP, ("Shift+F1",), icon="flag"),
    ActionSpec("about", Key.ACTION_ABOUT, Key.MENU_HELP, ("Ctrl+F1",)),
)
MENUS = (Key.MENU_FILE, Key.MENU_INBOX, Key.MENU_TICKET, Key.MENU_KNOWLEDGE, Key.MENU_VIEW, Key.MENU_HELP)
# Shown before the keys that act anywhere: what an agent presses most of the time.
LOCAL_FIRST = frozenset({"take"})


class Actions:
    """The actions of one window. `blocked` says when keys must not act, e.g. while an input method composes."""

    def __init__(self, window: QWidget, i18n: I18n, *, blocked: Callable[[], bool]) -> None:
        self._i18n = i18n
        self._blocked = blocked
        self._handlers: dict[str, Callable[[], object]] = {}
        self.keymap = Keymap(ACTIONS, menus=menu_keys(i18n))
        self._actions = {spec.id: self._make(spec, window) for spec in ACTIONS}
        self.keymap.changes.subscribe(self._set_keys)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def on(self, action_id: str, handler: Callable[[], object]) -> None:
        """Let `handler` do the action `action_id`."""
        self._handlers[action_id] = handler

    def trigger(self, action_id: str) -> None:
        """Do an action, as its key or its menu entry would."""
        handler = self._handlers.get(action_id)
        if handler is not None and not self._blocked():
            handler()

    def enable(self, menu: Key, on: bool) -> None:
        """Let the actions of one menu act, or not: what is out of sight must not be sent by a key."""
        for spec in ACTIONS:
            if spec.menu is menu:
                self._actions[spec.id].setEnabled(on)

    def tooltip(self, action_id: str) -> str:
        """The action's text with its keys."""
        shown = self.keys(action_id)
        text = self.title(action_id)
        return f"{text} ({shown})" if shown else text

    def title(self, action_id: str) -> str:
        """The action's text as a name."""
        return self._i18n(_BY_ID[action_id].text).rstrip("…")

    def keys(self, action_id: str, *, every: bool = False) -> str:
        """The action's keys as the platform writes them: the first one, or all."""
        spec, anywhere = _BY_ID[action_id], self.keymap.keys(action_id)
        local = spec.local_keys + (self.keymap.keys(list_id(action_id)) if spec.list_keys else ())
        keys = local + anywhere if action_id in LOCAL_FIRST else anywhere + local
        shown = _shown(keys)
        return " / ".join(shown if every else shown[:1])

    def bound(self, binding: Binding) -> str:
        """The keys that an action has in one scope, as the platform writes them."""
        keys = self.keymap.keys(binding.id)
        return " / ".join(_shown(keys if binding.in_list else keys + binding.spec.local_keys))

    def retranslate(self) -> None:
        """Set the actions' texts in the current language."""
        for spec in ACTIONS:
            self._actions[spec.id].setText(self._i18n(spec.text))
            self._actions[spec.id].setToolTip(self.tooltip(spec.id))

    def _make(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(self._i18n(spec.text), window)
        action.setShortcuts([QKeySequence(keys) for keys in self.keymap.keys(spec.id)])
        action.setToolTip(self.tooltip(spec.id))
        action.triggered.connect(lambda _checked=False, name=spec.id: self.trigger(name))
        window.addAction(action)
        return action

    def _set_keys(self) -> None:
        """Let the keys in force act, and be told wherever keys are told."""
        for action_id, action in self._actions.items():
            action.setShortcuts([QKeySequence(keys) for keys in self.keymap.keys(action_id)])
        self._i18n.changes.notify()


def _shown(keys: Iterable[str]) -> list[str]:
    """Each once; both enter keys are one."""
    return list(dict.fromkeys(native(key) for key in keys))


def native(keys: str) -> str:
    """Keys as the platform writes them; both enter keys are "Enter"."""
    return QKeySequence(keys.replace("Return", "Enter")).toString(QKeySequence.SequenceFormat.NativeText)


def menu_keys(i18n: I18n) -> dict[str, Key]:
    """The keys that open the menus of the menu bar: Alt and the letter behind the "&"."""
    titles = {key: i18n(key) for key in MENUS}
    return {f"Alt+{title[title.index('&') + 1].upper()}": key for key, title in titles.items() if "&" in title}


_BY_ID = {spec.id: spec for spec in ACTIONS}
