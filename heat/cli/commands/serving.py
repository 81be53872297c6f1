"""``heat serve``: one part of HEAT in the foreground."""

import os
import sys

import click

from heat.cli.base import Failure, HeatCommand, HeatGroup, initialised
from heat.cli.output import say
from heat.cli.parts import orchestrator_children
from heat.supervisor import ChildFailedError, Stopped, Supervisor


@click.group(cls=HeatGroup, short_help="Run one part in the foreground.")
def serve() -> None:
    """Run one part of HEAT in the foreground: api, app or orchestrator."""


@serve.command("api", cls=HeatCommand, epilog="heat serve api\nHEAT_API_PORT=8041 heat serve api")
def serve_api() -> None:
    """The API, owner of the landing store, until Ctrl-C or SIGTERM."""
    from ingest_api.server import CannotServeError
    from ingest_api.server import serve as run

    try:
        run(initialised())
    except CannotServeError as error:
        raise Failure(str(error)) from None


@serve.command("app", cls=HeatCommand, epilog="heat serve app\nHEAT_APP_PORT=8502 heat serve app")
def serve_app() -> None:
    """The app; it asks the API at api_host:api_port."""
    of = initialised()
    # a process of its own, as under `heat up`: Streamlit wants to be the main program
    os.environ["HEAT_HOME"] = str(of.home.resolve())
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "analytics_app.server"])  # noqa: S606


@serve.command("orchestrator", cls=HeatCommand, epilog="heat serve orchestrator --lean")
@click.option("--lean", is_flag=True, help="Without Dagster's web pages.")
def serve_orchestrator(lean: bool) -> None:
    """Dagster: code server, daemon and webserver; the API must be running."""
    of = initialised()
    children = orchestrator_children(of, lean=lean)
    with Supervisor(say) as supervisor:
        try:
            for child in children:
                supervisor.add(child)
            supervisor.run_until(supervisor.all_ready)
            say(f"Dagster is up; logs: {of.paths.logs}")
            supervisor.run_until(lambda: False)
        except Stopped:
            say("ending")
        except ChildFailedError as error:
            raise Failure(str(error)) from None
