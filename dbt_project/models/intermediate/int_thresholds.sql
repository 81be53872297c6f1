with

thresholds as (
    select * from {{ ref('stg_heat__thresholds') }}
),

teams as (
    select team_id from {{ ref('stg_heat__teams') }}
    union
    select team_id from {{ ref('stg_heat__memberships') }}
    union
    select 'unassigned' as team_id
    union
    select 'default' as team_id
),

defaults as (
    select
        key,
        value
    from thresholds
    where team_id = 'default'
),

resolved as (
    -- a team's own value, else the default; bus factor crosses teams and has one value for all
    select
        teams.team_id,
        defaults.key,
        case
            when defaults.key like 'busFactor.%' then defaults.value
            else coalesce(thresholds.value, defaults.value)
        end as value
    from teams
    cross join defaults
    left join thresholds
        on
            teams.team_id = thresholds.team_id
            and defaults.key = thresholds.key
)

select
    team_id,
    cast(max(value) filter (where key = 'heat.coolBelow') as bigint) as cool_below,
    cast(max(value) filter (where key = 'heat.normalBelow') as bigint) as normal_below,
    cast(max(value) filter (where key = 'heat.warmBelow') as bigint) as warm_below,
    cast(max(value) filter (where key = 'streak.warningDays') as bigint) as warning_days,
    cast(max(value) filter (where key = 'streak.criticalDays') as bigint) as critical_days,
    cast(max(value) filter (where key = 'streak.minDailyIntensity') as bigint)
        as min_daily_intensity,
    cast(max(value) filter (where key = 'streak.skipRestDays') as boolean) as skip_rest_days,
    cast(max(value) filter (where key = 'calendar.restDays') as integer []) as rest_weekdays,
    cast(max(value) filter (where key = 'overload.days') as bigint) as overload_days,
    cast(max(value) filter (where key = 'trend.z') as double) as trend_z,
    cast(max(value) filter (where key = 'trend.minIntensity') as bigint) as trend_min_intensity,
    -- decimal: "more than 0.6 of 5" must not hang on a binary fraction
    cast(max(value) filter (where key = 'busFactor.share') as decimal(12, 9)) as bus_share,
    cast(max(value) filter (where key = 'busFactor.windowDays') as integer) as bus_window_days,
    cast(max(value) filter (where key = 'busFactor.minTags') as bigint) as bus_min_tags
from resolved
group by team_id
