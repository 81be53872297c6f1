with

weeks as (
    select
        team_id,
        week_start,
        cast(sum(total_intensity) filter (
            where work_type in ('Support', 'Config', 'Blocker')
        ) as bigint) as shadow_intensity,
        cast(sum(total_intensity) as bigint) as total_intensity
    from {{ ref('int_weekly_totals') }}
    group by team_id, week_start
)

select
    team_id,
    week_start,
    shadow_intensity,
    total_intensity,
    shadow_intensity / total_intensity as share
from weeks
