-- The owners of an area hold it whole, and are those whom its bus factor counts.
with

owners as (
    select
        area,
        window_index,
        sum(share) as share,
        sum(intensity) as intensity,
        count(*) as people
    from {{ ref('fct_area_ownership') }}
    group by area, window_index
),

areas as (
    select
        area,
        window_index,
        total_intensity,
        people,
        bus_factor
    from {{ ref('fct_bus_factor') }}
)

select
    coalesce(owners.area, areas.area) as area,
    coalesce(owners.window_index, areas.window_index) as window_index,
    owners.share,
    owners.intensity,
    areas.total_intensity,
    areas.bus_factor
from owners
full join areas
    on
        owners.area = areas.area
        and owners.window_index = areas.window_index
where
    coalesce(abs(owners.share - 1) > 1e-9, true)
    or owners.intensity is distinct from areas.total_intensity
    or owners.people is distinct from areas.people
    or areas.bus_factor not between 1 and areas.people
