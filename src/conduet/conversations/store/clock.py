"""The clock that leases and windows are measured by."""

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement


class Clock(FunctionElement[int]):
    """Milliseconds since 1970 by one clock for all processes.

    On PostgreSQL the server's at this moment (`now()` would be the transaction's start), because machines' clocks
    differ; on SQLite there is one machine, whose clock is handed in as `:now`.
    """

    type = sa.BigInteger()
    inherit_cache = True


@compiles(Clock)
def _handed_in(_element: Clock, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]  # registered
    return compiler.process(sa.bindparam("now", type_=sa.BigInteger()), **options)


@compiles(Clock, "postgresql")
def _of_the_server(_element: Clock, _compiler: SQLCompiler, **_options: Any) -> str:  # pyright: ignore[reportUnusedFunction]  # registered
    return "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"


def present() -> int:
    """This machine's clock, in milliseconds since 1970: the value of `:now`."""
    return time.time_ns() // 1_000_000
