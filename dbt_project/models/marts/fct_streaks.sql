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

tasks as (
    select * from {{ ref('int_tasks') }}
    where task_scope != 'no-ticket'
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

skipping_days as (
    -- only of people whose rest days are skipped: nobody else pays for the join
    select calendar.*
    from calendar
    inner join people
        on calendar.user_key = people.user_key
    where people.skip_rest_days
),

numbered_days as (
    -- day_number counts the days that can break a run: all of them, or the working days only
    select
        task_days.*,
        coalesce(
            skipping_days.working_days, task_days.local_day - date '1970-01-01'
        ) as day_number,
        cast(coalesce(not skipping_days.is_rest, true) as integer) as breaks
    from task_days
    inner join people
        on task_days.user_key = people.user_key
    left join skipping_days
        on
            task_days.user_key = skipping_days.user_key
            and task_days.local_day = skipping_days.day
    where task_days.total_intensity >= people.min_daily_intensity
),

islands as (
    -- of the days that can break a run, those up to here without a tag: constant within a run
    select
        *,
        day_number - sum(breaks) over (
            partition by user_key, task_key, work_type
            order by local_day
            rows unbounded preceding
        ) as island
    from numbered_days
),

runs as (
    select
        user_key,
        task_key,
        work_type,
        arg_max(area, local_day) as area,
        min(local_day) as first_day,
        max(local_day) as last_day,
        max(day_number) as last_day_number,
        count(*) as days,
        cast(sum(tag_count) as bigint) as tag_count,
        cast(sum(total_intensity) as bigint) as total_intensity
    from islands
    group by user_key, task_key, work_type, island
),

todays as (
    -- the number of the last day before the as-of day that could have broken a run
    select
        people.user_key,
        coalesce(
            skipping_days.working_days - cast(not skipping_days.is_rest as integer),
            people.as_of_day - date '1970-01-01' - 1
        ) as day_number_before
    from people
    left join skipping_days
        on
            people.user_key = skipping_days.user_key
            and people.as_of_day = skipping_days.day
)

select
    md5(concat_ws(
        '|', people.user_id, runs.work_type, runs.first_day,
        length(tasks.task_scope), tasks.task_scope, tasks.task_id
    )) as streak_id,
    people.user_id,
    calendar.team_id,
    tasks.task_scope,
    tasks.task_id,
    tasks.task_title,
    cast(runs.work_type as varchar) as work_type,
    runs.area,
    runs.first_day,
    runs.last_day,
    runs.days,
    runs.tag_count,
    runs.total_intensity,
    runs.total_intensity / runs.days as mean_intensity,
    {{ streak_level('runs.days', 'thresholds') }} as level,
    runs.last_day_number >= todays.day_number_before as is_active
from runs
inner join tasks
    on runs.task_key = tasks.task_key
inner join people
    on runs.user_key = people.user_key
inner join calendar
    on
        runs.user_key = calendar.user_key
        and runs.last_day = calendar.day
inner join todays
    on runs.user_key = todays.user_key
left join thresholds
    on calendar.team_id = thresholds.team_id
