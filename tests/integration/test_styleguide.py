"""The style page shows every component, with the context it documents."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.styleguide import FRAME, component_names, samples, shown
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


def test_every_component_has_a_sample_and_says_what_it_needs(rf):
    assert set(component_names()) - FRAME == set(samples())
    for one in shown(rf.get("/styleguide/")):
        assert one.note, one.name
        assert str(one.html).strip(), one.name


def test_staff_see_it_and_others_do_not(settings):
    assert Client().get("/styleguide/").status_code == 302
    staff, visitor = Client(), Client()
    staff.force_login(make_staff("editor"))
    visitor.force_login(make_user())
    assert visitor.get("/styleguide/").status_code == 403
    html = staff.get("/styleguide/").content.decode()
    assert 'id="row_offer"' in html
    # One plate per sector of the first level.
    assert html.count("art/plates/") >= 18
    settings.DEBUG = True
    assert Client().get("/styleguide/").status_code == 200
