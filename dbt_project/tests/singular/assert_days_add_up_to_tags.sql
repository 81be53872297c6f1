-- No tag is lost or counted twice on its way into the days.
with

tags as (
    select
        coalesce(sum(intensity), 0) as total_intensity,
        count(*) as tag_count
    from {{ ref('int_tags_in_force') }}
),

days as (
    select
        coalesce(sum(total_intensity), 0) as total_intensity,
        coalesce(sum(tag_count), 0) as tag_count,
        coalesce(sum(
            feature_intensity + bug_intensity + blocker_intensity
            + support_intensity + config_intensity + research_intensity
        ), 0) as by_work_type
    from {{ ref('fct_daily_intensity') }}
)

select
    tags.total_intensity as tagged,
    days.total_intensity as by_day,
    days.by_work_type,
    tags.tag_count as tags_in_force,
    days.tag_count as tags_by_day
from tags
cross join days
where
    tags.total_intensity != days.total_intensity
    or tags.total_intensity != days.by_work_type
    or tags.tag_count != days.tag_count
