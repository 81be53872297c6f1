-- Every day belongs to one week of the team of that day.
with

days as (
    select
        team_id,
        cast(date_trunc('week', local_day) as date) as week_start,
        sum(total_intensity) as total_intensity
    from {{ ref('fct_daily_intensity') }}
    group by team_id, week_start
),

weeks as (
    select
        team_id,
        week_start,
        sum(total_intensity) as total_intensity
    from {{ ref('fct_weekly_trends') }}
    group by team_id, week_start
)

select
    coalesce(days.team_id, weeks.team_id) as team_id,
    coalesce(days.week_start, weeks.week_start) as week_start,
    days.total_intensity as by_day,
    weeks.total_intensity as by_week
from days
full join weeks
    on
        days.team_id = weeks.team_id
        and days.week_start = weeks.week_start
where days.total_intensity is distinct from weeks.total_intensity
