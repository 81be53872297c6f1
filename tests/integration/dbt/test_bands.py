"""The model's bands are those of ``heat.thresholds``, whose answer serves the running day."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from written_warehouse import WrittenWarehouse, event

from heat.thresholds import HeatLimits, Thresholds

pytestmark = pytest.mark.pipeline

AS_OF = date(2026, 3, 31)
TOTALS = range(1, 61)


def random_limits(seed: int) -> Thresholds:
    cool, normal, warm = sorted(Random(seed).sample(range(1, 62), 3))
    return Thresholds(heat=HeatLimits(coolBelow=cool, normalBelow=normal, warmBelow=warm))


def test_model_and_thresholds_draw_every_total_in_the_same_band(
    new_warehouse: Callable[[], WrittenWarehouse],
) -> None:
    sets = {"default": Thresholds()} | {f"team-{n}": random_limits(n) for n in range(8)}
    teams = [name for name in sets if name != "default"]
    made = new_warehouse()
    made.write_thresholds(sets)
    made.write(
        teams=[(team, team, "UTC", "named", AS_OF) for team in teams],
        users=[(f"of-{team}", "", "UTC", AS_OF) for team in teams],
        memberships=[(f"of-{team}", team, None, None) for team in teams],
    )
    # total t was tagged t days before the as-of day
    tags = [
        (f"of-{team}", AS_OF - timedelta(days=total), intensity)
        for team in teams
        for total in TOTALS
        for intensity in [10] * (total // 10) + [total % 10]
        if intensity
    ]
    made.land(
        event(n, user, n, day, intensity=intensity)
        for n, (user, day, intensity) in enumerate(tags, start=1)
    )
    made.build()
    rows = made.rows("select team_id, total_intensity, band from marts.fct_daily_intensity")
    drawn = {(team, total): band for team, total, band in rows}
    assert drawn == {
        (team, total): sets[team].band(total).value for team in teams for total in TOTALS
    }
