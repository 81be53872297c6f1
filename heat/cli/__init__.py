"""The command line ``heat``: one module per group of commands.

Commands lay out and speak; everything that touches people's data goes to the API over HTTP. Only
here may the ground floor reach the rooms above it, lazily, inside a command.
"""

from heat.cli.base import HeatGroup, version_option
from heat.cli.commands import demo, home, people, pipeline, serving, tags, up

main = HeatGroup(
    "heat",
    help="HEAT makes effort visible before it becomes burnout.",
    params=[version_option()],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

for command in (
    home.init,
    up.up,
    serving.serve,
    demo.demo,
    tags.import_tags,
    people.directory,
    people.token,
    pipeline.refresh,
    home.status,
):
    main.add_command(command)

__all__ = ["main"]
