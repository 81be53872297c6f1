"""One person's tags: how much on a day, on which tasks, at what time.

A sprint of one person is made as a whole, so that ordinary work stays free of streaks: no task
is tagged on three working days in a row, unless it is meant to be.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from heat.demo import stories, work
from heat.demo.absence import is_workday
from heat.demo.days import sprint_days
from heat.demo.dice import Quota, dice, lognormal, pick, split
from heat.demo.habits import CAPTAIN_MIX, habits, week_mix
from heat.demo.people import SILO_OWNER, Person, members_of, team_of
from heat.demo.work import Task
from heat.vocabulary import WorkType

_IDS = UUID("6f9a53d2-6d0c-4c39-9a53-0f9b3f1d5e10")

_MOST_TAGS = 9
_HOTTEST_ORDINARY = 29
_HOTTEST_QUIET = 14
_QUIET_PACE = (1.2, 0.75)
"""In the quiet team the second week of a sprint is the calmer one."""
_LONGEST_ORDINARY_RUN = 2
_PUSH_SHARE = 0.5
"""Share of a day that the people of a push spend on it; most of it comes on top."""

_SLOTS = {
    WorkType.FEATURE: 0,
    WorkType.BUG: 2,
    WorkType.SUPPORT: 4,
    WorkType.CONFIG: 5,
    WorkType.RESEARCH: 5,
    WorkType.BLOCKER: 6,
}
_TWINS = (WorkType.FEATURE, WorkType.BUG)
"""Kinds of work of which a person has two tasks per sprint."""


@dataclass(frozen=True)
class Tag:
    """One tag, as it is uploaded. ``local_day`` follows from moment and offset."""

    tag_id: UUID
    user_id: str
    task: Task
    intensity: int
    moment: datetime
    offset_minutes: int
    local_day: date

    def body(self) -> dict[str, Any]:
        """The tag as an element of the body of ``POST /api/v1/tags``."""
        body: dict[str, Any] = {
            "tagId": str(self.tag_id),
            "userId": self.user_id,
            "taskId": self.task.task_id,
            "taskScope": self.task.scope,
            "taskTitle": self.task.title,
            "workType": self.task.work_type.value,
            "intensity": self.intensity,
            "timestamp": int(self.moment.timestamp()) * 1000,
            "tzOffsetMin": self.offset_minutes,
            "labels": list(self.task.labels),
            "source": self.task.source,
        }
        if self.task.area is not None:
            body["area"] = self.task.area
        return body


@lru_cache(maxsize=4096)
def tags_of_sprint(seed: int, person: Person, sprint: int) -> tuple[Tag, ...]:
    """Every tag of one person in one sprint, in order of time."""
    return tuple(_Sprint(seed, person, sprint).tags())


class _Runs:
    """On how many tagged days in a row a task has come up."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, WorkType], tuple[int, int]] = {}

    def would_be(self, task: Task, place: int) -> int:
        last, run = self._seen.get(task.key, (-2, 0))
        if last == place:
            return run
        return run + 1 if last == place - 1 else 1

    def note(self, task: Task, place: int) -> None:
        self._seen[task.key] = (place, self.would_be(task, place))


