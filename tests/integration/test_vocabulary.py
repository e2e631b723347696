"""Staff keep synonyms and read which questions found too little."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from search import service, synonyms
from search.contracts import SearchDocument, SearchQuery
from search.vocabulary import missed, services
from search.vocabulary.models import MissedQuery, SynonymGroup, VocabularyState
from tests.database import address
from tests.factories import make_staff, make_user
from tests.factories.documents import fill_index

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_words_again() -> Iterator[None]:
    """What one test put in use is gone for the next."""
    yield
    synonyms.use(None)
    services._loaded = ""


@pytest.fixture
def ponds(db: None) -> None:
    fill_index(
        *[
            SearchDocument(kind="page", id="1", title="Ao lắng nuôi tôm", url="/1/"),
            SearchDocument(kind="page", id="2", title="Hồ chứa nước ngọt", url="/2/"),
        ]
    )


def found(asked: str) -> set[str]:
    return {hit.id for hit in service.search(SearchQuery(text=asked)).hits}


def group(*terms: str, rule: str = "equal") -> SynonymGroup:
    made = SynonymGroup(terms="\n".join(terms), rule=rule)
    made.full_clean()
    made.save()
    return made


# Synonyms -----------------------------------------------------------------------------------------


def test_a_group_is_active_at_once_and_gone_at_once(ponds: None) -> None:
    assert found("đìa tôm") <= {"1"}
    assert (
        "1" not in found("đìa lắng nuôi")
        or service.search(SearchQuery(text="đìa lắng nuôi")).partial
    )
    kept = group("ao", "đìa")
    page = service.search(SearchQuery(text="đìa lắng nuôi"))
    assert {hit.id for hit in page.hits} == {"1"}
    assert not page.partial
    assert page.synonyms == ("ao",)
    kept.active = False
    kept.save()
    assert service.search(SearchQuery(text="đìa lắng nuôi")).partial


def test_another_process_reads_one_row_and_follows(ponds: None) -> None:
    group("ao", "đìa")
    service.search(SearchQuery(text="đìa"))
    # Another process has its own copy: what this one had in memory is forgotten here.
    synonyms.use(None)
    services._loaded = "older"
    assert found("đìa lắng") == {"1"}


#: Searches for every line it reads, and tells what it found.
ASKING = """
import sys, django
django.setup()
from search import service
from search.contracts import SearchQuery
for line in sys.stdin:
    page = service.search(SearchQuery(text=line.strip()))
    print(sorted(hit.id for hit in page.hits), page.partial, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_at_work_meets_a_group_with_its_next_question(ponds: None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKING],
        env=os.environ | {"DATABASE_URL": address(), "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:

        def asked() -> str:
            print("đìa lắng nuôi", file=other.stdin, flush=True)
            return other.stdout.readline().strip()

        assert asked() == "['1'] True"
        kept = group("ao", "đìa")
        assert asked() == "['1'] False"
        kept.delete()
        assert asked() == "['1'] True"
        other.stdin.close()


def test_looking_costs_one_indexed_query(ponds: None, django_assert_num_queries: object) -> None:
    group("ao", "đìa")
    services.refresh()
    with django_assert_num_queries(1):  # type: ignore[operator]
        services.refresh()


def test_a_one_way_rule_goes_one_way(ponds: None) -> None:
    group("hồ chứa", "ao lắng", rule="one_way")
    assert found("hồ chứa") == {"1", "2"}
    assert found("ao lắng") == {"1"}


def test_the_own_list_is_sown_once_and_staff_have_the_last_word(ponds: None) -> None:
    before = {
        item.form.shown for item in synonyms.thesaurus().substitutes(("cnsh",), capitals=True)
    }
    call_command("search_seed_synonyms", verbosity=0)
    count = SynonymGroup.objects.count()
    assert count > 200
    services.refresh()
    after = {item.form.shown for item in synonyms.thesaurus().substitutes(("cnsh",), capitals=True)}
    assert before == after != set()
    gone = SynonymGroup.objects.get(terms__startswith="công nghệ sinh học\n")
    gone.delete()
    call_command("search_seed_synonyms", verbosity=0)
    assert SynonymGroup.objects.count() == count - 1
    services.refresh()
    assert synonyms.thesaurus().substitutes(("cnsh",), capitals=True) == []


@pytest.mark.parametrize(
    "terms",
    [
        "",
        "một",
        "ao\nAO",
        "ao\n!!!",
        "ao\n" + "x" * 200,
        "ao\n" + "a " * 50,
        "\n".join(f"từ {n}" for n in range(40)),
        "ao\x00\n\ud800",
    ],
)
def test_a_group_no_question_could_mean_is_refused(terms: str) -> None:
    with pytest.raises(ValidationError):
        SynonymGroup(terms=terms).full_clean()
    assert not SynonymGroup.objects.exists()


def test_trying_a_group_shows_what_it_would_find_and_saves_nothing(ponds: None) -> None:
    client = staff("editor")
    response = client.post(
        reverse("search_try_group"), {"terms": "ao\nđìa", "rule": "equal", "try": "đìa nuôi tôm"}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "nhờ nhóm này" in page or "1 kết quả khi có" in page
    assert "Ao" in page
    assert not SynonymGroup.objects.exists()
    assert service.search(SearchQuery(text="đìa nuôi tôm")).partial


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"terms": "ao", "rule": "equal"},
        {"terms": "ao\nđìa", "rule": "sideways"},
        {"terms": "ao\nđìa", "rule": "equal", "try": "x" * 5_000},
        {"terms": "ao\nđìa", "rule": "equal", "try": "\x00"},
        {"terms": "ao\nđìa\n" * 4_000, "rule": "equal", "group": "9" * 40},
    ],
)
def test_a_hostile_trial_is_refused(ponds: None, posted: dict[str, str]) -> None:
    assert staff("editor").post(reverse("search_try_group"), posted).status_code == 400


