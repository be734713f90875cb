"""Long indexing that can be trusted: sources and their files, one job with progress, folders that are followed.

`service` is what others see. `looking` finds what changed, `files` reads it on the thread of `reading`, `vectors` asks
the engine for what is not known, `job` does all of that at once, `runner` goes through sources, `watcher` follows them.
"""

from agent_assist.services.indexing.report import KnowledgeReport
from agent_assist.services.indexing.service import IndexingService

__all__ = ["IndexingService", "KnowledgeReport"]
