with

people as (
    select * from {{ ref('int_people') }}
),

memberships as (
    select * from {{ ref('stg_heat__memberships') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

holidays as (
    select * from {{ ref('stg_heat__holidays') }}
),

days_off as (
    select * from {{ ref('stg_heat__days_off') }}
),

first_tag as (
    select min(local_day) as first_day
    from {{ ref('int_task_days') }}
),

person_days as (
    select
        people.user_key,
        people.user_id,
        cast(unnest(generate_series(
            cast(first_tag.first_day as timestamp),
            cast(people.as_of_day + 7 as timestamp),
            interval 1 day
        )) as date) as day
    from people
    cross join first_tag
),

teamed as (
    select
        person_days.user_key,
        person_days.user_id,
        person_days.day,
        coalesce(memberships.team_id, 'unassigned') as team_id
    from person_days
    left join memberships
        on
            person_days.user_id = memberships.user_id
            and person_days.day between memberships.from_day and memberships.to_day
),

marked as (
    select
        teamed.user_key,
        teamed.day,
        teamed.team_id,
        list_contains(thresholds.rest_weekdays, isodow(teamed.day))
        or holidays.day is not null
        or days_off.day is not null as is_rest
    from teamed
    left join thresholds
        on teamed.team_id = thresholds.team_id
    left join holidays
        on teamed.team_id = holidays.team_id and teamed.day = holidays.day
    left join days_off
        on teamed.user_id = days_off.user_id and teamed.day = days_off.day
)

select
    user_key,
    day,
    team_id,
    is_rest,
    -- working days since the calendar began, this one included: differences count what lies between
    count(*) filter (where not is_rest) over (
        partition by user_key
        order by day
        rows unbounded preceding
    ) as working_days
from marked
