"""Tables as Arrow streams over HTTP."""

import pyarrow as pa
from flask import Response

ARROW_STREAM = "application/vnd.apache.arrow.stream"


def as_arrow(table: pa.Table, schema: pa.Schema | None = None) -> Response:
    """A table as one Arrow IPC stream.

    :param schema: the promised schema, kept also for an empty table; the table's own if left out.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema or table.schema) as writer:
        writer.write_table(table)
    return Response(sink.getvalue().to_pybytes(), mimetype=ARROW_STREAM)
