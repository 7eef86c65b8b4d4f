"""The index for searching the text of items: FTS5 on SQLite, a tsvector with GIN on PostgreSQL, kept by triggers.

Both know an item's kind; PostgreSQL's also in which block of numbers the item arrived, so that the newest can be asked first.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE intake_item_words USING fts5(
        kind, text, content='intake_item', content_rowid='id', columnsize=0, tokenize='unicode61 remove_diacritics 2'
    )
    """,
    "INSERT INTO intake_item_words (intake_item_words) VALUES ('rebuild')",
    """
    CREATE TRIGGER intake_item_words_new AFTER INSERT ON intake_item BEGIN
        INSERT INTO intake_item_words (rowid, kind, text) VALUES (new.id, new.kind, new.text);
    END
    """,
    """
    CREATE TRIGGER intake_item_words_changed AFTER UPDATE OF kind, text ON intake_item
    WHEN old.kind <> new.kind OR old.text <> new.text BEGIN
        INSERT INTO intake_item_words (intake_item_words, rowid, kind, text)
            VALUES ('delete', old.id, old.kind, old.text);
        INSERT INTO intake_item_words (rowid, kind, text) VALUES (new.id, new.kind, new.text);
    END
    """,
    """
    CREATE TRIGGER intake_item_words_gone AFTER DELETE ON intake_item BEGIN
        INSERT INTO intake_item_words (intake_item_words, rowid, kind, text)
            VALUES ('delete', old.id, old.kind, old.text);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER intake_item_words_new",
    "DROP TRIGGER intake_item_words_changed",
    "DROP TRIGGER intake_item_words_gone",
    "DROP TABLE intake_item_words",
]

# Punctuation parts words, as it does on SQLite: PostgreSQL's own parser would keep hosts and paths whole.
# The 100,000 characters keep the vector under PostgreSQL's limit of 1 MB.
POSTGRES = [
    r"""
    CREATE FUNCTION intake_item_words(id bigint, kind text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT to_tsvector('simple', translate(left(body, 100000), '.,:;/\@#_-+=&?!%$''"()[]{}<>|~*^`', repeat(' ', 32)))
            || array_to_tsvector(ARRAY['§' || kind, '§' || (id >> 16)])
    $$
    """,
    "ALTER TABLE intake_item ADD COLUMN words tsvector",
    "UPDATE intake_item SET words = intake_item_words(id, kind, text)",
    """
    CREATE FUNCTION intake_item_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            new.words := intake_item_words(new.id, new.kind, new.text);
            RETURN new;
        END
    $$
    """,
    """
    CREATE TRIGGER intake_item_words_new BEFORE INSERT ON intake_item
        FOR EACH ROW EXECUTE FUNCTION intake_item_words_kept()
    """,
    """
    CREATE TRIGGER intake_item_words_changed BEFORE UPDATE OF kind, text ON intake_item FOR EACH ROW
        WHEN (old.kind <> new.kind OR old.text <> new.text) EXECUTE FUNCTION intake_item_words_kept()
    """,
    "CREATE INDEX intake_item_words_gin ON intake_item USING gin (words)",
]
POSTGRES_BACK = [
    "DROP TRIGGER intake_item_words_new ON intake_item",
    "DROP TRIGGER intake_item_words_changed ON intake_item",
    "ALTER TABLE intake_item DROP COLUMN words",
    "DROP FUNCTION intake_item_words_kept",
    "DROP FUNCTION intake_item_words",
]


def forwards(_apps, schema_editor):
    _run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)


def backwards(_apps, schema_editor):
    _run(schema_editor, SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRES_BACK)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
