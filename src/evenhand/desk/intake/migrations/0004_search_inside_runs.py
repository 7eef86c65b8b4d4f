"""What is indexed of a text with runs without spaces is kept beside it, and made by `engine.text.unspaced`.

On SQLite the index reads a view, so that a rebuild finds the same words as the triggers wrote. On PostgreSQL, where the
locale decides what is a letter (in "C" all that is not ASCII), punctuation beyond ASCII parts words from now on as well.
"""

from django.db import migrations, models

from evenhand.engine.text.unspaced import folded

AT_ONCE = 1_000
LIKELY = {"sqlite": "text GLOB '*[\u0e00-\u9fff\uf900-\uff9f\U00020000-\U0003ffff]*'",
          "postgresql": "text ~ '[\u0e00-\u9fff\uf900-\uff9f\U00020000-\U0003ffff]'"}  # fmt: skip
"""Somewhat more than the texts that have such runs: the others need not be read."""
COLUMN = "ALTER TABLE intake_item ADD COLUMN folded text NOT NULL DEFAULT ''"

SQLITE_BEFORE = [
    "DROP TRIGGER intake_item_words_new",
    "DROP TRIGGER intake_item_words_changed",
    "DROP TRIGGER intake_item_words_gone",
    "DROP TABLE intake_item_words",
]
INDEXED = "CASE {row}folded WHEN '' THEN {row}text ELSE {row}folded END"
NEW, OLD = INDEXED.format(row="new."), INDEXED.format(row="old.")
WRITE = f"INSERT INTO intake_item_words (rowid, kind, text) VALUES (new.id, new.kind, {NEW});"
TAKE_OUT = (
    "INSERT INTO intake_item_words (intake_item_words, rowid, kind, text)"
    f" VALUES ('delete', old.id, old.kind, {OLD});"
)
SQLITE_AFTER = [
    f"CREATE VIEW intake_item_indexed AS SELECT id, kind, {INDEXED.format(row='')} AS text FROM intake_item",
    """
    CREATE VIRTUAL TABLE intake_item_words USING fts5(
        kind, text, content='intake_item_indexed', content_rowid='id', columnsize=0,
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    "INSERT INTO intake_item_words (intake_item_words) VALUES ('rebuild')",
    f"CREATE TRIGGER intake_item_words_new AFTER INSERT ON intake_item BEGIN {WRITE} END",
    f"""
    CREATE TRIGGER intake_item_words_changed AFTER UPDATE OF kind, text, folded ON intake_item
    WHEN old.kind <> new.kind OR old.text <> new.text OR old.folded <> new.folded BEGIN {TAKE_OUT} {WRITE} END
    """,
    f"CREATE TRIGGER intake_item_words_gone AFTER DELETE ON intake_item BEGIN {TAKE_OUT} END",
]
PUNCTUATION = r"\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb-\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
WORDS = r"""
CREATE OR REPLACE FUNCTION intake_item_words(id bigint, kind text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('simple', regexp_replace(left(body, 100000), '[.,:;/\\@#_+=&?!%$''"()\[\]{}<>|~*^`{more}-]', ' ', 'g'))
        || array_to_tsvector(ARRAY['§' || kind, '§' || (id >> 16)])
$$
"""
POSTGRES = [
    WORDS.replace("{more}", PUNCTUATION),
    """
    CREATE OR REPLACE FUNCTION intake_item_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            new.words := intake_item_words(
                new.id, new.kind, CASE new.folded WHEN '' THEN new.text ELSE new.folded END
            );
            RETURN new;
        END
    $$
    """,
    "DROP TRIGGER intake_item_words_changed ON intake_item",
    """
    CREATE TRIGGER intake_item_words_changed BEFORE UPDATE OF kind, text, folded ON intake_item FOR EACH ROW
        WHEN (old.kind <> new.kind OR old.text <> new.text OR old.folded <> new.folded)
        EXECUTE FUNCTION intake_item_words_kept()
    """,
]


def forwards(_apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        _run(schema_editor, [*SQLITE_BEFORE, COLUMN])
        _fold(connection)
        _run(schema_editor, SQLITE_AFTER)
    else:
        _run(schema_editor, [COLUMN, *POSTGRES])
        _fold(connection)
        parted = f"UPDATE intake_item SET words = intake_item_words(id, kind, text) WHERE folded = '' AND text ~ '[{PUNCTUATION}]'"
        _run(schema_editor, [parted])


def _fold(connection):
    """Block by block of ids: a desk may have millions of items."""
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT id, text FROM intake_item WHERE id > %s AND {LIKELY[connection.vendor]} ORDER BY id LIMIT %s",  # noqa: S608 (constant text)
                [last, AT_ONCE],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            changed = [(found, number) for number, text in rows if (found := folded(text))]
            cursor.executemany("UPDATE intake_item SET folded = %s WHERE id = %s", changed)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_search_faster")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards)],
            state_operations=[
                migrations.AddField("item", "folded", models.TextField(default="", db_default="")),
            ],
        )
    ]
