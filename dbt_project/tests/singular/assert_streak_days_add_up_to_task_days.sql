-- A day on which a task was tagged belongs to exactly one streak, unless its total is too small.
with

streaks as (
    select
        user_id,
        sum(days) as days,
        sum(total_intensity) as total_intensity
    from {{ ref('fct_streaks') }}
    group by user_id
),

tasks as (
    select task_key
    from {{ ref('int_tasks') }}
    where task_scope != 'no-ticket'
),

task_days as (
    select
        people.user_id,
        count(*) as days,
        sum(task_days.total_intensity) as total_intensity
    from {{ ref('int_task_days') }} as task_days
    inner join tasks
        on task_days.task_key = tasks.task_key
    inner join {{ ref('int_people') }} as people
        on task_days.user_key = people.user_key
    where task_days.total_intensity >= people.min_daily_intensity
    group by people.user_id
)

select
    coalesce(streaks.user_id, task_days.user_id) as user_id,
    streaks.days as by_streak,
    task_days.days as by_task_day
from streaks
full join task_days
    on streaks.user_id = task_days.user_id
where
    streaks.days is distinct from task_days.days
    or streaks.total_intensity is distinct from task_days.total_intensity
