"""Reading Parquet, after a look at what its footer says of its size."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_core.messages import N_, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.grid import Grid, column_of
from rnn_core.series.tables.instants import of_arrow
from rnn_core.series.tables.reading import Reading

MAGIC = b"PAR1"
MAX_UNPACKED = 400_000_000
BATCH_CELLS = 2_000_000


def is_parquet(data: bytes) -> bool:
    """Tell Parquet by the mark it begins with."""
    return data.startswith(MAGIC)


def read_parquet(data: bytes, reading: Reading) -> Grid:
    """Read Parquet; ``SeriesError`` if it is damaged or unpacks to too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        schema = file.schema_arrow
        _check(file.metadata, schema)
        names = [field.name for field in schema if _is_flat(field.type)]
        if not names:
            raise refusals.refuse(
                "parquet_nested",
                N_("The Parquet file has no plain column: save numbers and times in columns."),
            )
        batches = _batches(data, names)
    except (pa.ArrowException, OSError, ValueError, MemoryError, RuntimeError) as error:
        if isinstance(error, SeriesError):
            raise
        raise refusals.damaged("Parquet", error) from error
    if not sum(len(batch) for batch in batches):
        raise refusals.empty()
    table = pa.Table.from_batches(batches)
    try:
        columns = [_column(table.column(place)) for place in range(table.num_columns)]
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise refusals.damaged("Parquet", error) from error
    types = [field.type for field in schema if _is_flat(field.type)]
    return Grid(
        names=["" if name.startswith("__index_level_") else name for name in names],
        columns=columns,
        numbers=np.arange(1, table.num_rows + 1),
        zoned=tuple(
            place
            for place, kind in enumerate(types)
            if pa.types.is_timestamp(kind) and kind.tz is not None
        ),
    )


def _check(metadata: Any, schema: Any) -> None:
    """Refuse by the footer, before anything is unpacked."""
    if metadata.num_rows > refusals.MAX_ROWS:
        raise refusals.too_many_rows()
    if len(schema) > refusals.MAX_COLUMNS or metadata.num_columns > refusals.MAX_COLUMNS:
        raise refusals.too_many_columns(max(len(schema), metadata.num_columns))
    unpacked = sum(
        metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups)
    )
    # A column that repeats one value takes next to nothing in the file, but not in memory.
    if max(unpacked, 8 * metadata.num_rows * metadata.num_columns) > MAX_UNPACKED:
        raise refusals.unpacks_too_large(MAX_UNPACKED)


def _batches(data: bytes, names: list[str]) -> list[Any]:
    """Unpack piece by piece, texts by their dictionaries, and no more than the limit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=names)
    kept, size, rows = [], 0, 0
    for batch in file.iter_batches(
        batch_size=max(1, BATCH_CELLS // len(names)), columns=names, use_threads=False
    ):
        size += sum(_unpacked(column) for column in batch.columns)
        rows += len(batch)
        if size > MAX_UNPACKED:
            raise refusals.unpacks_too_large(MAX_UNPACKED)
        if rows > refusals.MAX_ROWS:
            raise refusals.too_many_rows()
        columns = [_flat(column) for column in batch.columns]
        kept.append(pa.RecordBatch.from_arrays(columns, [str(at) for at in range(len(columns))]))
    return kept


def _unpacked(column: Any) -> int:
    """Give how many bytes a column has without its dictionary."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    known = column.dictionary
    if not _is_text(known.type):
        return 8 * len(column)
    lengths = pc.binary_length(known).take(column.indices)
    return (pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0) + 4 * len(column)


def _flat(column: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_string_view(kind)
    )


def _is_flat(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return _is_flat(kind.value_type)
    return bool(
        _is_text(kind)
        or types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_boolean(kind)
        or types.is_decimal(kind)
        or types.is_date(kind)
        or types.is_timestamp(kind)
        or types.is_null(kind)
    )


def _column(column: Any) -> Any:
    """Give a column as texts, float64 or datetime64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types, kind = pa.types, column.type
    if types.is_timestamp(kind) or types.is_date(kind):
        if types.is_timestamp(kind) and kind.tz is not None:
            column = column.cast(pa.timestamp(kind.unit))  # what is stored is in UTC
        return of_arrow(column.combine_chunks())
    if _is_text(kind):
        if types.is_binary(kind) or types.is_large_binary(kind):
            return column_of([None if cell is None else cell.decode("utf-8", "replace")
                              for cell in column.to_pylist()])  # fmt: skip
        column.validate(full=True)  # a damaged file may hold what is no UTF-8
        texts = pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))
        return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if types.is_null(kind):
        return pa.array([""] * len(column), pa.string())
    if types.is_boolean(kind):
        column = column.cast(pa.int8())
    return column.cast(pa.float64(), safe=False).to_numpy().astype(np.float64)
