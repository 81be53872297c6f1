"""Children under a supervisor: ready, restarted, ended, whatever happens to anybody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from heat import supervisor as supervision
from heat import watchdog
from heat.supervisor import Child, ChildFailedError, Stopped, Supervisor

pytestmark = pytest.mark.process

SLEEPER = "import time; time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., Child]:
    def make(name: str, code: str, **more: object) -> Child:
        argv = (sys.executable, "-c", code)
        return Child(name, argv, tmp_path / f"{name}.log", **more)  # type: ignore[arg-type]

    return make


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_BACK_OFF_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", 1.0)


@pytest.fixture
def nobody_left() -> Iterator[None]:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    yield
    left = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
    assert left == []


def sooner_or_later(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def has_children(pid: int, count: int) -> bool:
    return len(psutil.Process(pid).children(recursive=True)) >= count


@pytest.mark.usefixtures("nobody_left")
def test_leaving_ends_every_child_and_what_it_started(child: Callable[..., Child]) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("parent", PARENT))
        # the watchdog, the parent and its own child
        supervisor.run_until(lambda: has_children(os.getpid(), 3))


@pytest.mark.usefixtures("nobody_left")
def test_a_child_that_ignores_sigterm_is_killed(child: Callable[..., Child]) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("stubborn", STUBBORN))
        supervisor.run_until(supervisor.all_ready)


@pytest.mark.usefixtures("nobody_left")
def test_a_child_waits_for_those_it_comes_after(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    file = tmp_path / "ready"
    with Supervisor() as supervisor:
        supervisor.add(child("first", SLEEPER, ready_file=file))
        supervisor.add(
            child(
                "second",
                f"open({str(tmp_path / 'started')!r}, 'w')",
                ends_itself=True,
                after=("first",),
            )
        )
        supervisor.run_until(lambda: not supervisor.is_ready("first"))
        assert not (tmp_path / "started").exists()
        file.touch()
        supervisor.run_until(supervisor.all_ready)
        assert (tmp_path / "started").exists()


def test_words_in_the_log_say_that_a_child_is_ready_but_not_those_of_the_last_time(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    (tmp_path / "talker.log").write_text("now I am ready\n")
    code = f"import time; time.sleep(0.3); print('now I am ready', flush=True); {SLEEPER}"
    with Supervisor() as supervisor:
        supervisor.add(child("talker", code, ready_words="I am ready"))
        assert not supervisor.all_ready()
        supervisor.run_until(supervisor.all_ready)
    assert (tmp_path / "talker.log").read_text().count("ready") == 2


def test_a_child_that_dies_is_started_again_and_given_up_the_fourth_time(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    said: list[str] = []
    code = f"open({str(tmp_path / 'starts')!r}, 'a').write('x'); print('no luck'); exit(3)"
    with Supervisor(said.append) as supervisor:
        supervisor.add(child("unlucky", code))
        with pytest.raises(ChildFailedError) as caught:
            supervisor.run_until(lambda: False)
    assert (tmp_path / "starts").read_text() == "xxxx"
    assert "unlucky ended with code 3 4 times" in str(caught.value)
    assert "no luck" in str(caught.value)
    assert str(tmp_path / "unlucky.log") in str(caught.value)
    assert len(said) == 3


def test_a_child_that_is_never_ready_ends_everything(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("slow", SLEEPER, ready_file=tmp_path / "never", patience=0.2))
        with pytest.raises(ChildFailedError, match="did not become ready"):
            supervisor.run_until(supervisor.all_ready)


@pytest.mark.parametrize(("code", "ended_well"), [("pass", True), ("exit(2)", False)])
def test_a_child_that_ends_itself_is_judged_by_its_code(
    child: Callable[..., Child], code: str, ended_well: bool
) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("run", code, ends_itself=True))
        supervisor.run_until(lambda: supervisor.is_ready("run") or supervisor.has_failed("run"))
        assert supervisor.is_ready("run") is ended_well


@pytest.mark.usefixtures("nobody_left")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_waiting(child: Callable[..., Child], number: signal.Signals) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("sleeper", SLEEPER))
        os.kill(os.getpid(), number)
        with pytest.raises(Stopped):
            supervisor.run_until(lambda: False)


def test_signals_mean_what_they_did_before_once_it_is_left() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Supervisor():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_ended_last_outlives_the_others(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    last_words = (
        "import signal, sys, time, pathlib\n"
        "def end(*_):\n"
        f"    with open({str(tmp_path / 'order')!r}, 'a') as file: file.write(sys.argv[1])\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[2]).touch()\n"
        "time.sleep(60)\n"
    )
    with Supervisor() as supervisor:
        for name, last in (("a", True), ("b", False)):
            ready = tmp_path / f"{name}.ready"
            argv = (sys.executable, "-c", last_words, name, str(ready))
            log = tmp_path / f"{name}.log"
            supervisor.add(Child(name, argv, log, ready_file=ready, ends_last=last))
        supervisor.run_until(supervisor.all_ready)
    assert (tmp_path / "order").read_text() == "ba"


def test_a_long_log_is_set_aside_at_the_start(
    child: Callable[..., Child], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "MOST_LOG_BYTES", 10)
    (tmp_path / "run.log").write_text("what was before\n")
    with Supervisor() as supervisor:
        supervisor.add(child("run", "print('new')", ends_itself=True))
        supervisor.run_until(supervisor.all_ready)
    assert (tmp_path / "run.log").read_text() == "new\n"
    assert (tmp_path / "run.log.1").read_text() == "what was before\n"


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from heat.supervisor import Child, Supervisor\n"
        "with Supervisor() as supervisor:\n"
        f"    argv = (sys.executable, '-c', {PARENT!r})\n"
        f"    supervisor.add(Child('parent', argv, Path({str(tmp_path / 'log')!r})))\n"
        "    supervisor.run_until(lambda: False)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        assert sooner_or_later(lambda: has_children(process.pid, 3))
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
