with

teams as (
    select * from {{ ref('stg_heat__teams') }}
),

memberships as (
    select * from {{ ref('stg_heat__memberships') }}
)

select
    teams.team_id,
    teams.name,
    teams.timezone,
    teams.visibility,
    count(memberships.user_id) as members
from teams
left join memberships
    on
        teams.team_id = memberships.team_id
        and teams.as_of_day between memberships.from_day and memberships.to_day
group by teams.team_id, teams.name, teams.timezone, teams.visibility
