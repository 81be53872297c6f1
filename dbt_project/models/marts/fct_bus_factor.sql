with

owners as (
    select * from {{ ref('fct_area_ownership') }}
),

area_shares as (
    select * from {{ ref('int_area_shares') }}
),

memberships as (
    select * from {{ ref('stg_heat__memberships') }}
),

limits as (
    select
        run.as_of_day,
        thresholds.bus_share,
        thresholds.bus_window_days,
        thresholds.bus_min_tags
    from {{ ref('stg_heat__run') }} as run
    cross join {{ ref('int_thresholds') }} as thresholds
    where thresholds.team_id = 'default'
),

running as (
    select
        owners.*,
        sum(owners.intensity) over (
            partition by owners.area, owners.window_index
        ) as total_intensity,
        sum(owners.intensity) over (
            partition by owners.area, owners.window_index
            order by owners.rank
            rows unbounded preceding
        ) as held
    from owners
),

areas as (
    select
        running.area,
        running.window_index,
        cast(any_value(running.total_intensity) as bigint) as total_intensity,
        count(*) as people,
        -- everybody whose joining does not yet lift the group above the share, and one more
        1 + count(*) filter (
            where running.held <= limits.bus_share * running.total_intensity
        ) as bus_factor,
        arg_min(running.user_id, running.rank) as top_owner,
        arg_min(running.team_id, running.rank) as top_owner_team_id,
        max(running.share) as top_share,
        sum(running.share * running.share) as hhi
    from running
    cross join limits
    group by running.area, running.window_index
),

teams as (
    select
        area,
        window_index,
        team_id,
        sum(total_intensity) as total_intensity,
        cast(sum(tag_count) as bigint) as tag_count
    from area_shares
    group by area, window_index, team_id
),

area_teams as (
    select
        area,
        window_index,
        cast(sum(tag_count) as bigint) as tag_count,
        first(team_id order by total_intensity desc, team_id asc) as team_id
    from teams
    group by area, window_index
),

dated as (
    select
        areas.*,
        area_teams.team_id,
        area_teams.tag_count,
        limits.as_of_day - cast((areas.window_index + 1) * limits.bus_window_days - 1 as integer)
            as window_start,
        limits.as_of_day - cast(areas.window_index * limits.bus_window_days as integer)
            as window_end
    from areas
    inner join area_teams
        on
            areas.area = area_teams.area
            and areas.window_index = area_teams.window_index
    cross join limits
),

window_members as (
    select
        windows.window_index,
        memberships.team_id,
        count(*) as members
    from (select distinct dated.window_index, dated.window_end from dated) as windows
    inner join memberships
        on windows.window_end between memberships.from_day and memberships.to_day
    group by windows.window_index, memberships.team_id
)

select
    dated.area,
    dated.team_id,
    dated.window_index,
    dated.window_start,
    dated.window_end,
    dated.total_intensity,
    dated.tag_count,
    dated.people,
    dated.bus_factor,
    dated.top_owner,
    dated.top_share,
    dated.hhi,
    dated.bus_factor = 1
    and dated.tag_count >= limits.bus_min_tags
    and coalesce(window_members.members, 0) >= 2 as is_at_risk
from dated
cross join limits
left join window_members
    on
        dated.window_index = window_members.window_index
        and dated.top_owner_team_id = window_members.team_id
