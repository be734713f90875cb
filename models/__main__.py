"""One program for all of the neural half, as a frozen installation needs it: `agent-assist-neural models.engine …`."""

import runpy
import sys

PROGRAMS = (
    "models.engine",
    "models.setup",
    "models.inspect",
    "models.convert",
    "models.training",
    "models.tuning",
    "models.evaluation",
)


def main() -> None:
    """Run the module named first with the other arguments."""
    if len(sys.argv) < 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(f"usage: agent-assist-neural {{{','.join(PROGRAMS)}}} …")
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