def test_editors_keep_groups_others_do_not() -> None:
    editor = staff("editor")
    response = editor.post(
        reverse("synonyms:add"),
        {"terms": "ao\nđìa", "rule": "equal", "active": "on", "note": "miền Tây"},
    )
    assert response.status_code == 302
    kept = SynonymGroup.objects.get()
    assert editor.get(reverse("synonyms:index")).status_code == 200
    assert "Thử nhóm này" in editor.get(reverse("synonyms:edit", args=[kept.pk])).content.decode()
    for role in ("moderator", "broker"):
        other = staff(role)
        assert other.get(reverse("synonyms:add")).status_code in {302, 403}
        assert other.get(reverse("search_missed")).status_code in {302, 403}
        assert other.post(reverse("search_try_group"), {}).status_code in {302, 403}
    visitor = Client()
    visitor.force_login(make_user("Người Lạ"))
    assert visitor.get(reverse("search_missed")).status_code in {302, 403}


def staff(role: str) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def test_roles_hold_the_permissions() -> None:
    for role in ("editor", "administrator"):
        member = make_staff(role)
        assert member.has_perm("search.change_synonymgroup")
        assert member.has_perm("search.view_missedquery")
    assert not Permission.objects.filter(
        content_type__app_label="search", codename="add_missedquery"
    ).exists()
    assert VocabularyState._meta.default_permissions == ()


# Questions that found too little --------------------------------------------------------------


def test_a_question_in_vain_is_counted_by_day_without_anybody(ponds: None, client: Client) -> None:
    for typed in ("đìa Vuông Tròn", "đìa  vuông tròn"):
        assert client.get(reverse("search:all"), {"q": typed}).status_code == 200
    row = MissedQuery.objects.get()
    assert (row.text, row.times, row.found) == ("đìa vuông tròn", 2, 0)
    assert row.day == timezone.localdate()
    assert {field.name for field in MissedQuery._meta.fields} == {
        "id",
        "day",
        "text",
        "found",
        "times",
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("gửi an.nguyen@mau.example giúp", "gửi giúp"),
        ("gọi 0912 345 678 hỏi đìa", "gọi hỏi đìa"),
        ("mã số thuế 0123456789-001", "mã số thuế"),
        ("TCVN 5603", "tcvn"),
        ("sinh 12/3/1985 ở ấp 4 cần máy 5 kg/h", "sinh ở ấp cần máy kg/h"),
        ("tới số 12345, đường 2-9", "tới số đường"),
        ("cảm biến CO2 cho ao 1.000 m3, (57B) 20tr", "cảm biến co2 cho ao m3,"),
        ("gạo ST25 vụ 2024", "gạo st25 vụ"),
        ("Nguyễn Văn A1234567", "nguyễn văn"),
        ("gọi 0912_345_678 hoặc tel0912x345x678", "gọi hoặc"),
        ("máy 2.500kg sinh1985 giá \uff11\uff12\uff13", "máy giá"),
        ("gửi binh @ mau.example hay binh\uff20mau.example", "gửi hay"),
        ("xem facebook.com/nguyen.van.a nhé", "xem nhé"),
        ("12/3 4.0", ""),
        ("x", ""),
        ("123456789", ""),
        ("<script>alert(1)</script>", ""),
        ("' OR 1=1; --", ""),
        ("a" * 150, ""),
        ("một hai ba bốn năm sáu bảy tám chín mười mười_một mười_hai mười_ba", ""),
        ("xem https://mau.example/?t=bi-mat nhé", "xem nhé"),
    ],
)
def test_what_names_somebody_or_is_no_question_is_not_kept(typed: str, kept: str) -> None:
    assert missed.storable(typed) == kept


