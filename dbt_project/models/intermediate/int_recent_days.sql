with

days as (
    select * from {{ ref('fct_daily_intensity') }}
),

people as (
    select * from {{ ref('int_people') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

load as (
    select * from {{ ref('fct_load') }}
),

last_five as (
    select *
    from days
    qualify row_number() over (partition by user_id order by local_day desc) <= 5
),

recent as (
    select
        user_id,
        max(local_day) as last_day,
        cast(sum(total_intensity) as bigint) as recent_total,
        count(*) filter (where band = 'critical') as critical_days
    from last_five
    group by user_id
)

select
    recent.user_id,
    people.team_id,
    recent.last_day,
    recent.recent_total,
    recent.critical_days,
    load.ratio as load_ratio,
    -- nothing but rest days lies between the last tagged day and the as-of day
    today.working_days - cast(not today.is_rest as integer) <= last_tagged.working_days
        as is_current
from recent
inner join people
    on recent.user_id = people.user_id
inner join load
    on
        recent.user_id = load.user_id
        and recent.last_day = load.local_day
inner join calendar as last_tagged
    on
        people.user_key = last_tagged.user_key
        and recent.last_day = last_tagged.day
inner join calendar as today
    on
        people.user_key = today.user_key
        and people.as_of_day = today.day
