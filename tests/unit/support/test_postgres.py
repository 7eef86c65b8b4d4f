"""The PostgreSQL of the tests is real, and every test gets an empty database."""

import psycopg

from tests.support import postgres


def test_a_test_gets_an_empty_database_of_a_real_server(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        version = connection.execute("SHOW server_version_num").fetchone()
    assert tables == (0,)
    assert int(version[0]) >= 140000


def test_a_database_is_dropped_even_while_somebody_is_connected(postgres_server):
    with postgres.database(postgres_server, "evenhand_left_open") as url:
        left_open = psycopg.connect(url)
    with psycopg.connect(postgres_server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'evenhand_left_open'").fetchone()
    assert found is None
    left_open.close()


def test_the_server_of_the_wheel_starts_where_debian_has_none(monkeypatch, tmp_path):
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    monkeypatch.setattr(postgres, "_binaries", postgres._embedded)
    with postgres.server() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