def seeds(count: int) -> None:
    fill_index(
        *(
            SearchDocument(kind="page", id=str(n), title=f"Lúa giống {n}", url=f"/{n}/")
            for n in range(10, 10 + count)
        )
    )


def test_enough_results_filters_and_later_pages_are_not_counted(
    ponds: None, client: Client
) -> None:
    seeds(4)
    client.get(reverse("search:all"), {"q": "lúa giống"})
    client.get(reverse("search:all"), {"q": "đìa", "nguyen-van": "1"})
    assert not MissedQuery.objects.exists()


def test_one_or_two_results_are_few_and_three_are_enough(ponds: None, client: Client) -> None:
    counted = []
    for number in (1, 2, 3):
        seeds(number)
        client.get(reverse("search:all"), {"q": "Lúa giống"})
        counted.append(list(MissedQuery.objects.values_list("text", "found", "times")))
    assert counted == [
        [("lúa giống", 1, 1)],
        [("lúa giống", 2, 2)],
        [("lúa giống", 2, 2)],
    ]


def test_a_flood_of_odd_questions_stays_bounded(
    ponds: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "MOST_A_DAY", 3)
    for word in ("mê", "lung", "tung", "xoắn", "quẩy"):
        client.get(reverse("search:all"), {"q": f"đìa {word}"})
    assert MissedQuery.objects.count() == 3


def test_counts_are_forgotten_after_ninety_days() -> None:
    today = timezone.localdate()
    for age in (0, 90, 91, 400):
        MissedQuery.objects.create(day=today - timedelta(days=age), text=f"đìa {age}")
    assert missed.forget_old() == 2
    assert {row.text for row in MissedQuery.objects.all()} == {"đìa 0", "đìa 90"}


def test_one_click_turns_a_question_into_a_synonym(ponds: None) -> None:
    MissedQuery.objects.create(day=timezone.localdate(), text="đìa & <b>", times=3)
    editor = staff("editor")
    report = editor.get(reverse("search_missed")).content.decode()
    assert "đìa &amp; &lt;b&gt;" in report
    address = f"{reverse('synonyms:add')}?tu=%C4%91%C3%ACa%20%26%20%3Cb%3E"
    assert address in report
    assert "đìa &amp; &lt;b&gt;" in editor.get(address).content.decode()


def test_a_question_in_vain_becomes_a_group_and_is_found(
    ponds: None, client: Client, contexts: None
) -> None:
    asked = {"q": "bàu cá nguoihoi@nha.example 0912 345 678"}
    client.get(reverse("search:all"), asked)
    editor = staff("editor")
    report = editor.get(reverse("search_missed")).content.decode()
    assert "nguoihoi" not in report
    assert "0912" not in report
    (address,) = re.findall(rf'href="({reverse("synonyms:add")}\?tu=[^"]+)"', report)
    form = editor.get(unescape(address)).context["form"]
    assert form["terms"].value() == "bàu cá\n"
    kept = {name: form[name].value() or "" for name in form.fields}
    saved = editor.post(reverse("synonyms:add"), kept | {"terms": "bàu cá\nao lắng"})
    assert saved.status_code == 302
    page = service.search(SearchQuery(text="bàu cá"))
    assert ([hit.id for hit in page.hits], page.partial) == (["1"], False)
    assert "Ao lắng nuôi tôm" in unescape(
        re.sub(r"</?mark>", "", client.get(reverse("search:all"), {"q": "bàu cá"}).content.decode())
    ).replace("\u00a0", " ")
