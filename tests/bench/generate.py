"""Invented tags by the million, made by DuckDB itself; seeded, so that every run is the same."""

from datetime import date

import duckdb

LAST_DAY = date(2026, 8, 20)

PEOPLE = """
    select
        'person-' || lpad(i::varchar, 5, '0') || '@example.org' as user_id,
        'team-' || lpad((i // 25)::varchar, 3, '0') as team_id
    from range({people}) as t(i)
"""

TAGS = """
    with

    person_days as (
        select p.i as person, d::date as local_day, hash(p.i, d) as h
        from range({people}) as p(i), range(
            date '{last_day}' - {days} + 1, date '{last_day}' + 1, interval 1 day
        ) as r(d)
        where isodow(d) <= 5
    ),

    tags as (
        -- four tasks a day, each for a week, nearly always as the same kind of work
        select
            person,
            local_day,
            t.k,
            hash(h, t.k) as h,
            cast(
                (person // 25) * 400
                + hash(person, epoch(local_day)::bigint // 604800, t.k % 4) % 400 as integer
            ) as task
        from person_days, range({tags_a_day}) as t(k)
    )

    select
        row_number() over (order by local_day, k, person)::bigint as seq,
        'stored' as kind,
        'person-' || lpad(person::varchar, 5, '0') || '@example.org' as user_id,
        uuid() as tag_id,
        '' as task_scope,
        'P' || (task // 100)::varchar || '-' || (task % 100)::varchar as task_id,
        'Work on part ' || (task % 977)::varchar || ' of area ' || (task // 100)::varchar
            as task_title,
        (['Feature', 'Bug', 'Feature', 'Support', 'Config', 'Research', 'Blocker'])[
            1 + ((task + (h % 8 = 0)::integer) % 7)::integer
        ] as work_type,
        (1 + h % 10)::tinyint as intensity,
        (local_day + interval 8 hour + (k * 24) * interval 1 minute)::timestamp at time zone 'UTC'
            as tagged_at,
        0::smallint as tz_offset_min,
        local_day,
        case when h % 5 = 0 then [(['SQL', 'API', 'UI'])[1 + (h % 3)::integer]] else [] end
            as labels,
        null::varchar as area,
        'bench' as source,
        (local_day + interval 20 hour)::timestamp at time zone 'UTC' as ingested_at
    from tags
    order by seq
"""


def tags_sql(*, people: int, days: int, tags_a_day: int, last_day: date = LAST_DAY) -> str:
    """A select of tag events in ``raw.tag_events``' columns: weekdays only."""
    return TAGS.format(people=people, days=days, tags_a_day=tags_a_day, last_day=last_day)


def people_sql(people: int) -> str:
    """A select of ``user_id, team_id``: teams of 25."""
    return PEOPLE.format(people=people)


if __name__ == "__main__":
    connection = duckdb.connect()
    print(connection.sql(f"select count(*) from ({tags_sql(people=100, days=90, tags_a_day=20)})"))
