with

people as (
    select * from {{ ref('int_people') }}
),

teams as (
    select * from {{ ref('stg_heat__teams') }}
),

conditions as (
    select
        user_id,
        count(*) filter (where severity = 'critical') as critical_conditions,
        count(*) filter (where severity = 'warning') as warning_conditions
    from {{ ref('fct_alert_conditions') }}
    where user_id is not null
    group by user_id
),

recent_days as (
    select * from {{ ref('int_recent_days') }}
),

members as (
    select
        people.team_id,
        people.user_id,
        coalesce(conditions.critical_conditions, 0) as critical_conditions,
        coalesce(conditions.warning_conditions, 0) as warning_conditions,
        recent_days.load_ratio,
        coalesce(recent_days.recent_total, 0) as recent_total
    from people
    inner join teams
        on people.team_id = teams.team_id
    left join conditions
        on people.user_id = conditions.user_id
    left join recent_days
        on people.user_id = recent_days.user_id
)

select
    team_id,
    user_id,
    row_number() over (
        partition by team_id
        order by
            critical_conditions desc,
            warning_conditions desc,
            load_ratio desc nulls last,
            recent_total desc,
            user_id asc
    ) as rank,
    critical_conditions,
    warning_conditions,
    load_ratio,
    recent_total
from members
