"""Dagster's own files and processes in the home: what to write, what to start, in which order.

Three processes on loopback, started by the supervisor: the code server (our definitions, and
the parent of each run's process), the daemon (sensor, schedules, queue) and, unless lean, the
webserver. Nothing here imports Dagster: a supervisor need not.

>>> settings = Settings(home=Path("/srv/heat"))
>>> [process.name for process in processes(settings)]
['code server', 'daemon', 'webserver']
"""

import hashlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from heat.home import HOME_MODE, Home, replace_file
from heat.settings import Settings

LOCATION = "heat"
MODULE = "orchestration.definitions"
LONGEST_SOCKET = 100
"""Bytes; the kernel refuses socket paths of 108 and more."""

DAGSTER_YAML = """\
# Written by HEAT at each start; changes here are lost.
telemetry:
  enabled: false
nux:
  enabled: false
storage:
  sqlite:
    base_dir: {dagster}
local_artifact_storage:
  module: dagster.core.storage.root
  class: LocalArtifactStorage
  config:
    base_dir: {dagster}
compute_logs:
  module: dagster.core.storage.local_compute_log_manager
  class: LocalComputeLogManager
  config:
    base_dir: {storage}
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
concurrency:
  runs:
    # one process writes the warehouse
    max_concurrent_runs: 1
auto_materialize:
  enabled: false
freshness:
  enabled: false
retention:
  schedule:
    purge_after_days: {{skipped: 1, failure: 7, success: 7}}
  sensor:
    purge_after_days: {{skipped: 1, failure: 7, success: 7}}
"""

WORKSPACE_YAML = """\
# Written by HEAT at each start; changes here are lost.
load_from:
  - grpc_server:
      socket: {socket}
      location_name: {location}
"""


@dataclass(frozen=True)
class Process:
    """One process to start.

    :param argv: program and arguments.
    :param env: the whole environment.
    :param cwd: working folder.
    :param ready_url: address that answers 200 once it is ready, or ``None``.
    :param ready_file: file that exists once it is ready, or ``None``.
    """

    name: str
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    ready_url: str | None = None
    ready_file: Path | None = None


def write_instance(settings: Settings) -> Path:
    """Write ``dagster.yaml`` and ``workspace.yaml`` into the home, for processes to be started.

    :returns: their folder.
    """
    home = settings.paths
    home.dagster.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
    folder = home.dagster.resolve()
    # JSON text is YAML text: paths with spaces or colons stay whole
    dagster_yaml = DAGSTER_YAML.format(
        dagster=json.dumps(str(folder)), storage=json.dumps(str(folder / "storage"))
    )
    replace_file(folder / "dagster.yaml", dagster_yaml)
    socket = code_socket(home)
    # left by a code server that was killed: it would look ready before it is
    socket.unlink(missing_ok=True)
    replace_file(
        folder / "workspace.yaml",
        WORKSPACE_YAML.format(socket=json.dumps(str(socket)), location=LOCATION),
    )
    return folder


def code_socket(home: Home) -> Path:
    """Socket of the code server: in the home, where nobody else can reach it.

    A home whose path is too long for a socket gets a private folder among the temporary files.
    """
    socket = home.dagster.resolve() / "code.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET:
        return socket
    name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"heat-{os.getuid()}"
    folder.mkdir(mode=HOME_MODE, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise PermissionError(f"{folder} must belong to you alone; remove it or use a shorter home")
    return folder / f"{name}.sock"


def processes(settings: Settings, *, lean: bool = False) -> list[Process]:
    """What to start, in this order; each one when the one before it is ready.

    Call :func:`write_instance` first. End them in the reverse order with SIGTERM: the code
    server lets a run that is under way finish, and its lock is the kernel's in any case.

    :param lean: without the webserver.
    """
    home = settings.paths
    folder = home.dagster.resolve()
    env = environment(settings)
    workspace = str(folder / "workspace.yaml")
    socket = code_socket(home)
    code_server = Process(
        "code server",
        (
            *(sys.executable, "-m", "dagster", "api", "grpc"),
            *("--socket", str(socket), "--module-name", MODULE),
            *("--location-name", LOCATION, "--max-workers", "4"),
        ),
        env,
        folder,
        ready_file=socket,
    )
    daemon = Process(
        "daemon", (sys.executable, "-m", "dagster._daemon", "run", "-w", workspace), env, folder
    )
    url = f"http://127.0.0.1:{settings.dagster_port}"
    webserver = Process(
        "webserver",
        (
            *(sys.executable, "-m", "dagster_webserver", "-w", workspace),
            *("--host", "127.0.0.1", "--port", str(settings.dagster_port)),
            *("--log-level", "warning"),
        ),
        env,
        folder,
        ready_url=f"{url}/server_info",
    )
    return [code_server, daemon] if lean else [code_server, daemon, webserver]


def environment(settings: Settings) -> dict[str, str]:
    """Environment of every Dagster process of this home; telemetry off twice."""
    return {
        **os.environ,
        "HEAT_HOME": str(settings.home.resolve()),
        "DAGSTER_HOME": str(settings.paths.dagster.resolve()),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "GX_ANALYTICS_ENABLED": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
