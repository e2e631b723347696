"""“Bạn được hỗ trợ gì?”: somebody asks, somebody takes answers from their entry, an editor writes measures."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from registry.directory.models import Recognition
from registry.support import loading
from registry.support.models import SupportMeasure
from registry.support.services import write_first
from search import service as search
from search.contracts import SearchQuery
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, term
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db

ASK = "/ho-tro/"
SMALL_FIRM = {
    "all": [
        {"fact": "applicant", "is": "in", "of": ["doanh_nghiep", "htx"]},
        {"fact": "size", "is": "in", "of": ["sieu_nho", "nho"]},
        {"fact": "age", "is": "at_most", "of": 5},
    ]
}
NO_PATENT = {"all": [{"fact": "result", "is": "not_in", "of": ["sang_che"]}]}


def measure(seed: str = "phieu", *, publish: bool = True, **values: Any) -> SupportMeasure:
    """Return a measure as the first catalogue would write it."""
    papers = values.pop("papers", ["Đơn theo mẫu", "Báo giá"])
    made = write_first(
        seed,
        {
            "title_vi": "Phiếu đổi mới",
            "summary_vi": "Trả một phần tiền thử nghiệm.",
            "benefit_vi": "Một nửa chi phí.",
            "who_vi": "Cơ sở nhỏ trong tỉnh.",
            "authority_vi": "Sở mẫu",
            "source_text": "Văn bản mẫu",
            "rule": SMALL_FIRM,
            **values,
        },
        [{"name_vi": name} for name in papers],
        publish=publish,
    )
    assert made is not None
    return made


def text_of(response: Any) -> str:
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


def read(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return text_of(response)


def group_of(text: str, title: str) -> str:
    """Return under which heading of the answer a measure stands."""
    answer = text[text.index("Kết quả Bạn có thể được") + len("Kết quả") + 8 :]
    at = answer.rindex(title) if answer.count(title) == 1 else answer.index(title)
    heads = {
        name: answer.rfind(name, 0, at)
        for name in ("Bạn có thể được HT", "Còn thiếu thông tin HT", "Chưa phù hợp HT")
    }
    return max(heads, key=lambda name: heads[name]).removesuffix(" HT")


# --- somebody asks ------------------------------------------------------------------------------


def test_without_measures_the_page_says_so(client):
    text = read(client, ASK)
    assert "Chưa có biện pháp hỗ trợ nào được đăng." in text
    assert "Xem kết quả" not in text


def test_before_any_answer_the_page_asks_eight_questions_and_lists_what_there_is(client):
    measure()
    text = read(client, ASK)
    assert "Tám câu hỏi, không câu nào bắt buộc." in text
    assert "(không bắt buộc)" not in text
    assert "Mọi biện pháp đang áp dụng" in text
    assert "Phiếu đổi mới" in text
    assert "Vì sao" not in text
    body = client.get(ASK).content.decode()
    names = set(re.findall(r'name="([a-z-]+)"', body[body.index('id="hoi-dap"') :]))
    assert {"la", "noi-dat", "nam", "quy-mo", "giai-doan", "linh-vuc"} <= names
    assert 'rel="canonical" href="http://testserver/ho-tro/"' in body
    assert "noindex" not in body


def test_a_young_small_firm_sees_what_it_may_get_and_why(client):
    measure(max_amount=50_000_000, contact="0270 000 000", article="Điều 4")
    year = timezone.localdate().year - 2
    text = read(client, f"{ASK}?la=doanh_nghiep&quy-mo=nho&nam={year}")
    assert group_of(text, "Phiếu đổi mới") == "Bạn có thể được"
    assert text.count("Đạt ") >= 3
    assert "Loại hình: doanh nghiệp hoặc hợp tác xã, tổ hợp tác" in text
    assert "Số năm từ khi thành lập: nhiều nhất 5 năm" in text
    for told in ("Một nửa chi phí.", "50.000.000 ₫", "Sở mẫu", "0270 000 000", "Điều 4"):
        assert told in text
    assert "không phải quyết định" in text


def test_who_left_a_question_open_is_told_which_one_decides(client):
    measure()
    response = client.get(f"{ASK}?la=htx&quy-mo=nho")
    text = text_of(response)
    assert group_of(text, "Phiếu đổi mới") == "Còn thiếu thông tin"
    assert "Trả lời thêm: Thành lập năm nào?" in text
    assert 'href="#id_nam"' in response.content.decode()
    assert 'id="id_nam"' in response.content.decode()


def test_who_does_not_fit_is_told_why_and_needs_not_answer_the_rest(client):
    measure()
    text = read(client, f"{ASK}?la=ca_nhan")
    assert group_of(text, "Phiếu đổi mới") == "Chưa phù hợp"
    assert "Vì sao chưa" in text
    assert "(bạn: Cá nhân, nhóm chưa đăng ký)" in text
    assert "Trả lời thêm" not in text


def test_nothing_of_these_is_an_answer_and_no_answer_is_none(client):
    measure(rule=NO_PATENT)
    assert group_of(read(client, f"{ASK}?ket-qua-co=khong"), "Phiếu") == "Bạn có thể được"
    assert group_of(read(client, f"{ASK}?ket-qua-co=sang_che"), "Phiếu") == "Chưa phù hợp"
    assert group_of(read(client, f"{ASK}?la=hkd"), "Phiếu") == "Còn thiếu thông tin"


def test_a_ticked_paper_leaves_the_others_missing(client):
    made = measure(papers=["Đơn theo mẫu", "Báo giá", "Ảnh"])
    third = made.papers.last()
    third.required = False
    third.save()
    first, second = made.papers.all()[:2]
    path = f"{ASK}?la=htx&giay={first.uid}"
    assert "Còn thiếu 1 giấy tờ bắt buộc: Báo giá." in read(client, path)
    assert "Đủ giấy tờ bắt buộc" in read(client, f"{path}&giay={second.uid}")
    assert "Còn thiếu 1 giấy tờ bắt buộc: Báo giá." in read(
        client, f"{made.get_absolute_url()}?giay={first.uid}"
    )


def test_a_ticked_paper_is_still_ticked_after_the_measure_is_published_again(client):
    made = measure()
    uid = made.papers.first().uid
    made.save_revision().publish()
    made.save_revision().publish()
    fresh = SupportMeasure.objects.get(pk=made.pk)
    assert fresh.papers.first().uid == uid


@pytest.mark.parametrize(
    "query",
    [
        "la=quan_vuong&fbclid=x",
        "linh-vuc=%00&la=htx",
        "nam=1500",
        "nam=hai-nghin&giay=../../etc",
        "quy-mo=nho&quy-mo=<script>alert(1)</script>",
        "la[]=htx&hoi=1",
    ],
)
def test_odd_addresses_are_answered_without_what_they_mean(client, query):
    measure()
    response = client.get(f"{ASK}?{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_year_that_cannot_be_is_pointed_out(client):
    measure()
    text = read(client, f"{ASK}?nam=1500&la=htx")
    assert "Có 1 chỗ cần sửa." in text
    assert f"Nhập năm từ 1900 đến {timezone.localdate().year}." in text


def test_an_answered_page_is_not_for_search_engines_and_stores_nothing(client):
    measure()
    response = client.get(f"{ASK}?la=htx")
    body = response.content.decode()
    assert '<meta name="robots" content="noindex, follow">' in body
    assert 'rel="canonical" href="http://testserver/ho-tro/"' in body
    assert not response.cookies
    assert client.post(ASK, {"la": "htx"}).status_code == 405


def test_what_does_not_apply_today_is_not_offered_but_its_page_stays(client):
    today = timezone.localdate()
    old = measure("cu", title_vi="Đã thôi", valid_to=today.replace(year=today.year - 1))
    measure("moi", title_vi="Chưa tới", valid_from=today.replace(year=today.year + 1, day=1))
    text = read(client, f"{ASK}?la=htx")
    assert "Đã thôi" not in text
    assert "Chưa tới" not in text
    assert "Hết áp dụng từ" in read(client, old.get_absolute_url())


def test_a_rule_this_version_cannot_read_sends_to_the_authority(client):
    made = measure()
    SupportMeasure.objects.filter(pk=made.pk).update(rule={"all": [{"fact": "size"}]})
    text = read(client, f"{ASK}?la=htx")
    assert group_of(text, "Phiếu đổi mới") == "Còn thiếu thông tin"
    assert "Hỏi cơ quan trả lời." in text


def test_the_page_asks_the_database_little_however_many_measures_there_are(
    client, django_assert_max_num_queries
):
    load_site()
    loading.load()
    for draft in SupportMeasure.objects.filter(live=False):
        draft.get_latest_revision().publish()
    client.get(f"{ASK}?la=htx")
    with django_assert_max_num_queries(12):
        body = client.get(f"{ASK}?la=htx").content.decode()
    assert body.count('href="/van-ban/76-2018-nd-cp/"') == 5
    assert 'href="/en/van-ban/76-2018-nd-cp/"' in client.get(f"/en{ASK}?la=htx").content.decode()


# --- one measure --------------------------------------------------------------------------------


def test_a_measure_has_a_page_of_its_own_with_its_source(client):
    load_site()
    assert loading.load() == 6
    made = SupportMeasure.objects.get(seed="dn-khcn")
    response = client.get(made.get_absolute_url())
    body, text = response.content.decode(), text_of(response)
    assert "15 ngày, không thu phí" in text
    assert "mức ưu đãi theo văn bản" in text
    assert "Chưa ghi ngày đối chiếu văn bản." in text
    assert 'href="/van-ban/268-2025-nd-cp/"' in body
    assert f'rel="canonical" href="http://testserver{made.get_absolute_url()}"' in body
    # The document tells of the measure as well.
    assert made.title_vi in read(client, "/van-ban/268-2025-nd-cp/")


def test_the_first_catalogue_is_loaded_once_and_leaves_unchecked_measures_as_drafts(client):
    load_site()
    call_command("load_support", verbosity=0)
    assert loading.load() == 0
    assert list(SupportMeasure.objects.public().values_list("seed", flat=True)) == ["dn-khcn"]
    for draft in SupportMeasure.objects.filter(live=False):
        draft.full_clean()
        read(client, draft.get_absolute_url(), 404)
        assert "Đối chiếu" in draft.staff_note or "đối chiếu" in draft.staff_note


def test_a_draft_and_an_unknown_number_have_no_page_and_an_old_slug_leads_on(client):
    draft = measure(publish=False)
    read(client, draft.get_absolute_url(), 404)
    read(client, "/ho-tro/gi-do-ht-9999/", 404)
    made = measure("khac")
    answer = client.get(f"/ho-tro/ten-cu-{made.number_slug}/")
    assert (answer.status_code, answer["Location"]) == (301, made.get_absolute_url())


def test_an_english_reader_gets_english_where_it_is_written(client):
    measure(title_en="Innovation voucher", summary_en="Pays half.")
    only = measure("khac", title_vi="Chỉ tiếng Việt")
    body = client.get("/en/ho-tro/").content.decode()
    assert "Innovation\u00a0voucher" in body or "Innovation voucher" in body
    assert re.search(r'href="/en/ho-tro/chi-tieng-viet-ht-\d+/"><span lang="vi">', body)
    with translation.override("vi"):
        own = only.get_absolute_url()
    page = client.get(f"/en{own}").content.decode()
    assert f'rel="canonical" href="http://testserver{own}"' in page
    assert 'rel="alternate" hreflang' not in page


def test_measures_are_found_and_stand_in_the_map(client):
    made = measure(title_vi="Phiếu sấy dừa", title_en="Coconut voucher")
    draft = measure("nhap", title_vi="Phiếu bí mật", publish=False)
    assert [hit.url for hit in found("phieu say dua")] == [made.get_absolute_url()]
    assert found("phieu bi mat") == []
    assert "Phiếu sấy dừa" in read(client, "/tim-kiem/?q=phieu+say+dua&loai=ho-tro")
    listed = client.get("/sitemap-ho-tro.xml").content.decode()
    assert f"<loc>http://testserver{made.get_absolute_url()}</loc>" in listed
    assert "<loc>http://testserver/ho-tro/</loc>" in listed
    assert draft.number_slug not in listed
    made.unpublish()
    assert found("phieu say dua") == []


def found(words: str) -> list[Any]:
    return list(search.search(SearchQuery(text=words, kinds=("support",), verbatim=True)).hits)


# --- from one's own entry -----------------------------------------------------------------------


@pytest.fixture
def owner() -> Any:
    return make_user("Chủ Lò Sấy")


def test_an_owner_takes_the_answers_from_the_entry_even_from_the_draft(client, owner):
    measure()
    entry = make_live(owner, title="Vàm Lộc", legal_form=term("legal_form", "tnhh_1tv"))
    edit(entry, owner, size_band=term("size_band", "nho"), founded_year=2001)
    client.force_login(owner)
    answer = client.get("/ho-tro/tu-ho-so/")
    assert answer["Location"] == f"/ho-tro/tu-ho-so/{entry.number_slug}/"
    response = client.get(answer["Location"])
    text = text_of(response)
    assert "Loại hình: Doanh nghiệp" in text
    assert "Quy mô: Nhỏ" in text
    assert group_of(text, "Phiếu đổi mới") == "Chưa phù hợp"
    assert f"Lấy từ hồ sơ {entry.number}" in text
    assert "no-store" in response["Cache-Control"]
    # The public still sees none of it, and neither does the index.
    assert entry.number not in read(Client(), ASK)


def test_an_answer_given_on_the_page_stands_before_the_entry(client, owner):
    measure()
    entry = make_live(owner, title="Vàm Lộc", founded_year=2001)
    client.force_login(owner)
    year = timezone.localdate().year
    text = read(client, f"/ho-tro/tu-ho-so/{entry.number_slug}/?hoi=1&la=htx&quy-mo=nho&nam={year}")
    assert group_of(text, "Phiếu đổi mới") == "Bạn có thể được"


def test_what_the_entry_does_not_say_stays_open_and_a_certificate_counts_once_granted(
    client, owner
):
    measure(rule={"all": [{"fact": "certificate", "is": "not_in", "of": ["st_enterprise"]}]})
    entry = make_live(owner, title="Vàm Lộc")
    claimed = Recognition.objects.create(entry=entry, type="st_enterprise", number="01")
    client.force_login(owner)
    path = f"/ho-tro/tu-ho-so/{entry.number_slug}/"
    assert group_of(read(client, path), "Phiếu") == "Còn thiếu thông tin"
    claimed.status = Recognition.Status.GRANTED
    claimed.save()
    assert group_of(read(client, path), "Phiếu") == "Chưa phù hợp"


def test_nobody_takes_answers_from_another_organisation(client, owner):
    entry = make_live(owner, title="Vàm Lộc")
    path = f"/ho-tro/tu-ho-so/{entry.number_slug}/"
    assert "/tai-khoan/login/" in client.get(path)["Location"]
    client.force_login(make_user())
    read(client, path, 404)
    client.force_login(make_staff("moderator"))
    read(client, path, 404)
    reader = make_user()
    join(entry, reader, "viewer")
    client.force_login(reader)
    read(client, path)


def test_who_has_several_organisations_chooses_and_who_has_none_is_led_on(client, owner):
    client.force_login(owner)
    assert "Bạn chưa có hồ sơ tổ chức nào." in read(client, "/ho-tro/tu-ho-so/")
    first = make_live(owner, title="Vàm Lộc")
    second = make_draft(owner, title="Cổ Chiên")
    text = read(client, "/ho-tro/tu-ho-so/")
    assert first.number in text
    assert second.number in text
