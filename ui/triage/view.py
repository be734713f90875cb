"""The bar below the ticket list: what can be done with the chosen ticket, or with all that are marked."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.inbox.presenter import InboxPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.triage.pickers import PersonPicker, SnoozePicker
from ui.triage.presenter import TriagePresenter
from ui.widgets.basics import button, label
from ui.widgets.flow import FlowLayout
from ui.widgets.picker import Picker
from ui.words import open_tickets

BUTTONS = ("assign_me", "assign", "snooze", "done", "customer_tickets")
# As many tickets take a moment that is worth a sentence.
_MANY = 1_000


class TriageBar(QFrame):
    """Buttons of the acts in the table of actions, with their keys; above them the number of marked tickets."""

    def __init__(
        self, presenter: TriagePresenter, inbox: InboxPresenter, look: Look, i18n: I18n, actions: Actions
    ) -> None:
        super().__init__()
        self.setObjectName("paneFooter")
        self._presenter, self._inbox, self._look, self._i18n, self._actions = presenter, inbox, look, i18n, actions
        self._texts = Texts(i18n)
        self._picker: Picker | None = None
        self.marked = self._make_marked()
        self.buttons = {name: self._make_button(name) for name in BUTTONS}
        row = QWidget()
        flow = FlowLayout(row, spacing=1, line_spacing=2)
        for made in self.buttons.values():
            flow.addWidget(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addWidget(self.marked)
        layout.addWidget(row)
        for name, handler in (
            ("assign_me", presenter.take),
            ("assign", self.ask_person),
            ("snooze", self.ask_time),
            ("done", presenter.finish),
            ("mark", inbox.toggle_mark),
            ("mark_next", lambda: inbox.mark_step(1)),
            ("mark_previous", lambda: inbox.mark_step(-1)),
            ("mark_all", inbox.mark_all),
            ("customer_tickets", self._customer),
        ):
            actions.on(name, handler)
        for changes in (inbox.marks.changes, inbox.selected, inbox.loaded, inbox.counted, presenter.changes):
            changes.subscribe(self._render)
        i18n.changes.subscribe(self._render)
        look.changed.connect(self._render)
        self._render()

    def ask_person(self) -> None:
        """Open the choice of whom to give the tickets to."""
        if targets := self._inbox.targets:
            picker = PersonPicker(self.window(), self._presenter, self._i18n, tickets=len(targets))
            picker.chosen.connect(self._presenter.assign)
            self._open(picker, "assign")

    def ask_time(self) -> None:
        """Open the choice of until when to snooze, or bring a snoozed ticket back."""
        if self._presenter.wakes:
            self._presenter.wake()
        elif targets := self._inbox.targets:
            picker = SnoozePicker(self.window(), self._presenter, self._i18n, tickets=len(targets))
            picker.chosen.connect(self._presenter.snooze)
            self._open(picker, "snooze")

    def _customer(self) -> None:
        if not self._inbox.leave_customer():
            self._inbox.show_customer()

    def _open(self, picker: Picker, name: str) -> None:
        if self._picker is not None:
            self._picker.dismiss()
        self._picker = picker
        picker.destroyed.connect(lambda: self._gone(picker))
        anchor = self.buttons[name]
        picker.open_at(anchor.mapTo(self.window(), QPoint(0, 0)))

    def _gone(self, picker: Picker) -> None:
        if self._picker is picker:
            self._picker = None

    def _make_button(self, name: str) -> QPushButton:
        made = button("quiet", lambda: self._actions.trigger(name))
        made.setProperty("compact", True)
        return made

    def _make_marked(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(6, 2, 6, 2)
        self.count = label("strong")
        self.all, self.none = (
            button("link", lambda: self._actions.trigger("mark_all")),
            button("link", self._clear_or_stop),
        )
        row.addWidget(self.count)
        row.addStretch()
        row.addWidget(self.all)
        row.addSpacing(8)
        row.addWidget(self.none)
        return box

    def _clear_or_stop(self) -> None:
        if not self._presenter.stop():
            self._inbox.marks.clear()

    def _render(self) -> None:
        i18n, inbox, marks = self._i18n, self._inbox, self._inbox.marks
        moving = self._presenter.total > _MANY
        self.marked.setVisible(bool(marks) or moving)
        if moving:
            self.count.setText(i18n(Key.TRIAGE_PROGRESS, n=self._presenter.total, done=f"{self._presenter.done:,}"))
        else:
            self.count.setText(i18n(Key.TRIAGE_MARKED, n=len(marks)))
        self.all.setText(i18n(Key.TRIAGE_MARK_ALL, n=inbox.total))
        self.all.setVisible(not moving and len(marks) < inbox.total)
        self.none.setText(i18n(Key.TRIAGE_STOP if moving else Key.TRIAGE_MARK_NONE))
        row = inbox.selected_row
        texts = {
            "assign_me": i18n(Key.TRIAGE_TAKE),
            "assign": i18n(Key.TRIAGE_ASSIGN),
            "snooze": i18n(Key.TRIAGE_WAKE if self._presenter.wakes else Key.TRIAGE_SNOOZE),
            "done": i18n(Key.TRIAGE_REOPEN if self._presenter.opens_again else Key.TRIAGE_DONE),
            "customer_tickets": open_tickets(row) if row is not None else "",
        }
        for name, made in self.buttons.items():
            made.setText(texts[name])
            made.setToolTip(self._actions.tooltip(name))
            made.setAccessibleName(self._actions.tooltip(name))
            made.setEnabled(bool(inbox.targets))
        customer = self.buttons["customer_tickets"]
        customer.setIcon(self._look.icon("person", size=14))
        customer.setEnabled(bool(inbox.query.customer) or (row is not None and bool(row.customer)))
