"""One message as a bubble: who and when, the text, its translation and files, and what the models read."""

from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import Entity, EntitySource
from ui.attachments.presenter import AttachmentPresenter
from ui.attachments.strip import AttachmentStrip
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.thread.label_row import LabelRow
from ui.thread.message_text import CLICKABLE, MessageText, entity_token
from ui.thread.presenter import Bubble
from ui.translation.presenter import Translation
from ui.translation.view import LANGUAGE_KEYS, TranslationView
from ui.widgets.basics import label
from ui.words import clock, percent

SIDE_GAP = 56
PADDING = 12


class BubbleView(QWidget):
    """Shows a `Bubble` and is updated in place, so that a selection survives a new label."""

    entity_clicked = Signal(object)
    menu_asked = Signal(int, object, QPoint)

    def __init__(self, bubble: Bubble, customer: str, files: AttachmentPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._look, self._i18n, self._customer = look, i18n, customer
        self.bubble = bubble
        self._translation: Translation | None = None
        self._mine = bubble.message.role is Role.AGENT
        self._who = label("small")
        self._body = QFrame()
        self._body.setObjectName("bubble")
        self._body.setProperty("who", bubble.message.role.value)
        self.text = MessageText(bubble.message.text)
        self.text.entity_clicked.connect(self.entity_clicked)
        self.text.menu_asked.connect(lambda entity, at: self.menu_asked.emit(self.bubble.index, entity, at))
        self.translation: TranslationView | None = None  # made when there is one: texts are dear
        self.strip = AttachmentStrip(bubble.attachments, files, look, i18n) if bubble.attachments else None
        self._inside = QVBoxLayout(self._body)
        self._inside.setContentsMargins(PADDING, 8, PADDING, 8)
        self._inside.setSpacing(6)
        self._inside.addWidget(self.text)
        self.labels = LabelRow(look, i18n)
        self._arrange()
        self.update_bubble(bubble)

    def update_bubble(self, bubble: Bubble) -> None:
        """Show newer labels for the same message."""
        self.bubble = bubble
        self._render_head()
        if bubble.understanding is not None:
            entities = bubble.understanding.entities
            tips = [self._entity_tip(entity) for entity in entities]
            grounds = [self._look.colour(entity_token(entity.type)) for entity in entities]
            self.text.set_entities(entities, tips, grounds)
        self.labels.show_labels(bubble, translated=self._translation is not None)

    def show_translation(self, translation: Translation | None) -> None:
        """Show it beneath the original."""
        if translation != self._translation:
            turned = (translation is None) != (self._translation is None)
            self._translation = translation
            if self.translation is None:
                self.translation = TranslationView(self._i18n)
                self._inside.addWidget(self.translation)
            self.translation.show_translation(translation)
            if turned:
                self.labels.show_labels(self.bubble, translated=translation is not None)
            self._fit_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A short message has a short bubble."""
        self._fit_width()
        super().resizeEvent(event)

    def _fit_width(self) -> None:
        widths = [self.text.natural_width()]
        if self._translation is not None and self.translation is not None:
            widths += [self.translation.text.natural_width(), self._look.scale.px(360)]
        self._body.setMaximumWidth(max(widths) + 2 * PADDING)

    def _arrange(self) -> None:
        side = Qt.AlignmentFlag.AlignRight if self._mine else Qt.AlignmentFlag.AlignLeft
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._who, alignment=side)
        holder = QHBoxLayout()
        if self._mine:
            holder.addStretch(1)
        holder.addWidget(self._body, 100)
        if not self._mine:
            holder.addStretch(1)
        column.addLayout(holder)
        if self.strip is not None:
            column.addWidget(self.strip)
        column.addWidget(self.labels)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_GAP if self._mine else 0, 0, 0 if self._mine else SIDE_GAP, 0)
        row.addLayout(column)

    def _render_head(self) -> None:
        who = self._i18n(Key.THREAD_AGENT) if self._mine else self._customer or self._i18n(Key.THREAD_CUSTOMER)
        time = clock(self._i18n, self.bubble.message.at, datetime.now(UTC))
        language = self._i18n(LANGUAGE_KEYS[self.bubble.language])
        self._who.setText(f"{who}  ·  {time}  ·  {language}")
        self.text.setAccessibleName(self._i18n(Key.THREAD_MESSAGE, who=who, time=time))

    def _entity_tip(self, entity: Entity) -> str:
        name = self._i18n.entity(entity.type)
        lines = [self._i18n(Key.THREAD_ENTITY_TIP, name=name, value=entity.value or entity.text)]
        match entity.source:
            case EntitySource.RULE:
                lines.append(self._i18n(Key.THREAD_ENTITY_BY_RULE))
            case EntitySource.AGENT:
                lines.append(self._i18n(Key.THREAD_ENTITY_BY_AGENT))
            case EntitySource.HEAD:
                lines.append(self._i18n(Key.THREAD_ENTITY_SCORE, score=percent(entity.score)))
        if entity.type in CLICKABLE:
            lines.append(self._i18n(Key.THREAD_ENTITY_OPEN))
        return "\n".join(lines)
