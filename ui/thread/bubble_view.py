"""One message as a bubble: who and when, the text, and beneath it what the models read."""

from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, EntitySource, ScoredLabel, Understanding
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.thread.message_text import CLICKABLE, MessageText, entity_token
from ui.thread.presenter import Bubble
from ui.widgets.basics import button, chip, label
from ui.widgets.flow import FlowLayout
from ui.words import clock, percent

MOOD_TONES = {"very_negative": "bad", "negative": "bad", "positive": "good", "very_positive": "good"}
URGENCY_TONES = {"critical": "bad", "high": "warn"}
SIDE_GAP = 56
PADDING = 12


class BubbleView(QWidget):
    """Shows a `Bubble` and is updated in place, so that a selection survives a new label."""

    entity_clicked = Signal(object)
    menu_asked = Signal(int, object, QPoint)
    correct_asked = Signal(int)

    def __init__(self, bubble: Bubble, customer: str, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._look, self._i18n, self._customer = look, i18n, customer
        self.bubble = bubble
        self._mine = bubble.message.role is Role.AGENT
        self._who = label("small")
        self._body = QFrame()
        self._body.setObjectName("bubble")
        self._body.setProperty("who", bubble.message.role.value)
        self.text = MessageText(bubble.message.text)
        self.text.entity_clicked.connect(self.entity_clicked)
        self.text.menu_asked.connect(lambda entity, at: self.menu_asked.emit(self.bubble.index, entity, at))
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(PADDING, 8, PADDING, 8)
        inside.addWidget(self.text)
        self._labels = QWidget()
        self._flow = FlowLayout(self._labels)
        self._labels.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._arrange()
        self.update_bubble(bubble)

    def update_bubble(self, bubble: Bubble) -> None:
        """Show newer labels for the same message."""
        self.bubble = bubble
        self._render_head()
        understanding = bubble.understanding
        if understanding is not None:
            entities = understanding.entities
            tips = [self._entity_tip(entity) for entity in entities]
            grounds = [self._look.colour(entity_token(entity.type)) for entity in entities]
            self.text.set_entities(entities, tips, grounds)
        self._flow.clear()
        if bubble.reading:
            self._flow.addWidget(chip(self._i18n(Key.THREAD_READING), "plain"))
        elif understanding is not None:
            self._add_labels(understanding)
        self._labels.setVisible(self._flow.count() > 0)
        self._labels.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A short message has a short bubble."""
        self._body.setMaximumWidth(self.text.natural_width() + 2 * PADDING)
        super().resizeEvent(event)

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
        column.addWidget(self._labels)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_GAP if self._mine else 0, 0, 0 if self._mine else SIDE_GAP, 0)
        row.addLayout(column)

    def _render_head(self) -> None:
        who = self._i18n(Key.THREAD_AGENT) if self._mine else self._customer or self._i18n(Key.THREAD_CUSTOMER)
        time = clock(self._i18n, self.bubble.message.at, datetime.now(UTC))
        self._who.setText(f"{who}  ·  {time}")
        self.text.setAccessibleName(self._i18n(Key.THREAD_MESSAGE, who=who, time=time))

    def _add_labels(self, understanding: Understanding) -> None:
        for name, tip in self._intents(understanding):
            self._flow.addWidget(chip(name, "accent", tooltip=tip))
        mood = understanding.sentiment
        if mood.label != "neutral":
            name = self._i18n.sentiment(mood.label)
            tip = self._i18n(Key.THREAD_SENTIMENT, name=f"{name} {percent(mood.score)}")
            self._flow.addWidget(chip(name, MOOD_TONES.get(mood.label, ""), tooltip=tip))
        urgency = understanding.urgency
        if urgency.label in URGENCY_TONES:
            name = self._i18n(Key.THREAD_URGENCY, name=self._i18n.urgency(urgency.label))
            self._flow.addWidget(chip(name, URGENCY_TONES[urgency.label], tooltip=f"{name} {percent(urgency.score)}"))
        correct = button("", lambda: self.correct_asked.emit(self.bubble.index))
        correct.setObjectName("chip")
        correct.setProperty("tone", "plain")
        correct.setText(self._i18n(Key.THREAD_CORRECT))
        correct.setIcon(self._look.icon("edit", "text_muted", 12))
        correct.setToolTip(self._i18n(Key.ACTION_INTENTS))
        self._flow.addWidget(correct)

    def _intents(self, understanding: Understanding) -> list[tuple[str, str]]:
        """Name with score, and tooltip, of each intent."""
        shown = []
        intents = understanding.intents if understanding.in_scope else (ScoredLabel(label=OUT_OF_SCOPE, score=1.0),)
        for intent in intents:
            name = self._i18n.intent(intent.label)
            if self.bubble.corrected:
                shown.append((name, self._i18n(Key.THREAD_INTENT_BY_YOU, name=name)))
                continue
            if not understanding.in_scope:
                shown.append((name, name))
                continue
            score = percent(intent.score)
            shown.append((f"{name}  {score}", self._i18n(Key.THREAD_INTENT_TIP, name=name, score=score)))
        return shown

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
