with

tags as (
    select * from {{ ref('int_tags_in_force') }}
),

people as (
    select * from {{ ref('int_people') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

labelled as (
    select
        user_key,
        local_day,
        work_type,
        -- a word said twice on one tag is said once
        unnest(case when len(labels) > 1 then list_distinct(labels) else labels end) as label,
        intensity
    from tags
),

days as (
    select
        user_key,
        local_day,
        work_type,
        label,
        cast(sum(intensity) as bigint) as total_intensity,
        count(*) as tag_count
    from labelled
    group by user_key, local_day, work_type, label
)

select
    people.user_id,
    calendar.team_id,
    days.local_day,
    days.work_type,
    days.label,
    days.total_intensity,
    days.tag_count
from days
inner join people
    on days.user_key = people.user_key
inner join calendar
    on
        days.user_key = calendar.user_key
        and days.local_day = calendar.day
