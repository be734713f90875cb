"""The schema's history: an append-only list of named steps, one module a step.

To add a step: write `mNNNN_name.py` with a function `apply(db)`, import it here and append it to `STEPS`. A step that
was released is never changed, removed or reordered: profiles remember it by its name and count. A step runs inside a
transaction of its own and must not commit; `db.executescript` does, so a step calls `db.execute` once a statement.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent_assist.storage.migrations import (
    m0001_foundation,
    m0002_knowledge,
    m0003_masks,
    m0004_lessons,
    m0005_article_standing,
    m0006_article_versions,
    m0007_indexing,
    m0008_recommendation,
    m0009_search_marks,
    m0010_solved,
    m0011_article_drafts,
    m0012_conflicts,
    m0013_gaps,
    m0014_article_profiles,
    m0015_summaries,
    m0016_triage,
    m0017_attachments,
    m0018_contacts,
    m0019_groups,
)

if TYPE_CHECKING:  # it takes longer to import than the rest of the core, and only an upgrade needs it
    from sqlite_utils import Database

Step = Callable[["Database"], None]

STEPS: tuple[tuple[str, Step], ...] = (
    ("0001_foundation", m0001_foundation.apply),
    ("0002_knowledge", m0002_knowledge.apply),
    ("0003_masks", m0003_masks.apply),
    ("0004_lessons", m0004_lessons.apply),
    ("0005_article_standing", m0005_article_standing.apply),
    ("0006_article_versions", m0006_article_versions.apply),
    ("0007_indexing", m0007_indexing.apply),
    ("0008_recommendation", m0008_recommendation.apply),
    ("0009_search_marks", m0009_search_marks.apply),
    ("0010_solved", m0010_solved.apply),
    ("0011_article_drafts", m0011_article_drafts.apply),
    ("0012_conflicts", m0012_conflicts.apply),
    ("0013_gaps", m0013_gaps.apply),
    ("0014_article_profiles", m0014_article_profiles.apply),
    ("0015_summaries", m0015_summaries.apply),
    ("0016_triage", m0016_triage.apply),
    ("0017_attachments", m0017_attachments.apply),
    ("0018_contacts", m0018_contacts.apply),
    ("0019_groups", m0019_groups.apply),
)

# What a database of this program carries in `PRAGMA user_version`: the number of steps it went through.
SCHEMA_VERSION = len(STEPS)
