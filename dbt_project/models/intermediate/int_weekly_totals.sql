with

people as (
    select * from {{ ref('int_weekly_people') }}
),

weeks as (
    -- only weeks in which the team tagged anything: a silent week is no zero
    select distinct
        team_id,
        week_start
    from people
),

work_types as (
    select unnest(['Feature', 'Bug', 'Blocker', 'Support', 'Config', 'Research']) as work_type
),

totals as (
    select
        team_id,
        week_start,
        work_type,
        cast(sum(total_intensity) as bigint) as total_intensity,
        cast(sum(tag_count) as bigint) as tag_count,
        count(*) as people
    from people
    group by team_id, week_start, work_type
),

top_contributors as (
    select
        team_id,
        week_start,
        work_type,
        user_key,
        total_intensity,
        tag_count
    from people
    qualify row_number() over (
        partition by team_id, week_start, work_type
        order by total_intensity desc, user_key asc
    ) = 1
)

select
    weeks.team_id,
    weeks.week_start,
    work_types.work_type,
    coalesce(totals.total_intensity, 0) as total_intensity,
    coalesce(totals.tag_count, 0) as tag_count,
    coalesce(totals.people, 0) as people,
    -- neighbours of a team and work type are one apart, whatever silence lay between
    row_number() over (
        partition by weeks.team_id, work_types.work_type
        order by weeks.week_start
    ) as week_number,
    top_contributors.user_key as top_contributor,
    top_contributors.total_intensity as top_intensity,
    top_contributors.tag_count as top_tag_count
from weeks
cross join work_types
left join totals
    on
        weeks.team_id = totals.team_id
        and weeks.week_start = totals.week_start
        and work_types.work_type = totals.work_type
left join top_contributors
    on
        weeks.team_id = top_contributors.team_id
        and weeks.week_start = top_contributors.week_start
        and work_types.work_type = top_contributors.work_type
