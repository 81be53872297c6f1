select
    team_id,
    position,
    field,
    pattern,
    area
from {{ source('raw', 'area_rules') }}
