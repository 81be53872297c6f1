"""``make bench [ONLY=analytics,refresh]``: measure, print a table, write JSON."""

import importlib
import os

import report

BENCHES = ("analytics", "storage", "stack", "extension")


def main() -> None:
    """Run the benches one after the other; a figure without a goal is only told."""
    chosen = os.environ.get("ONLY", ",".join(BENCHES)).split(",")
    figures: list[report.Figure] = []
    for name in chosen:
        print(f"measuring: {name}", flush=True)
        figures += importlib.import_module(name).measure()
    report.show(figures)
    print(f"written to {report.save(figures)}")


if __name__ == "__main__":
    main()
