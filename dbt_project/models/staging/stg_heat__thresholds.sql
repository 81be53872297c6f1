select
    team_id,
    key,
    value
from {{ source('raw', 'thresholds') }}
