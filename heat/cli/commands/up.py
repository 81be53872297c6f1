"""``heat up``: every part of HEAT under one supervisor."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import click

from heat.cli import config_file, parts
from heat.cli.base import Failure, HeatCommand, initialised, settings
from heat.cli.commands.demo import SEED, prepare_demo_home
from heat.cli.demo_home import load_demo, reader_token, today_of_company
from heat.cli.output import say
from heat.cli.welcome import welcome
from heat.client import Client
from heat.lock import LockHeldError, OwnerLock, holder_of
from heat.settings import Settings
from heat.supervisor import ChildFailedError, Stopped, Supervisor

_MOMENT_SECONDS = 5.0


@click.command(
    cls=HeatCommand,
    short_help="Start everything, until Ctrl-C.",
    epilog="heat up --demo\nHEAT_APP_PORT=8502 heat up --lean",
)
@click.option("--demo", is_flag=True, help="With an invented company, and sign-in as anybody.")
@click.option("--lean", is_flag=True, help="Without Dagster's web pages.")
@click.option("--seed", default=SEED, show_default=True, help="Seed of the demo company.")
def up(demo: bool, lean: bool, seed: int) -> None:
    """Start API, pipeline and app, and keep them running until Ctrl-C.

    With --demo the home is made if there is none, the days that the demo company lacks are added,
    and the marts are published before the addresses are printed. A part that dies is started
    again, three times; then everything ends with the last lines of its log.
    """
    if demo:
        prepare_demo_home()
        of = settings().model_copy(update={"app_sign_in": "demo"})
    else:
        of = initialised()
        config_file.write_template(of.paths)
    try:
        lock = OwnerLock(of.paths.supervisor_lock).acquire()
    except LockHeldError as error:
        pid = error.holder.get("pid", "?")
        raise Failure(f"HEAT is already up in {of.home} (process {pid}); Ctrl-C ends it") from None
    with lock:
        _refuse_other_owner(of)
        of = parts.with_free_ports(of, lean=lean)
        lock.say(url=parts.app_url(of))
        _run(of, demo=demo, lean=lean, seed=seed)


def _refuse_other_owner(of: Settings) -> None:
    """A command that is about to end may hold landing for a moment; an API would not let go."""
    until = time.monotonic() + _MOMENT_SECONDS
    while holder := holder_of(of.paths.owner_lock):
        if time.monotonic() > until:
            raise Failure(
                f"process {holder.get('pid')} at {holder.get('url')} holds the landing store of "
                "this home (another API or command); end it first"
            )
        time.sleep(0.1)


def _run(of: Settings, *, demo: bool, lean: bool, seed: int) -> None:
    say("starting …")
    with Supervisor(say) as supervisor:
        try:
            orchestrator = parts.orchestrator_children(of, lean=lean)
            supervisor.add(parts.api_child(of))
            supervisor.add(parts.app_child(of))
            for child in orchestrator:
                # the daemon starts runs: only when the demo's own run is through
                if child.name != parts.DAEMON:
                    supervisor.add(child)
            supervisor.run_until(lambda: supervisor.is_ready(parts.API))
            token = _prepare_demo(of, supervisor, seed) if demo else None
            supervisor.add(next(child for child in orchestrator if child.name == parts.DAEMON))
            supervisor.run_until(supervisor.all_ready)
            click.echo(welcome(of, lean=lean, token=token))
            supervisor.run_until(lambda: False)
        except Stopped:
            say("ending …")
        except ChildFailedError as error:
            raise Failure(f"everything is ended: {error}") from None


def _prepare_demo(of: Settings, supervisor: Supervisor, seed: int) -> str:
    """Add what the company lacks and publish it; the answer is the reader's token."""
    say("adding what the demo company lacks …")
    work = _Beside(lambda: _load(of, seed))
    supervisor.run_until(work.is_done)
    token, is_behind = work.answer()
    if is_behind:
        say("building the demo's marts …")
        run = parts.refresh_child(of)
        supervisor.add(run)
        supervisor.run_until(
            lambda: supervisor.is_ready(run.name) or supervisor.has_failed(run.name)
        )
        if supervisor.has_failed(run.name):
            say(f"the first run of the pipeline failed; see {run.log} and `heat status`")
            supervisor.forget(run.name)
    return token


class _Beside:
    """Something slow that happens while the supervisor looks after the children."""

    def __init__(self, work: Callable[[], tuple[str, bool]]) -> None:
        self._work = work
        self._answer: tuple[str, bool] | None = None
        self._error: Exception | None = None
        # a daemon: Ctrl-C must not wait for it
        self._thread = threading.Thread(target=self._run, name="heat-demo", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answer = self._work()
        except Exception as error:  # raised again by answer(), in the main thread
            self._error = error

    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def answer(self) -> tuple[str, bool]:
        if self._answer is None:
            raise self._error or RuntimeError("the work has not ended")
        return self._answer


def _load(of: Settings, seed: int) -> tuple[str, bool]:
    """The reader's token, and whether the marts lack something."""
    with Client(of.api_url, of.paths.service_token(), timeout=120) as client:
        load_demo(of.paths, client, seed)
        token = reader_token(of, client)
        return token, _is_behind(client.status(), today_of_company(datetime.now(UTC)))


def _is_behind(status: dict[str, Any], today: date) -> bool:
    snapshot, last_run = status["snapshot"], status["lastRun"] or {}
    return (
        snapshot is None
        or snapshot["asOfDay"] < today.isoformat()
        or status["freshness"]["eventsNotInSnapshot"] > 0
        or last_run.get("configVersion") != status["configVersion"]
    )
