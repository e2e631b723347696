"""The engine's form on PostgreSQL: a `tsvector` of our own per document under a GIN index."""

from django.db import ProgrammingError

from search.engines.embedded.postgresql.writing import Writing


class PostgreSQL(Writing):
    """Many writers: numbers come from sequences, changes are told apart by transaction."""

    among = "(SELECT value::integer FROM json_array_elements_text(CAST(%s AS json)))"
    dropped: tuple[type[Exception], ...] = (ProgrammingError,)
    goes_on = False


__all__ = ["PostgreSQL"]
