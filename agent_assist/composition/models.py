"""The models: what they learn at once, which ones there are, whether they work."""

from typing import TYPE_CHECKING

from agent_assist.services.learning import LearningService
from agent_assist.services.models import ModelService
from agent_assist.services.self_test import SelfTestService
from agent_assist.storage.lessons import LessonStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def learning(app: "App") -> LearningService:
    """Learning what agents correct."""
    return LearningService(lessons=LessonStore(app.database), reading=app.reading, engine=app.engine, events=app.events)


def models(app: "App") -> ModelService:
    """The models of this machine."""
    return ModelService(registry=app.registry, engine=app.engine)


def self_test(app: "App") -> SelfTestService:
    """Whether everything works."""
    return SelfTestService(registry=app.registry, engine=app.engine)
