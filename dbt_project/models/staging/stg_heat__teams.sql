select
    team_id,
    coalesce(nullif(name, ''), team_id) as name,
    timezone,
    visibility,
    as_of_day
from {{ source('raw', 'teams') }}
