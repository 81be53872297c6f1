select
    team_id,
    key,
    value
from {{ ref('stg_heat__thresholds') }}
