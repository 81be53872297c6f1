"""How a home is: what its files, locks and API say, and which of it is a problem."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from heat.lock import holder_of
from heat.settings import Settings
from heat.snapshot import read_last_run

_STALE_AFTER = timedelta(hours=26)
"""A snapshot is rebuilt every night: older than this, a night was missed."""


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, and what to do about it."""

    what: str
    do: str


@dataclass(frozen=True)
class State:
    """What ``heat status`` tells."""

    home: str
    supervisor: dict[str, object] | None
    api: dict[str, object] | None
    pipeline: dict[str, object] | None
    last_run: dict[str, Any] | None
    answer: dict[str, Any] = field(default_factory=dict)

    def with_answer(self, answer: dict[str, Any]) -> "State":
        """The same home, with what its API says."""
        return replace(self, answer=answer)

    @property
    def ledger(self) -> dict[str, int]:
        """What became of every tag ever received."""
        return dict(self.answer["ledger"])

    @property
    def problems(self) -> list[Problem]:
        """What needs somebody, the worst first."""
        return [*self._ledger_problems(), *self._run_problems(), *self._freshness_problems()]

    def lines(self) -> list[tuple[str, str]]:
        """Name and text of what a person wants to see first."""
        snapshot = self.answer["snapshot"]
        behind = self.answer["freshness"]["eventsNotInSnapshot"]
        return [
            ("heat up", _process(self.supervisor)),
            ("API", _process(self.api)),
            ("pipeline", _process(self.pipeline)),
            (
                "snapshot",
                f"{snapshot['id']}, as of {snapshot['asOfDay']}, built {snapshot['builtAt']}"
                if snapshot
                else "none yet",
            ),
            ("behind", f"{behind:,} tag events are not in the snapshot"),
            ("last run", _run(self.last_run)),
            ("newest", f"upload {self.answer['freshness']['newestUpload'] or 'never'}"),
        ]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "home": self.home,
            "processes": {
                "supervisor": self.supervisor,
                "api": self.api,
                "pipeline": self.pipeline,
            },
            "ledger": self.ledger,
            "freshness": self.answer["freshness"],
            "snapshot": self.answer["snapshot"],
            "lastRun": self.last_run,
            "failedChecks": (self.last_run or {}).get("failedChecks", []),
            "problems": [{"what": problem.what, "do": problem.do} for problem in self.problems],
        }

    def _ledger_problems(self) -> list[Problem]:
        residual = self.ledger.get("residual", 0)
        if not residual:
            return []
        what = f"the ledger does not close: {residual:+,} tags between received and accounted for"
        return [Problem(what, "keep the home as it is and look for errors in logs/api.log")]

    def _run_problems(self) -> list[Problem]:
        if self.last_run is None or self.last_run.get("outcome") == "published":
            return []
        failed = [f"{one['name']}: {one['message']}" for one in self.last_run["failedChecks"]]
        if failed:
            what = f"newer data failed {len(failed)} checks ({'; '.join(failed[:3])})"
            return [Problem(what, "correct the data it names, then run `heat refresh`")]
        stage = self.last_run.get("stage")
        what = f"the last run failed at {stage}: {self.last_run.get('message', 'no reason given')}"
        return [Problem(what, "run `heat refresh`; with `--full` the warehouse is built anew")]

    def _freshness_problems(self) -> list[Problem]:
        snapshot = self.answer["snapshot"]
        behind = self.answer["freshness"]["eventsNotInSnapshot"]
        if snapshot is None:
            if not behind:
                return []
            what = f"nothing is published yet, and {behind:,} tag events wait"
            return [Problem(what, "run `heat refresh`, or `heat up`")]
        age = datetime.now(UTC) - datetime.fromisoformat(snapshot["builtAt"])
        if self.supervisor is None and (behind or age > _STALE_AFTER):
            what = f"the snapshot is {_ago(age)} old and {behind:,} tag events behind"
            return [Problem(what, "run `heat refresh`, or `heat up` to have it done")]
        if age > _STALE_AFTER:
            what = f"the snapshot is {_ago(age)} old though HEAT is up"
            return [Problem(what, "look into logs/daemon.log and logs/code-server.log")]
        return []


def look_at(settings: Settings) -> State:
    """Read what the home's files and locks say; the API's answer is added later."""
    home = settings.paths
    return State(
        home=str(home.root.resolve()),
        supervisor=holder_of(home.supervisor_lock),
        api=holder_of(home.owner_lock),
        pipeline=holder_of(home.pipeline_lock),
        last_run=read_last_run(home),
    )


def _process(holder: dict[str, object] | None) -> str:
    if holder is None:
        return "not running"
    url = f" at {holder['url']}" if holder.get("url") else ""
    return f"process {holder.get('pid', '?')}{url}"


def _run(last_run: dict[str, Any] | None) -> str:
    if last_run is None:
        return "none yet"
    return f"{last_run.get('outcome')} at {last_run.get('finishedAt')}"


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
