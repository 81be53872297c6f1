select
    user_id,
    display_name,
    team_id,
    timezone
from {{ ref('int_people') }}
