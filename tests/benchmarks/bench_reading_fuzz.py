"""A thousand damaged files of every foreign kind through the reader: read, refused, crashed child, longest time.

`python -m tests.benchmarks.bench_reading_fuzz [--files N] [--seed S]`; exits with 1 where reading raised, or a file
took longer than its limit.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.knowledge import ArticleReader
from agent_assist.knowledge.reading.limits import SECONDS
from agent_assist.knowledge.reading.sandbox import FAILED, TOO_LONG
from tests.helpers.mutations import KINDS, mutants


def measure(files: int, seed: int) -> bool:
    """Print the counts of each kind; False where something is wrong."""
    counts: Counter[tuple[str, str]] = Counter()
    longest: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    with tempfile.TemporaryDirectory() as folder, ArticleReader() as reader:
        for path in mutants(Path(folder), files, seed=seed):
            started = time.perf_counter()
            outcome = _outcome(reader, path)
            longest[path.suffix] = max(longest[path.suffix], time.perf_counter() - started)
            counts[path.suffix, outcome] += 1
    names = ("read", "in part", "refused", "crashed", "too long", "raised")
    print(f"{'kind':8}" + "".join(f"{name:>10}" for name in names) + "   longest s")
    for kind in KINDS:
        print(f"{kind:8}" + "".join(f"{counts[kind, name]:>10}" for name in names) + f"{longest[kind]:>12.2f}")
    total = [sum(counts[kind, name] for kind in KINDS) for name in names]
    print(f"{'all':8}" + "".join(f"{number:>10}" for number in total) + f"{max(longest.values()):>12.2f}")
    return not total[-1] and max(longest.values()) < SECONDS + 5


def _outcome(reader: ArticleReader, path: Path) -> str:
    try:
        rows = list(reader.read_file(path, root=path.parent))
    except Exception as error:
        print(f"{path.name}: {type(error).__name__}: {error}")
        return "raised"
    reasons = [row.reason for row in rows if not isinstance(row, Article)]
    if FAILED in reasons:
        return "crashed"
    if TOO_LONG in reasons:
        return "too long"
    return "read" if not reasons else "in part" if len(reasons) < len(rows) else "refused"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not measure(options.files, options.seed):
        sys.exit(1)


if __name__ == "__main__":
    main()
