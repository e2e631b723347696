"""The tables of the engine on PostgreSQL."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from search import text
from search.engines.embedded import segments
from search.engines.embedded.database import COLUMNS, PREFIX
from search.engines.embedded.postgresql import lexemes
from search.engines.embedded.postgresql.log import Log

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_TEXT = 'TEXT COLLATE "C" NOT NULL'
_COMMON = (
    f"CREATE TABLE {PREFIX}_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    f"""CREATE TABLE {PREFIX}_change (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        transaction XID8 NOT NULL DEFAULT pg_current_xact_id(),
        token BIGINT NOT NULL,
        added INTEGER,
        removed INTEGER,
        kind {_TEXT} DEFAULT '',
        id {_TEXT} DEFAULT '',
        -- Of the row that notes a cut: the latest transaction whose changes were cut off.
        cut XID8
    )""",
    f"CREATE INDEX {PREFIX}_transaction ON {PREFIX}_change (transaction)",
)
_SET = (
    "CREATE SEQUENCE {p}_ordinal_{s} AS INTEGER",
    f"""CREATE TABLE {{p}}_doc_{{s}} (
        ordinal INTEGER NOT NULL,
        kind {_TEXT},
        id {_TEXT},
        language {_TEXT},
        collapse_key {_TEXT},
        confirmed INTEGER NOT NULL,
        readiness INTEGER NOT NULL,
        verified INTEGER NOT NULL,
        sort_title {_TEXT},
        facets {_TEXT},
        length INTEGER NOT NULL
    )""",
    """CREATE TABLE {p}_text_{s} (
        ordinal INTEGER NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body TEXT NOT NULL,
        keywords TEXT NOT NULL,
        url TEXT NOT NULL,
        confirmed_on TEXT,
        is_demo INTEGER NOT NULL,
        payload TEXT NOT NULL
    )""",
    # The words as they were analysed: for phrases of three words and more, and for new documents.
    "CREATE TABLE {p}_words_{s} (ordinal INTEGER NOT NULL, "
    + ", ".join(f"{column} {_TEXT}" for column in COLUMNS)
    + ")",
    # The vectors are only looked up through their index: kept out of the rows, these stay few pages.
    "CREATE TABLE {p}_vector_{s} (ordinal INTEGER NOT NULL, words TSVECTOR NOT NULL) "
    "WITH (toast_tuple_target = 128)",
    # Titles alone, for the autocomplete.
    f"CREATE TABLE {{p}}_head_{{s}} (ordinal INTEGER NOT NULL, title {_TEXT}, words TSVECTOR NOT NULL)",
    # The words, each with a few documents that hold it, so that it goes with the last of them. Not
    # unique: who writes the same new word does not wait.
    f"CREATE TABLE {{p}}_vocabulary_{{s}} (term {_TEXT}, ordinal INTEGER NOT NULL)",
    # What the rebuild loaded (`segments`); its documents have no vector. Nothing of it changes, and
    # of a name there is one value for each segment.
    f"CREATE TABLE {{p}}_segment_{{s}} (part INTEGER NOT NULL, name {_TEXT}, postings BYTEA NOT NULL)",
    # Whole numbers do not shrink much, and are read without being unpacked.
    "ALTER TABLE {p}_segment_{s} ALTER postings SET STORAGE EXTERNAL",
    # Each lookup by the index, whatever the planner thinks of words it has no statistics of.
    """CREATE FUNCTION {p}_find_{s}(wanted TEXT[]) RETURNS TABLE (place BIGINT, found BYTEA)
        LANGUAGE sql STABLE SET enable_seqscan TO off AS $$
            SELECT w.place, f.found
            FROM unnest(wanted) WITH ORDINALITY AS w (query, place)
            CROSS JOIN LATERAL (
                SELECT string_agg(int4send(v.ordinal), ''::bytea) AS found
                FROM {p}_vector_{s} AS v WHERE v.words @@ CAST(w.query AS tsquery)
            ) AS f
            WHERE f.found IS NOT NULL
        $$""",
)
_INDEXES = (
    "CREATE UNIQUE INDEX {p}_doc_key_{s} ON {p}_doc_{s} (ordinal)",
    "CREATE INDEX {p}_object_{s} ON {p}_doc_{s} (kind, id)",
    "CREATE INDEX {p}_confirmed_{s} ON {p}_doc_{s} (confirmed, ordinal)",
    "CREATE INDEX {p}_readiness_{s} ON {p}_doc_{s} (readiness, confirmed, ordinal)",
    "CREATE INDEX {p}_sort_title_{s} ON {p}_doc_{s} (sort_title, ordinal)",
    "CREATE UNIQUE INDEX {p}_text_key_{s} ON {p}_text_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_words_key_{s} ON {p}_words_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_vector_key_{s} ON {p}_vector_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_head_key_{s} ON {p}_head_{s} (ordinal)",
    "CREATE INDEX {p}_segment_name_{s} ON {p}_segment_{s} (name, part)",
    "CREATE INDEX {p}_term_{s} ON {p}_vocabulary_{s} (term)",
    "CREATE INDEX {p}_term_of_{s} ON {p}_vocabulary_{s} (ordinal)",
    # Without the list of pending entries, which every search would read through.
    "CREATE INDEX {p}_head_words_{s} ON {p}_head_{s} USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX {p}_vector_words_{s} ON {p}_vector_{s} USING gin (words) WITH (fastupdate = off)",
)
#: What a document has beside its row in `doc`.
PARTS = ("text", "words", "vector", "head")
_NAMES = ("segment", "vocabulary", *PARTS, "doc")


class Tables(Log):
    """Making and dropping them."""

    def form(self) -> str:
        """Return a digest of the tables, of the lexemes and of the text analysis."""
        versions = map(str, (lexemes.VERSION, segments.VERSION, text.ANALYSIS_VERSION))
        parts = (*_COMMON, *_SET, *_INDEXES, *versions)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def create_common(self, cursor: CursorWrapper) -> None:
        """Make the tables both sets share anew, the log with one row in it."""
        for table in ("change", "meta"):
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}")
        for statement in _COMMON:
            cursor.execute(statement)
        self.log(cursor, [(None, None, "", "")], 0)

    def create_set(self, cursor: CursorWrapper, name: str, *, bulk: bool = False) -> None:
        """Make the tables of a set; in bulk the indexes wait for `finish`."""
        self.drop_set(cursor, name)
        for statement in _SET if bulk else (*_SET, *_INDEXES):
            cursor.execute(statement.format(p=PREFIX, s=name))

    def drop_set(self, cursor: CursorWrapper, name: str) -> None:
        """Remove the tables of a set, if there are any."""
        cursor.execute(f"DROP FUNCTION IF EXISTS {PREFIX}_find_{name}")
        for table in _NAMES:
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}_{name}")
        cursor.execute(f"DROP SEQUENCE IF EXISTS {PREFIX}_ordinal_{name}")

    def finish(self, cursor: CursorWrapper, name: str, step: int) -> bool:
        """Make one of the indexes, then let the planner know the tables."""
        if step < len(_INDEXES):
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            cursor.execute(_INDEXES[step].format(p=PREFIX, s=name))
            return True
        for table in _NAMES:
            cursor.execute(f"ANALYZE {PREFIX}_{table}_{name}")
        return False
