select distinct
    team_id,
    day
from {{ source('raw', 'holidays') }}
