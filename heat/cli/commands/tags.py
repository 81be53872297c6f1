"""``heat import``: tags from files."""

from datetime import UTC, datetime
from pathlib import Path

import click

from heat.cli.base import Failure, HeatCommand, api, initialised
from heat.cli.output import json_option, print_json, print_table, progress, say
from heat.cli.readers import BadLine, UnreadableFileError, is_expired, read
from heat.cli.uploads import Summary, send_all

SOME_REFUSED = 3
"""Exit code if some tags were rejected or in conflict; the others are on disk."""

_MOST_SHOWN = 20


@click.command(
    "import",
    cls=HeatCommand,
    short_help="Upload tags from files.",
    epilog="heat import data/sample/upload/*.ndjson.gz\nheat import tags.parquet --json",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@json_option
def import_tags(files: tuple[Path, ...], as_json: bool) -> None:
    """Upload tags from files: NDJSON of API bodies, or a CSV or Parquet table of tags.

    NDJSON has one body per line ({"userId": …, "tags": […]}), plain or gzip. Tables have one tag
    per row, with columns named as in the API (userId, taskId, workType, intensity, timestamp and
    any of the others; labels in CSV are separated by semicolons). Safe to repeat.

    Exit code 0 if every tag is on disk now, 3 if some were refused (each is named with its file
    and line), 1 if the import did not come to its end.
    """
    of = initialised()
    try:
        with api(of) as client:
            answer = client.get("/api/v1/config/thresholds")
            keep_days = int(answer["thresholds"]["retention.days"])
            tags, expired = _count(files, keep_days)
            say(f"{tags:,} tags in {len(files)} {'file' if len(files) == 1 else 'files'}")
            if expired:
                say(
                    f"{expired:,} of them are older than the {keep_days} days that tags are kept "
                    "and will be rejected as expired; retention.days 0 keeps everything"
                )
            with progress("importing", tags) as done:
                summary = send_all(
                    client, (part for file in files for part in read(file)), done=done
                )
    except UnreadableFileError as error:
        raise Failure(str(error)) from None
    _report(summary, as_json=as_json)
    if not summary.is_clean:
        click.get_current_context().exit(SOME_REFUSED)


def _count(files: tuple[Path, ...], keep_days: int) -> tuple[int, int]:
    """Tags in the files, and how many of them are too old to be kept."""
    now = datetime.now(UTC)
    tags = expired = 0
    for file in files:
        for part in read(file):
            if isinstance(part, BadLine):
                tags += 1
                continue
            tags += len(part.tags)
            expired += sum(is_expired(tag, keep_days, now) for tag in part.tags)
    return tags, expired


def _report(summary: Summary, *, as_json: bool) -> None:
    if as_json:
        counts = {verdict.value: n for verdict, n in summary.counts.items()}
        refused = [one.as_json() for one in summary.refused]
        print_json({"bodies": summary.bodies, "tags": summary.tags, **counts, "refused": refused})
        return
    print_table(["verdict", "tags"], [(v.value, n) for v, n in summary.counts.items()])
    for one in summary.refused[:_MOST_SHOWN]:
        say(str(one))
    if len(summary.refused) > _MOST_SHOWN:
        say(f"… and {len(summary.refused) - _MOST_SHOWN:,} more; --json names them all")
