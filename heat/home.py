"""The runtime home: where every file of one HEAT lives, and who may write it.

Only paths and the few file operations that every room needs; nothing here opens a database.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

HOME_MODE = 0o700
FILE_MODE = 0o600


@dataclass(frozen=True)
class Home:
    """Paths of one runtime home.

    >>> Home(Path("/srv/heat")).landing_file.as_posix()
    '/srv/heat/landing/landing.duckdb'
    """

    root: Path

    @property
    def landing_file(self) -> Path:
        """Written by the process that holds :attr:`owner_lock`, by nobody else."""
        return self.root / "landing" / "landing.duckdb"

    @property
    def owner_lock(self) -> Path:
        """Held by the landing's owner; says its pid and URL."""
        return self.root / "landing" / "owner.lock"

    @property
    def warehouse_file(self) -> Path:
        """Written by the one running pipeline; delete it and the next run rebuilds it."""
        return self.root / "warehouse" / "warehouse.duckdb"

    @property
    def pipeline_lock(self) -> Path:
        """Held by the one running pipeline."""
        return self.root / "warehouse" / "pipeline.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by ``heat up``."""
        return self.root / "up.lock"

    @property
    def published(self) -> Path:
        """Snapshots, ``CURRENT`` and ``LAST_RUN.json``."""
        return self.root / "published"

    @property
    def current_file(self) -> Path:
        """Holds the file name of the current snapshot."""
        return self.published / "CURRENT"

    @property
    def last_run_file(self) -> Path:
        """Outcome, failed checks and times of the last run, as JSON."""
        return self.published / "LAST_RUN.json"

    @property
    def config_file(self) -> Path:
        """Settings of this home."""
        return self.root / "heat.toml"

    @property
    def dagster(self) -> Path:
        """Dagster's instance: its configuration, runs and ticks."""
        return self.root / "dagster"

    @property
    def logs(self) -> Path:
        """Logs of the processes that ``heat up`` starts."""
        return self.root / "logs"

    @property
    def tmp(self) -> Path:
        """Spill files of the databases; may be emptied while nothing runs."""
        return self.root / "tmp"

    @property
    def secrets(self) -> Path:
        """Tokens and keys, readable by the owner alone."""
        return self.root / "secrets"

    @property
    def service_token_file(self) -> Path:
        """The token with which our own processes speak to the API."""
        return self.secrets / "service-token"

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder of a home."""
        return (
            self.landing_file.parent,
            self.warehouse_file.parent,
            self.published,
            self.dagster,
            self.logs,
            self.tmp,
            self.secrets,
        )

    def init(self) -> "Home":
        """Make the folders (0700) and the service token; leave everything else as it is."""
        self.root.mkdir(parents=True, exist_ok=True, mode=HOME_MODE)
        for folder in self.folders:
            folder.mkdir(exist_ok=True, mode=HOME_MODE)
            folder.chmod(HOME_MODE)
        if not self.service_token_file.exists():
            token = f"heat_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
            replace_file(self.service_token_file, token)
        return self

    def service_token(self) -> str:
        """The home's own token.

        :raises FileNotFoundError: if the home was not initialised.
        """
        return self.service_token_file.read_text().strip()

    def is_initialised(self) -> bool:
        """Whether ``heat init`` has been here."""
        return self.service_token_file.exists()


def replace_file(path: Path, text: str) -> None:
    """Write a file so that readers see the old text or the new one, never half of it.

    File and folder are synced: after a power cut the new name points at the whole text.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in ``folder`` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
