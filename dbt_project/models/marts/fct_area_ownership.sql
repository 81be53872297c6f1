with

area_shares as (
    select * from {{ ref('int_area_shares') }}
),

people as (
    select * from {{ ref('int_people') }}
),

owners as (
    select
        area,
        window_index,
        user_key,
        -- who changed teams is shown under the newer one
        arg_max(team_id, last_day) as team_id,
        cast(sum(total_intensity) as bigint) as intensity
    from area_shares
    group by area, window_index, user_key
)

select
    owners.area,
    owners.window_index,
    people.user_id,
    owners.team_id,
    owners.intensity,
    owners.intensity / sum(owners.intensity) over (
        partition by owners.area, owners.window_index
    ) as share,
    row_number() over (
        partition by owners.area, owners.window_index
        order by owners.intensity desc, people.user_id asc
    ) as rank
from owners
inner join people
    on owners.user_key = people.user_key
