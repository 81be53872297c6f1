with

task_days as (
    select * from {{ ref('int_task_days') }}
),

people as (
    select * from {{ ref('int_people') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

days as (
    select
        user_key,
        local_day,
        cast(sum(total_intensity) as bigint) as total_intensity,
        cast(sum(tag_count) as bigint) as tag_count,
        -- a task tagged under two work types is one task
        count(distinct task_key) as task_count
        {%- for work_type in ['Feature', 'Bug', 'Blocker', 'Support', 'Config', 'Research'] %},
        cast(coalesce(sum(total_intensity) filter (
            where work_type = '{{ work_type }}'
        ), 0) as bigint) as {{ work_type | lower }}_intensity
        {%- endfor %}
    from task_days
    group by user_key, local_day
)

select
    people.user_id,
    calendar.team_id,
    days.local_day,
    days.total_intensity,
    {{ band('days.total_intensity', 'thresholds') }} as band,
    days.tag_count,
    days.task_count,
    days.feature_intensity,
    days.bug_intensity,
    days.blocker_intensity,
    days.support_intensity,
    days.config_intensity,
    days.research_intensity
from days
inner join people
    on days.user_key = people.user_key
inner join calendar
    on
        days.user_key = calendar.user_key
        and days.local_day = calendar.day
left join thresholds
    on calendar.team_id = thresholds.team_id
