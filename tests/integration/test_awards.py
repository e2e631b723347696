"""Awards: an editor publishes a round, its results, its judges; visitors find and read them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.documents import get_document_model
from wagtail.models import ModelLogEntry, PageViewRestriction
from wagtail.rich_text import RichText
from wagtail_localize.fields import get_translatable_fields

from cms.awards import selectors as shown
from cms.awards.models import AwardIndexPage, CallJudge, CallPage, CallWinner
from registry.competitions import selectors, services
from registry.competitions.models import Call
from registry.directory import services as directory
from tests.factories import make_live, make_staff, make_user, term
from tests.integration.awards_support import (
    award,
    draft,
    found,
    header,
    new_site,
    over,
    publish,
    published,
)
from tests.integration.events_support import html_of
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> AwardIndexPage:
    """A new site with its list of awards."""
    cache.clear()
    return new_site()


def person(name: str = "Nhóm Phù Sa", **values: Any) -> CallWinner:
    """Return a line of results that names people only."""
    return CallWinner(**{"prize": "Giải nhất", "name": name, **values})


class TestPublishing:
    def test_a_draft_has_a_number_and_nobody_sees_it(self, client: Client) -> None:
        page = draft(title="Đợt chưa công bố")
        assert re.fullmatch(r"GT \d{4}", header(page).number)
        assert not header(page).is_public
        assert found("đợt chưa công bố") == []
        assert "Đợt chưa công bố" not in html_of(client, "/giai-thuong/")

    def test_publishing_shows_it_in_list_page_home_and_search(self, client: Client) -> None:
        above = award(title="Giải thưởng Sông Tiền")
        page = published(above, title="Giải thưởng Sông Tiền năm nay")
        for path in ("/giai-thuong/", above.url, page.url, "/"):
            assert "Giải thưởng Sông Tiền năm nay" in html_of(client, path).replace("\xa0", " "), (
                path
            )
        assert "Bạn nộp trước" in html_of(client, page.url)
        assert found("sông tiền", award_state=("open",)) == [page.title]
        assert [row.title for row in shown.home_calls()] == [page.title]
        assert [row.title for row in shown.for_programme(term("programme", "khoi_nghiep"))] == [
            page.title
        ]

    def test_facets_tell_rounds_apart(self) -> None:
        contest = award(kind="cuoc_thi", sector=term("sector", "lua-gao"))
        page = published(contest, title="Cuộc thi hạt gạo", year=2019)
        published(title="Giải thưởng khác")
        assert found("", award_type=("cuoc_thi",)) == [page.title]
        assert found("", award_year=("2019",)) == [page.title]
        assert found("", sector=("lua-gao",)) == [page.title]
        assert found("", programme=("khoi_nghiep",), award_year=("2019",)) == [page.title]

    def test_dates_move_the_state(self) -> None:
        page = published(winners=[person()])
        call, now = header(page), timezone.now()
        assert call.state == Call.State.OPEN
        steps = [(-20, "announced"), (0, "open"), (25, "closed"), (41, "results")]
        assert [call.state_at(now + timedelta(days=days)) for days, _state in steps] == [
            state for _days, state in steps
        ]

    def test_the_clock_turns_the_header_and_what_is_found(self) -> None:
        page = published(title="Đợt sắp đóng", winners=[person("Nhóm Vỏ Dừa")])
        later = timezone.now() + timedelta(days=41)
        Call.objects.filter(pk=header(page).pk).update(
            opens_at=timezone.now() - timedelta(days=60),
            closes_at=timezone.now() - timedelta(days=40),
            results_at=timezone.now() - timedelta(days=1),
        )
        assert services.advance_due(later) == 1
        assert services.advance_due(later) == 0
        assert header(page).state == Call.State.RESULTS
        assert found("nhóm vỏ dừa", award_state=("results",)) == ["Đợt sắp đóng"]

    def test_a_cancelled_round_says_why(self, client: Client) -> None:
        page = published(status="cancelled", status_note="Không đủ hồ sơ.")
        assert header(page).state == Call.State.CANCELLED
        assert "Không đủ hồ sơ." in html_of(client, page.url)
        assert shown.home_calls() == []
        assert header(publish(page, status="planned")).state == Call.State.OPEN

    def test_taking_the_page_off_hides_the_round_everywhere(self, client: Client) -> None:
        page = over(title="Đợt sắp gỡ", winners=[person()])
        page.unpublish()
        assert found("đợt sắp gỡ") == []
        assert "Nhóm Phù Sa" not in html_of(client, "/giai-thuong/?xem=vinh-danh")
        page = publish(page)
        assert found("đợt sắp gỡ") == ["Đợt sắp gỡ"]
        CallPage.objects.get(pk=page.pk).delete()
        assert found("đợt sắp gỡ") == []

    def test_a_page_for_some_readers_only_is_no_public_round(self) -> None:
        page = published(title="Giải nội bộ")
        lock = PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert found("giải nội bộ") == []
        lock.delete()
        assert found("giải nội bộ") == ["Giải nội bộ"]

    def test_a_renamed_award_reaches_its_rounds(self) -> None:
        above = award()
        page = published(above)
        above.title = "Giải thưởng Cổ Chiên"
        above.save_revision().publish()
        words = header(page).words
        assert words is not None
        assert words.award == "Giải thưởng Cổ Chiên"

    def test_changes_are_in_the_audit_log(self) -> None:
        page = published()
        actions = ModelLogEntry.objects.filter(object_id=header(page).pk).values_list(
            "action", flat=True
        )
        assert {"registry.call.published", "registry.call.open"} <= set(actions)

    def test_only_editors_publish(self) -> None:
        page = draft()
        with pytest.raises(services.Forbidden):
            services.publish_call(
                page.translation_key,
                language="vi",
                page_id=page.pk,
                facts={},  # type: ignore[typeddict-item]
                words={},  # type: ignore[typeddict-item]
                winners=[],
                actor=make_user(),
            )
        assert not header(page).is_public

    def test_readers_of_english_get_the_stand_in(self, client: Client) -> None:
        page = published(title="Giải thưởng song ngữ")
        html = html_of(client, "/en/giai-thuong/")
        assert "Giải thưởng song ngữ" in html.replace("\xa0", " ")
        with translation.override("en"):
            assert shown.home_calls()[0].url == f"/en{page.url}"


class TestIndex:
    def test_rounds_stand_under_their_years_and_filters_narrow_them(self, client: Client) -> None:
        contest = award(title="Cuộc thi hạt gạo", kind="cuoc_thi", sector=term("sector", "lua-gao"))
        contest.programmes = [term("programme", "tai_san_tri_tue")]
        contest.save_revision().publish()
        now = published(title="Đợt đang nhận")
        last = over(title="Đợt đã trao", year=2025, winners=[person()])
        first = over(contest, title="Đợt hạt gạo", year=2019)
        html = html_of(client, "/giai-thuong/").partition("<main")[2]
        places = [
            html.index(part)
            for part in (now.url, 'id="nam-2025"', last.url, 'id="nam-2019"', first.url)
        ]
        assert places == sorted(places)
        assert html.count(f'href="{now.url}"') == 1, (
            "what is open stands above, not once more below"
        )
        rounds = {page.url for page in (now, last, first)}
        for query, shown_ones in {
            "nam-giai=2019": {first.url},
            "nam-giai=2025": {last.url},
            "loai-giai=cuoc_thi": {first.url},
            "loai-giai=giai_thuong": {now.url, last.url},
            "chuong-trinh=tai_san_tri_tue": {first.url},
            "linh-vuc=lua-gao": {first.url},
            "dot-nhan=open": {now.url},
            "dot-nhan=awarded&nam-giai=2025": {last.url},
            "nam-giai=2019&dot-nhan=open": set(),
        }.items():
            narrowed = html_of(client, f"/giai-thuong/?{query}").partition("<main")[2]
            assert {url for url in rounds if f'href="{url}"' in narrowed} == shown_ones, query


class TestContents:
    def test_everything_an_editor_fills_in_is_read_on_the_page_while_entries_are_taken(
        self, client: Client
    ) -> None:
        file = get_document_model().objects.create(
            title="Mẫu", file=ContentFile(b"mau", name="mau-don.docx")
        )
        page = published(
            eligibility="Hợp tác xã có trụ sở trong tỉnh.",
            categories=[("category", {"title": "Chế biến", "text": "Máy đang chạy."})],
            prizes=[("prize", {"title": "Giải Vàng", "count": 2, "value": "Cúp và 30 triệu đồng"})],
            body=[("text", RichText("<p>Thể lệ có bảy điều.</p>"))],
            documents=[
                ("material", {"title": "Mẫu đơn", "document": file, "note": "Điền bằng máy"})
            ],
            more_dates=[("date", {"day": date(2090, 5, 5), "title": "Giải đáp thắc mắc"})],
            awarded_at=timezone.now() + timedelta(days=60),
            awarded_place="Hội trường tỉnh",
            entry_how="Gửi một tệp PDF.",
            entry_url="https://nop.example/",
            entry_email="giai@mau.example",
            entry_phone="0270 000 000",
            entry_address="Quầy số 3",
        )
        html = html_of(client, page.url)
        before = (
            "Gửi một tệp PDF.",
            'href="https://nop.example/"',
            "mailto:giai@mau.example",
            "0270 000 000",
            "Quầy số 3",
        )
        always = (
            "Hợp tác xã có trụ sở trong tỉnh.",
            "Chế biến",
            "Máy đang chạy.",
            "<b>2</b> Giải Vàng",
            "Cúp và 30 triệu đồng",
            "Thể lệ có bảy điều.",
            file.url,
            "Mẫu đơn",
            "Điền bằng máy",
            '<time datetime="2090-05-05">05/05/2090</time>',
            "Giải đáp thắc mắc",
            "Nơi trao giải: Hội trường tỉnh",
        )
        for words in (*before, *always):
            assert words in html, words
        now = timezone.now()
        page = publish(page, closes_at=now - timedelta(days=1), results_at=now + timedelta(days=9))
        html = html_of(client, page.url)
        for words in before:
            assert words not in html, "nobody is asked to send what is taken no more"
        for words in always:
            assert words in html, words

    def test_its_picture_is_told_as_the_editor_wrote_it_for_this_round(
        self, client: Client
    ) -> None:
        image = make_image(description="Cúp")
        page = published(image=image, image_alt="Ba nhóm thắng giải năm ngoái nâng cúp")
        assert 'alt="Ba nhóm thắng giải năm ngoái nâng cúp"' in html_of(client, page.url)
        CallPage.objects.filter(pk=page.pk).update(
            image_alt=""
        )  # from before there were such words
        assert 'alt="Cúp"' in html_of(client, page.url)

    def test_a_translator_is_given_the_words_for_the_picture(self) -> None:
        fields = {field.field_name for field in get_translatable_fields(CallPage)}
        assert "image_alt" in fields


class TestMistakes:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"closes_at": timezone.now() - timedelta(days=30)}, "closes_at"),
            ({"results_at": timezone.now()}, "results_at"),
            ({"awarded_at": timezone.now()}, "awarded_at"),
            ({"opens_at": None}, "opens_at"),
            ({"closes_at": None}, "closes_at"),
            ({"status": "cancelled"}, "status_note"),
            ({"year": 12}, "year"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, changes: dict[str, Any], field: str) -> None:
        page = draft()
        for name, value in changes.items():
            setattr(page, name, value)
        with pytest.raises(ValidationError) as problem:
            page.full_clean()
        assert field in problem.value.message_dict

    def test_a_winner_must_be_somebody(self) -> None:
        with pytest.raises(ValidationError):
            CallWinner(prize="Giải nhất", work="Máy sấy").clean()

    @pytest.mark.parametrize(
        "query",
        [
            "nam-giai=20x6",
            "nam-giai=%00",
            "loai-giai=khong-co",
            "chuong-trinh=%27%22%3Cscript%3E",
            "xem=khac",
            "trang=0",
            "trang=99999999",
            "dot-nhan=%FF%FE",
            "linh-vuc=" + "a" * 3000,
        ],
    )
    def test_a_question_nobody_can_answer_is_a_400(self, client: Client, query: str) -> None:
        over(winners=[person()])
        answer = client.get(f"/giai-thuong/?{query}")
        assert answer.status_code == 400
        assert (
            "<script>" not in answer.content.decode().partition("<main")[2].partition("</main")[0]
        )

    @pytest.mark.parametrize("query", ["nam-giai=20x6", "loai-giai=x", "dot-nhan=%00"])
    def test_search_refuses_unknown_facet_values(self, client: Client, query: str) -> None:
        assert client.get(f"/tim-kiem/?loai=giai-thuong&{query}").status_code == 400

    def test_what_editors_write_stays_text(self, client: Client) -> None:
        page = over(
            title="<b>Đợt</b>",
            winners=[person("<script>alert(1)</script>", note="</script><img src=x>")],
        )
        for path in (page.url, "/giai-thuong/?xem=vinh-danh"):
            html = html_of(client, path)
            assert "<script>alert" not in html
            assert "<img src=x>" not in html


class TestWinners:
    def test_results_wait_for_their_day(self, client: Client) -> None:
        page = published(winners=[person()])
        for path in (page.url, "/giai-thuong/?xem=vinh-danh"):
            assert "Nhóm Phù Sa" not in html_of(client, path), path
        assert found("nhóm phù sa") == []

    def test_winners_lead_to_their_entries_and_the_entries_to_the_award(
        self, client: Client
    ) -> None:
        owner = make_user()
        organisation = make_live(owner)
        offer = make_live(owner, "offer", organisation=organisation)
        above = award(title="Giải thưởng Hàm Luông")
        over(above, winners=[CallWinner(prize="Giải nhất", entry=organisation, offer=offer)])
        hall = html_of(client, "/giai-thuong/?xem=vinh-danh")
        for entry in (organisation, offer):
            address = entry.get_absolute_url()
            assert address in hall
            page = html_of(client, address).replace("\xa0", " ")
            assert "Giải thưởng Hàm Luông" in page

    def test_a_hidden_entry_disappears_from_winners(self, client: Client) -> None:
        organisation = make_live(make_user())
        name = selectors.link_of(organisation).name  # type: ignore[union-attr]
        page = over(
            title="Đợt có hồ sơ bị ẩn",
            winners=[CallWinner(prize="Giải nhì", entry=organisation), person()],
        )
        assert name in html_of(client, page.url)
        assert found(name) == []  # the index keeps no copy of the name
        directory.hold(organisation, make_staff("moderator"), reason="Kiểm tra lại")
        for path in (page.url, "/giai-thuong/?xem=vinh-danh", page.award.url):
            html = html_of(client, path)
            assert name not in html, path
            assert organisation.number not in html, path
            assert "Nhóm Phù Sa" in html, path

    def test_the_schema_lists_the_winners(self, client: Client) -> None:
        page = over(winners=[person()])
        data = page.structured_data()
        assert data is not None
        assert data["@type"] == "ItemList"
        assert data["itemListElement"][0]["name"] == "Giải nhất: Nhóm Phù Sa"
        assert '"ItemList"' in html_of(client, page.url)


class TestJudges:
    def test_a_judge_is_named_only_after_a_recorded_consent(self, client: Client) -> None:
        today = timezone.localdate()
        page = published(
            judges=[
                CallJudge(name="Người Đã Đồng Ý", agreed_on=today, agreed_how="Email riêng"),
                CallJudge(name="Người Chưa Trả Lời"),
                CallJudge(name="Người Hẹn Sau", agreed_on=today + timedelta(days=3)),
            ]
        )
        html = html_of(client, page.url)
        assert "Người Đã Đồng Ý" in html
        for hidden in ("Người Chưa Trả Lời", "Người Hẹn Sau", "Email riêng"):
            assert hidden not in html
        assert found("người đã đồng ý") == [page.title]
        assert found("người chưa trả lời") == []


class TestCopy:
    def test_a_copy_is_next_years_draft_without_results_and_consents(self, client: Client) -> None:
        year = timezone.localdate().year
        page = over(
            title=f"Giải thưởng Măng Thít năm {year}",
            winners=[person()],
            judges=[CallJudge(name="Người chấm", agreed_on=timezone.localdate())],
            image=make_image(),
            image_alt="Cúp Măng Thít",
        )
        editor = make_staff("editor")
        client.force_login(editor)
        answer = client.post(
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            {
                "new_title": page.title,
                "new_slug": f"mang-thit-{year}-moi",
                "new_parent_page": str(page.get_parent().pk),
            },
        )
        copy = CallPage.objects.filter(locale=page.locale).exclude(pk=page.pk).get()
        assert answer.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
        fresh = copy.get_latest_revision_as_object()
        for made in (copy, fresh):
            assert (made.live, made.year) == (False, year + 1)
            assert made.title == f"Giải thưởng Măng Thít năm {year + 1}"
            assert list(made.winners.all()) == []
            assert [judge.agreed_on for judge in made.judges.all()] == [None]
            assert made.closes_at.year == page.closes_at.year + 1
            assert (made.image, made.image_alt) == (page.image, "Cúp Măng Thít")
        assert header(copy).number != header(page).number
        assert not header(copy).is_public
        assert len(selectors.winners_of(header(page))) == 1
        assert client.get(answer.url).status_code == 200


class TestCost:
    def test_lists_cost_the_same_for_few_and_for_many(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        owner = make_user()
        organisation = make_live(owner)
        above = award()
        for _turn in range(6):
            over(above, winners=[CallWinner(prize="Giải ba", entry=organisation), person()])
        for path in ("/giai-thuong/", "/giai-thuong/?xem=vinh-danh", above.url):
            client.get(path)
            with django_assert_max_num_queries(24):
                client.get(path)
