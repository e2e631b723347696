"""The short way to read what the tables hold tells the same as the long one."""

from __future__ import annotations

import pytest
from django.db import connection

from registry.accounts.models import User
from registry.directory.services import hold
from registry.taxonomy.models import Term
from tests.factories import make_live, make_staff, make_user
from tests.snapshots import load_site, read, writes

pytestmark = pytest.mark.django_db


def test_what_a_test_wrote_is_read() -> None:
    load_site()
    hold(make_live(make_user("Chủ")), make_staff("moderator"))
    User.objects.bulk_create([User(email="mot@vam.example"), User(email="hai@vam.example")])
    Term.objects.filter(pk=Term.objects.first().pk).update(label_vi="Khác")
    User.objects.filter(email="hai@vam.example").delete()
    assert not writes.anything
    short = read()
    writes.anything = True
    assert short == read()


def test_what_is_not_understood_may_have_written_anywhere() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE taxonomy_term")
    assert writes.anything


def test_each_table_of_one_statement_counts() -> None:
    writes(
        lambda *_args: None,
        'WITH gone AS (DELETE FROM "accounts_user" WHERE id = %s), new AS (INSERT INTO cases_case '
        "(id) VALUES (%s)) UPDATE search_task SET dead = true",
        [],
        False,
        {},
    )
    assert writes.tables >= {"accounts_user", "cases_case", "search_task"}
    assert not writes.anything
