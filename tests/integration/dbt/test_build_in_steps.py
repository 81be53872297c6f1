"""A warehouse that grew build by build equals one that was built at once, in whatever order."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count, pairwise
from random import Random
from typing import Any

import pytest
from written_warehouse import WrittenWarehouse, event

from heat.schema import MARTS
from heat.vocabulary import WorkType

pytestmark = pytest.mark.pipeline

AS_OF = date(2026, 3, 31)
PEOPLE = [f"user-{n}" for n in range(6)]
TASKS = [("jira", "HEAT-1"), ("jira", "HEAT-2"), ("acme/web", "#7"), ("no-ticket", "stand-up")]

History = list[Mapping[str, Any]]
"""Events of one tag, oldest first."""


def histories(random: Random) -> list[History]:
    """Random tags, some corrected (also to another day or task) or withdrawn later."""
    return [history(random, tag) for tag in range(1, 251)]


def history(random: Random, tag: int) -> History:
    user = random.choice(PEOPLE)
    kinds = ["stored"] + ["corrected"] * random.choice([0, 0, 0, 0, 1, 2])
    events = [{**content(random, user, tag), "kind": kind} for kind in kinds]
    if random.random() < 0.15:
        events.append({**events[-1], "kind": "withdrawn"})
    return events


def content(random: Random, user: str, tag: int) -> dict[str, Any]:
    scope, task = random.choice(TASKS)
    # some days lie after the as-of day
    day = AS_OF - timedelta(days=int(random.triangular(-2, 120, 5)))
    return event(
        0,
        user,
        tag,
        day,
        task_scope=scope,
        task_id=task,
        task_title=random.choice(["", "Pay", f"Pay {tag}"]),
        work_type=random.choice(list(WorkType)).value,
        intensity=random.randint(1, 10),
        labels=random.sample(["SQL", "API", "UI"], random.randint(0, 3)),
        area=random.choice([None, None, "billing"]),
    )


def shuffled(random: Random, tags: list[History]) -> Iterator[dict[str, Any]]:
    """Events in a random order in which those of one tag keep theirs, numbered as landed."""
    turns = [index for index, events in enumerate(tags) for _ in events]
    random.shuffle(turns)
    rest = [iter(events) for events in tags]
    for seq, index in zip(count(1), turns, strict=False):
        yield {**next(rest[index]), "seq": seq}


def write_directory(made: WrittenWarehouse) -> None:
    made.run_as_of(AS_OF)
    # the last of the people is unknown to the directory, the last but one in no team
    made.write(
        teams=[(team, team, "UTC", "named", AS_OF) for team in ("core", "web")],
        users=[(user, user, None, AS_OF) for user in PEOPLE[:-1]],
        memberships=[
            *((user, "core", None, date(2026, 2, 28)) for user in PEOPLE[:2]),
            *((user, "web", date(2026, 3, 1), None) for user in PEOPLE[:2]),
            *((user, "core", None, None) for user in PEOPLE[2:-2]),
        ],
        area_rules=[
            ("core", 1, "label", "SQL", "database"),
            ("core", 2, "title", "Pay [0-9]+", "cards"),
            ("web", 1, "scope", "acme/.*", "shop"),
        ],
        holidays=[("core", date(2026, 3, 17), "St Patrick")],
        days_off=[(PEOPLE[0], date(2026, 3, 18))],
    )


def marts(made: WrittenWarehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: made.rows(f"select {rounded(name)} from marts.{name} order by all") for name in MARTS
    }


def rounded(mart: str) -> str:
    """Its columns; sums of fractions without the digits that hang on the order of summing."""
    return ", ".join(
        f"round({name}, 9) as {name}" if kind == "DOUBLE" else name
        for name, kind in MARTS[mart].items()
    )


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))]
)
def test_steps_and_order_of_arrival_leave_no_trace(
    new_warehouse: Callable[[], WrittenWarehouse], seed: int
) -> None:
    random = Random(seed)
    tags = histories(random)
    grown = new_warehouse()
    write_directory(grown)
    events = list(shuffled(random, tags))
    cuts = [0, *sorted(random.sample(range(1, len(events)), 2)), len(events)]
    for start, end in pairwise(cuts):
        grown.land(events[start:end])
        grown.build()
    at_once = new_warehouse()
    write_directory(at_once)
    at_once.land(shuffled(random, tags))
    at_once.build(full_refresh=True)
    assert marts(grown) == marts(at_once)
    assert all(
        made.rows("select count(*) > 100 from marts.fct_tags") == [(True,)]
        for made in (grown, at_once)
    )
