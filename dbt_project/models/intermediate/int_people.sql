with

users as (
    select * from {{ ref('stg_heat__users') }}
),

teams as (
    select * from {{ ref('stg_heat__teams') }}
),

memberships as (
    select * from {{ ref('stg_heat__memberships') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

run as (
    select * from {{ ref('stg_heat__run') }}
),

ids as (
    -- a tag whose author the directory does not know still counts
    select user_id from users
    union
    select user_id from {{ ref('int_tags') }}
),

dated as (
    select
        ids.user_id,
        coalesce(users.display_name, ids.user_id) as display_name,
        users.timezone,
        coalesce(users.as_of_day, run.as_of_day) as as_of_day
    from ids
    cross join run
    left join users
        on ids.user_id = users.user_id
)

select
    -- rises with the id, so that a tie goes to the smaller id; holds for this build only
    cast(row_number() over (order by dated.user_id asc) as integer) as user_key,
    dated.user_id,
    dated.display_name,
    coalesce(memberships.team_id, 'unassigned') as team_id,
    coalesce(dated.timezone, teams.timezone, 'UTC') as timezone,
    dated.as_of_day,
    thresholds.skip_rest_days,
    thresholds.min_daily_intensity
from dated
left join memberships
    on
        dated.user_id = memberships.user_id
        and dated.as_of_day between memberships.from_day and memberships.to_day
left join teams
    on memberships.team_id = teams.team_id
left join thresholds
    on coalesce(memberships.team_id, 'unassigned') = thresholds.team_id