class _Sprint:
    """Two weeks of one person."""

    def __init__(self, seed: int, person: Person, sprint: int) -> None:
        self.seed = seed
        self.person = person
        self.sprint = sprint
        self.habits = habits(seed, person)
        self.quiet = person.team_id == stories.QUIET_TEAM
        self.ordinary = not self.quiet and person.user_id != SILO_OWNER
        self.days = sprint_days(sprint)
        self.workdays = [day for day in self.days if is_workday(seed, person, day)]
        self.runs = _Runs()
        self.quotas: dict[object, Quota] = {}
        rng = dice(seed, person.user_id, "sprint", sprint)
        self.peak = self._peak(rng)
        self.stuck = self._stuck(rng)

    def tags(self) -> Iterator[Tag]:
        for place, day in enumerate(self.workdays):
            rng = dice(self.seed, self.person.user_id, day)
            held = stories.captaincy_of(self.seed, self.person.user_id, day)
            tasks = self._fixed(day, held)
            skips = rng.random() < self.habits.skips
            if skips and held is None and not tasks:
                continue
            total = self._total(rng, day, held)
            count = max(len(tasks), self._count(rng, total))
            tasks += self._fill(rng, place, count - len(tasks), held)
            for task in tasks:
                self.runs.note(task, place)
            hours = (self.habits.begins, self.habits.ends)
            sizes = split(rng, max(total, count), count)
            yield from _stamped(rng, self.person, hours, day, tasks, sizes)

    def _peak(self, rng: Random) -> date | None:
        """One hot day in the middle of a full sprint: a bad day, never an overload."""
        wanted, place = rng.random() < 0.6, rng.choice((4, 5))
        full = len(self.workdays) > 8
        return self.workdays[place] if wanted and full and self.ordinary else None

    def _stuck(self, rng: Random) -> dict[date, Task]:
        """Now and then an ordinary task takes three days in a row."""
        happens, first = rng.random() < 0.06, rng.randrange(1, 5)
        if not (happens and self.ordinary and len(self.workdays) >= 8):
            return {}
        area = pick(rng, self.habits.areas)
        task = self._named(WorkType.BUG, 7, area)
        return dict.fromkeys(self.workdays[first : first + 3], task)

    def _fixed(self, day: date, held: stories.Captaincy | None) -> list[Task]:
        """What is on the desk that day, whatever else there is."""
        if held is not None:
            return stories.captain_tasks(self.seed, held, day)
        if self.person.user_id == SILO_OWNER:
            return stories.silo_tasks(self.seed, day)
        return [self.stuck[day]] if day in self.stuck else []

    def _total(self, rng: Random, day: date, held: stories.Captaincy | None) -> int:
        """Total intensity of one day."""
        week = (day - self.days[0]).days // 7
        pace = _QUIET_PACE[week] if self.quiet else 1.0
        drawn = lognormal(rng, pace * self.habits.median, self.habits.spread)
        if held is not None:
            total = round(held.total(day) * rng.uniform(0.96, 1.05))
            return max(total, 31) if held.is_critical(day) else min(total, _HOTTEST_ORDINARY)
        if day == self.peak:
            return rng.randrange(30, 42)
        if self.person.user_id in stories.push_of(self.seed, day).people:
            drawn = max(round(1.4 * drawn), 12)
        return min(drawn, _HOTTEST_QUIET if self.quiet else _HOTTEST_ORDINARY)

    def _count(self, rng: Random, total: int) -> int:
        """Number of tags that make up a day's total."""
        wanted = round(total / (self.habits.intensity * rng.uniform(0.8, 1.25)))
        return max(1, math.ceil(total / 10), min(_MOST_TAGS, wanted, total))

    def _fill(
        self, rng: Random, place: int, count: int, held: stories.Captaincy | None
    ) -> list[Task]:
        """Ordinary work: by the mix of the week, on tasks that form no streak."""
        day = self.workdays[place]
        week = (day - self.days[0]).days // 7
        mix = self.habits.mix if held is None else CAPTAIN_MIX
        pushed = stories.push_tasks(self.seed, self.person, day)
        tasks: list[Task] = []
        for number in range(count):
            if pushed and (number == 0 or rng.random() < _PUSH_SHARE):
                tasks.append(pushed[number % 2])
            elif rng.random() < 0.07:
                tasks.append(self._no_ticket(day, number))
            else:
                tasks.append(self._ordinary(rng, place, week, mix))
        return tasks

    def _ordinary(self, rng: Random, place: int, week: int, mix: dict[str, float]) -> Task:
        """One of the sprint's tasks that may be tagged today, else work without a ticket."""
        quota = self.quotas.get((week, id(mix)))
        if quota is None:
            weights = week_mix(self.seed, self.person, self.days[7 * week], mix)
            shuffle = dice(self.seed, self.person.user_id, "mix", self.sprint, week)
            quota = self.quotas[(week, id(mix))] = Quota(shuffle, weights)
        for _ in range(4):
            kind = WorkType(quota.draw())
            for task in self._of_kind(rng, kind):
                if self.runs.would_be(task, place) <= _LONGEST_ORDINARY_RUN:
                    return task
        return self._no_ticket(self.sprint, rng.random())

    def _no_ticket(self, *words: object) -> Task:
        task = work.no_ticket(self.seed, self.person.user_id, *words)
        # the quiet team's helping hours are part of what it builds
        return replace(task, work_type=WorkType.FEATURE) if self.quiet else task

    def _of_kind(self, rng: Random, kind: WorkType) -> list[Task]:
        """The sprint's tasks of one kind, the team's shared one among them, in some order."""
        areas = team_of(self.person.team_id).areas
        slot = _SLOTS[kind]
        tasks = [self._task(kind, slot)]
        if kind in _TWINS:
            tasks.append(self._task(kind, slot + 1))
            rng.shuffle(tasks)
            area = areas[self.sprint % len(areas)]
            shared = work.shared_task(self.person.team_id, self.sprint, kind, area)
            tasks.insert(0 if rng.random() < 0.2 else 2, shared)
        return tasks

    def _task(self, kind: WorkType, slot: int) -> Task:
        area = pick(dice(self.seed, self.person.user_id, self.sprint, slot), self.habits.areas)
        return self._named(kind, slot, area)

    def _named(self, kind: WorkType, slot: int, area: str) -> Task:
        own = 8 * members_of(self.person.team_id).index(self.person)
        return work.task(self.seed, self.person.team_id, self.sprint, own + slot, kind, area)


def _stamped(
    rng: Random,
    person: Person,
    hours: tuple[float, float],
    day: date,
    tasks: Sequence[Task],
    intensities: Sequence[int],
) -> Iterator[Tag]:
    """Tags with ids and moments, in order of time; what is stuck is the hardest."""
    begins, ends = (round(hour * 3600) for hour in hours)
    seconds = sorted(rng.sample(range(begins, ends), len(tasks)))
    pairs = list(zip(tasks, sorted(intensities, reverse=True), strict=True))
    rng.shuffle(pairs)
    midnight = datetime.combine(day, time(), ZoneInfo(person.timezone))
    for number, ((task, intensity), second) in enumerate(zip(pairs, seconds, strict=True)):
        # wall-clock arithmetic: the offset is the one of that hour, also when clocks change
        local = midnight + timedelta(seconds=second)
        offset = round((local.utcoffset() or timedelta()).total_seconds() / 60)
        tag_id = uuid5(_IDS, f"{person.user_id}/{day}/{number}")
        yield Tag(tag_id, person.user_id, task, intensity, local.astimezone(UTC), offset, day)
