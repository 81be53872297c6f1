"""The built marts are those of the contract, also when nothing was ever tagged."""

from collections.abc import Callable

import pytest
from written_warehouse import WrittenWarehouse

from heat.schema import MARTS

pytestmark = pytest.mark.pipeline

COLUMNS = """
select table_name, column_name, data_type from duckdb_columns()
where database_name = 'warehouse' and schema_name = 'marts'
order by table_name, column_index
"""


@pytest.fixture(scope="module")
def empty(new_warehouse: Callable[[], WrittenWarehouse]) -> WrittenWarehouse:
    made = new_warehouse()
    made.build()
    return made


def test_every_mart_has_the_columns_and_types_of_the_contract_in_order(
    empty: WrittenWarehouse,
) -> None:
    built: dict[str, dict[str, str]] = {}
    for table, column, kind in empty.rows(COLUMNS):
        built.setdefault(table, {})[column] = kind
    assert built == MARTS
    assert {table: list(columns) for table, columns in built.items()} == {
        table: list(columns) for table, columns in MARTS.items()
    }


def test_a_warehouse_without_tags_people_or_teams_has_empty_marts(empty: WrittenWarehouse) -> None:
    counts = " union all ".join(f"select '{name}', count(*) from marts.{name}" for name in MARTS)
    assert {name for name, count in empty.rows(counts) if count} == {"dim_thresholds"}
