with

task_days as (
    select * from {{ ref('int_task_days') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

work_days as (
    select
        user_key,
        local_day,
        work_type,
        sum(total_intensity) as total_intensity,
        sum(tag_count) as tag_count
    from task_days
    group by user_key, local_day, work_type
)

select
    calendar.team_id,
    cast(date_trunc('week', work_days.local_day) as date) as week_start,
    cast(work_days.work_type as varchar) as work_type,
    work_days.user_key,
    cast(sum(work_days.total_intensity) as bigint) as total_intensity,
    cast(sum(work_days.tag_count) as bigint) as tag_count
from work_days
inner join calendar
    on
        work_days.user_key = calendar.user_key
        and work_days.local_day = calendar.day
group by calendar.team_id, week_start, work_days.work_type, work_days.user_key
