with

streaks as (
    select * from {{ ref('fct_streaks') }}
    where is_active and level in ('warning', 'critical')
),

fragile_streaks as (
    select * from {{ ref('int_fragile_streaks') }}
),

recent_days as (
    select * from {{ ref('int_recent_days') }}
),

trends as (
    select * from {{ ref('fct_weekly_trends') }}
),

bus_factors as (
    select * from {{ ref('fct_bus_factor') }}
    where window_index = 0 and is_at_risk
),

recent_team_areas as (
    select * from {{ ref('int_recent_team_areas') }}
),

teams as (
    select * from {{ ref('stg_heat__teams') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

run as (
    select * from {{ ref('stg_heat__run') }}
),

recently_fragile_areas as (
    select distinct fragile_streaks.area
    from fragile_streaks
    cross join run
    where fragile_streaks.last_day > run.as_of_day - 30
),

pain_streak as (
    select
        {{ fingerprint('pain_streak', ['user_id', 'task_scope', 'task_id', 'work_type']) }}
            as fingerprint,
        'pain_streak' as type,
        level as severity,
        user_id,
        team_id,
        task_scope,
        task_id,
        work_type,
        area,
        cast(null as date) as week_start,
        concat('🔥 Pain Streak: ', days, ' days on ', task_id, ' (', work_type, ')') as message,
        'Consider pairing or a check-in' as suggested_action,
        cast(days as double) as value
    from streaks
),

fragile_streak as (
    select
        {{ fingerprint(
            'fragile_streak', ['user_id', 'task_scope', 'task_id', 'work_type', 'area']
        ) }} as fingerprint,
        'fragile_streak' as type,
        'critical' as severity,
        user_id,
        team_id,
        task_scope,
        task_id,
        work_type,
        area,
        cast(null as date) as week_start,
        concat(
            '🔥 Fragile Streak: ', days, ' days on ', task_id, ' (', work_type,
            '), and nobody else holds ', area
        ) as message,
        'Pair now: nobody else holds this area' as suggested_action,
        cast(days as double) as value
    from fragile_streaks
    where is_active
),

overload as (
    select
        {{ fingerprint('overload', ['recent_days.user_id']) }} as fingerprint,
        'overload' as type,
        'warning' as severity,
        recent_days.user_id,
        recent_days.team_id,
        cast(null as varchar) as task_scope,
        cast(null as varchar) as task_id,
        cast(null as varchar) as work_type,
        cast(null as varchar) as area,
        cast(null as date) as week_start,
        concat(
            '🌡️ Overload: ', recent_days.critical_days, ' critical ',
            case when recent_days.critical_days = 1 then 'day' else 'days' end,
            ' among the last 5 tagged days'
        ) as message,
        'Re-plan or drop scope' as suggested_action,
        cast(recent_days.critical_days as double) as value
    from recent_days
    inner join thresholds
        on recent_days.team_id = thresholds.team_id
    where
        recent_days.is_current
        and recent_days.critical_days >= thresholds.overload_days
),

spike as (
    select
        {{ fingerprint(
            'spike', ['trends.team_id', 'trends.work_type', 'cast(trends.week_start as varchar)']
        ) }} as fingerprint,
        'spike' as type,
        'warning' as severity,
        cast(null as varchar) as user_id,
        trends.team_id,
        cast(null as varchar) as task_scope,
        cast(null as varchar) as task_id,
        trends.work_type,
        cast(null as varchar) as area,
        trends.week_start,
        concat(
            '📈 Spike: ', trends.work_type, ' at ', trends.total_intensity,
            ' in the week of ', trends.week_start,
            ', where ', round(trends.baseline, 1), ' is usual'
        ) as message,
        'Look at the tasks behind it' as suggested_action,
        cast(trends.total_intensity as double) as value
    from trends
    inner join teams
        on trends.team_id = teams.team_id
    where
        trends.is_systemic
        -- the team's running week or the last full one
        and trends.week_start >= date_trunc('week', teams.as_of_day) - interval 7 days
),

bus_factor as (
    select
        {{ fingerprint('bus_factor', ['bus_factors.team_id', 'bus_factors.area']) }}
            as fingerprint,
        'bus_factor' as type,
        'warning' as severity,
        cast(null as varchar) as user_id,
        bus_factors.team_id,
        cast(null as varchar) as task_scope,
        cast(null as varchar) as task_id,
        cast(null as varchar) as work_type,
        bus_factors.area,
        cast(null as date) as week_start,
        concat(
            '🚌 Bus Factor 1: one person holds ',
            cast(floor(100 * bus_factors.top_share) as integer), ' % of ', bus_factors.area
        ) as message,
        'Cross-train a second person' as suggested_action,
        bus_factors.top_share as value
    from bus_factors
    inner join teams
        on bus_factors.team_id = teams.team_id
    left join recent_team_areas
        on
            bus_factors.team_id = recent_team_areas.team_id
            and bus_factors.area = recent_team_areas.area
    left join recently_fragile_areas
        on bus_factors.area = recently_fragile_areas.area
    where
        recent_team_areas.share > 0.25
        or recently_fragile_areas.area is not null
)

select * from pain_streak
union all
select * from fragile_streak
union all
select * from overload
union all
select * from spike
union all
select * from bus_factor
