with

streaks as (
    select * from {{ ref('fct_streaks') }}
    where level in ('warning', 'critical')
),

areas as (
    select * from {{ ref('fct_bus_factor') }}
    where window_index = 0 and is_at_risk
)

select
    streaks.streak_id,
    streaks.user_id,
    streaks.team_id,
    streaks.task_scope,
    streaks.task_id,
    streaks.work_type,
    streaks.area,
    streaks.last_day,
    streaks.days,
    streaks.is_active
from streaks
inner join areas
    on
        streaks.area = areas.area
        and streaks.user_id = areas.top_owner
