-- Who belongs nowhere is `unassigned`, and so is what does: a missing value would drop out of every sum.
select
    count(*) filter (where team_id is null or team_id = '') as without_team,
    count(*) filter (where area is null or area = '') as without_area,
    count(*) filter (where task_key is null) as without_task
from {{ ref('int_tags') }}
having
    count(*) filter (where team_id is null or team_id = '') > 0
    or count(*) filter (where area is null or area = '') > 0
    or count(*) filter (where task_key is null) > 0
