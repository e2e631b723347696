"""What owners write goes live exactly as it was reviewed, and nothing else does."""

from __future__ import annotations

import json

import pytest

from registry.cases.services import AlreadyOpen, Moved, NotAllowed, Refused
from registry.directory.models import Entry, OrganisationRole, Recognition
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import Forbidden, hold, show
from registry.moderation import services as moderation
from registry.moderation.freshness import release_waiting
from registry.moderation.publishing import Clash
from registry.moderation.selectors import listing_state
from registry.workspace.selectors import course_of
from tests.factories import (
    edit,
    join,
    make_draft,
    make_live,
    make_staff,
    make_user,
    submit,
    term,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("Chủ Hồ Sơ")


@pytest.fixture
def moderator():
    return make_staff("moderator", "Chuyên viên A")


@pytest.fixture
def other_moderator():
    return make_staff("moderator", "Chuyên viên B")


def live_of(entry: Entry):
    return type(entry.content)._default_manager.get(entry=entry)


def live_bytes(entry: Entry) -> str:
    """Everything the public row holds, but for the two columns that note a newer draft exists."""
    data = live_of(entry).serializable_data()
    del data["latest_revision"], data["has_unpublished_changes"]
    return json.dumps(data, default=str, sort_keys=True)


def correct(entry: Entry, moderator, **values):
    content = live_of(entry)
    for name, value in values.items():
        setattr(content, name, value)
    return moderation.correct(
        entry, moderator, content, expect_live=content.live_revision_id, reason="Sửa lỗi chính tả."
    )


class TestFirstSubmission:
    def test_nothing_is_public_before_approval(self, owner, moderator):
        entry = make_draft(owner, title="Cơ khí Vàm Mới")
        assert not entry.is_public
        case = submit(entry, owner)
        entry.refresh_from_db()
        assert not entry.is_public
        assert listing_state(entry).code == "submitted"
        moderation.approve(case, moderator, expect=case.seq)
        entry.refresh_from_db()
        assert entry.is_public
        assert entry.last_confirmed_at is not None
        assert listing_state(entry).code == "published"

    def test_an_incomplete_draft_says_what_is_missing(self, owner):
        entry = make_draft(owner, summary_vi="", sectors=[])
        with pytest.raises(moderation.Incomplete) as caught:
            submit(entry, owner)
        assert {item.path for item in caught.value.problems} == {"summary_vi", "sectors"}
        assert not entry.cases.exists()

    def test_exactly_the_reviewed_revision_goes_live(self, owner, moderator):
        entry = make_draft(owner, summary_vi="Bản đã gửi")
        case = submit(entry, owner)
        edit(entry, owner, summary_vi="Viết thêm sau khi gửi")
        moderation.approve(case, moderator, expect=case.seq)
        assert live_of(entry).summary_vi == "Bản đã gửi"
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Viết thêm sau khi gửi"

    def test_an_offer_waits_for_its_organisation(self, owner, moderator):
        organisation = make_draft(owner)
        offer = make_draft(owner, "offer", organisation=organisation)
        organisation_case, offer_case = submit(organisation, owner), submit(offer, owner)
        moderation.approve(offer_case, moderator, expect=offer_case.seq)
        offer.refresh_from_db()
        assert not offer.is_public
        assert listing_state(offer).code == "approved"
        moderation.approve(organisation_case, moderator, expect=organisation_case.seq)
        offer.refresh_from_db()
        assert offer.is_public

    def test_what_an_organisation_owns_is_hidden_and_shown_with_it(self, owner, moderator):
        organisation = make_live(owner, moderator=moderator)
        offer = make_live(owner, "offer", organisation=organisation, moderator=moderator)
        hold(organisation, owner)
        offer.refresh_from_db()
        assert not offer.is_public
        assert listing_state(offer).label == "Tạm ẩn"
        show(organisation, owner)
        offer.refresh_from_db()
        assert offer.is_public

    def test_an_offer_approved_while_its_organisation_is_hidden_follows_it(self, owner, moderator):
        organisation = make_live(owner, moderator=moderator)
        offer = make_draft(owner, "offer", organisation=organisation)
        case = submit(offer, owner)
        hold(organisation, owner)
        moderation.approve(case, moderator, expect=case.seq)
        offer.refresh_from_db()
        assert not offer.is_public
        show(organisation, owner)
        assert release_waiting() == 1
        offer.refresh_from_db()
        assert offer.is_public

    def test_a_rejected_submission_stays_out_of_sight_with_its_reason(self, owner, moderator):
        entry = make_draft(owner)
        case = submit(entry, owner)
        moderation.reject(
            case, moderator, expect=case.seq, reason="advertising", note="Chỉ là quảng cáo."
        )
        entry.refresh_from_db()
        assert not entry.is_public
        state = listing_state(entry)
        assert state.code == "rejected"
        assert "Quảng cáo" in state.sentence

    def test_a_decision_without_a_reason_is_refused(self, owner, moderator):
        case = submit(make_draft(owner), owner)
        with pytest.raises(Refused):
            moderation.reject(case, moderator, expect=case.seq, reason="", note="x")
        with pytest.raises(Refused):
            moderation.request_changes(case, moderator, expect=case.seq, reason="other", note=" ")
        case.refresh_from_db()
        assert case.state == "submitted"


class TestEditsOfLiveEntries:
    def test_live_does_not_change_by_a_byte_until_approval(self, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        before = live_bytes(entry)
        edit(entry, owner, summary_vi="Câu mới", looking_for=[term("looking_for")], roles=[])
        assert live_bytes(entry) == before
        edit(entry, owner, roles=[OrganisationRole(role=term("role"), uid="moi")])
        case = submit(entry, owner)
        assert live_bytes(entry) == before
        moderation.approve(case, moderator, expect=case.seq)
        assert live_of(entry).summary_vi == "Câu mới"

    def test_a_cosmetic_change_goes_live_at_once(self, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, image_alt="Nhà sấy nhìn từ cổng")
        assert submit(entry, owner) is None
        assert live_of(entry).image_alt == "Nhà sấy nhìn từ cổng"

    def test_a_cosmetic_change_goes_live_without_the_pending_text_and_survives_it(
        self, owner, moderator
    ):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Câu đang chờ duyệt")
        case = submit(entry, owner)
        edit(entry, owner, image_alt="Ảnh mới")
        submit(entry, owner)
        assert live_of(entry).image_alt == "Ảnh mới"
        assert live_of(entry).summary_vi != "Câu đang chờ duyệt"
        case.refresh_from_db()
        moderation.approve(case, moderator, expect=case.seq)
        assert live_of(entry).summary_vi == "Câu đang chờ duyệt"
        assert live_of(entry).image_alt == "Ảnh mới"

    def test_a_staff_correction_made_meanwhile_survives(self, owner, moderator, other_moderator):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Câu của chủ hồ sơ")
        case = submit(entry, owner)
        correct(entry, other_moderator, description_vi="Trung tâm đã sửa lỗi.")
        assert live_of(entry).description_vi == "Trung tâm đã sửa lỗi."
        case.refresh_from_db()
        moderation.approve(case, moderator, expect=case.seq)
        assert live_of(entry).description_vi == "Trung tâm đã sửa lỗi."
        assert live_of(entry).summary_vi == "Câu của chủ hồ sơ"

    def test_a_clash_goes_back_to_the_desk_and_somebody_chooses(
        self, owner, moderator, other_moderator
    ):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Câu của chủ hồ sơ")
        case = submit(entry, owner)
        correct(entry, other_moderator, summary_vi="Câu của Trung tâm")
        with pytest.raises(Clash) as caught:
            moderation.approve(case, moderator, expect=case.seq)
        assert caught.value.paths == ["summary_vi"]
        case.refresh_from_db()
        assert case.state == "in_review"
        assert case.review.clashes == ["summary_vi"]
        assert live_of(entry).summary_vi == "Câu của Trung tâm"
        moderation.approve(case, moderator, expect=case.seq, keep={"summary_vi": "pending"})
        assert live_of(entry).summary_vi == "Câu của chủ hồ sơ"

    def test_what_waited_and_clashes_goes_back_to_the_desk_alone(
        self, owner, moderator, other_moderator
    ):
        organisation = make_live(owner, moderator=moderator)
        offer = make_live(owner, "offer", organisation=organisation, moderator=moderator)
        edit(offer, owner, problem_vi="Câu của chủ hồ sơ")
        case = submit(offer, owner)
        hold(organisation, owner)
        moderation.approve(case, moderator, expect=case.seq)
        correct(offer, other_moderator, problem_vi="Câu của Trung tâm")
        show(organisation, owner)
        assert release_waiting() == 0
        case.refresh_from_db()
        assert (case.state, case.review.clashes) == ("in_review", ["problem_vi"])
        assert live_of(offer).problem_vi == "Câu của Trung tâm"

    def test_an_unsent_draft_keeps_its_words_when_staff_correct_something_else(
        self, owner, moderator
    ):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Đang viết dở")
        correct(entry, moderator, description_vi="Trung tâm đã sửa lỗi.")
        draft = draft_of(Entry.objects.get(pk=entry.pk))
        assert draft.summary_vi == "Đang viết dở"
        assert draft.description_vi == "Trung tâm đã sửa lỗi."

    def test_a_legal_correction_needs_a_second_person(self, owner, moderator, other_moderator):
        entry = make_live(owner, moderator=moderator)
        case = correct(entry, moderator, name_vi="Tên đúng trên giấy")
        assert live_of(entry).name_vi != "Tên đúng trên giấy"
        with pytest.raises(NotAllowed):
            moderation.approve(case, moderator, expect=case.seq)
        with pytest.raises(NotAllowed):
            moderation.withdraw(case, owner, expect=case.seq)
        moderation.approve(case, other_moderator, expect=case.seq)
        assert live_of(entry).name_vi == "Tên đúng trên giấy"

    def test_a_legal_correction_leaves_the_owners_unsent_draft_alone(
        self, owner, moderator, other_moderator
    ):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Đang viết dở")
        case = correct(entry, moderator, name_vi="Tên đúng trên giấy")
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Đang viết dở"
        with pytest.raises(AlreadyOpen):
            submit(entry, owner)
        moderation.approve(case, other_moderator, expect=case.seq)
        assert live_of(entry).name_vi == "Tên đúng trên giấy"
        assert live_of(entry).summary_vi != "Đang viết dở"
        draft = draft_of(Entry.objects.get(pk=entry.pk))
        assert draft.summary_vi == "Đang viết dở"
        assert draft.name_vi == "Tên đúng trên giấy"
        again = submit(Entry.objects.get(pk=entry.pk), owner)
        moderation.approve(again, moderator, expect=again.seq)
        assert live_of(entry).name_vi == "Tên đúng trên giấy"
        assert live_of(entry).summary_vi == "Đang viết dở"
        told = [line.title for line in course_of(entry)]
        assert "Trung tâm sửa" in told

    def test_rejecting_an_edit_leaves_the_entry_live(self, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        edit(entry, owner, summary_vi="Mua ngay hôm nay")
        case = submit(entry, owner)
        moderation.reject(case, moderator, expect=case.seq, reason="advertising", note="Quảng cáo.")
        entry.refresh_from_db()
        assert entry.is_public
        assert live_of(entry).summary_vi != "Mua ngay hôm nay"

    def test_saving_the_same_again_writes_nothing(self, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        before = latest_revision_id(entry)
        assert edit(entry, owner) == before
        with pytest.raises(moderation.NothingToSubmit):
            submit(entry, owner)

    def test_inline_children_keep_their_identity_through_publishing(self, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        uid = live_of(entry).roles.get().uid
        edit(entry, owner, summary_vi="Khác")
        case = submit(entry, owner)
        moderation.approve(case, moderator, expect=case.seq)
        assert live_of(entry).roles.get().uid == uid


class TestWhoMayDecide:
    def test_nobody_approves_an_entry_of_their_own_organisation(self, owner, moderator):
        entry = make_draft(owner)
        join(entry, moderator, "viewer")
        case = submit(entry, owner)
        for step in (
            lambda: moderation.approve(case, moderator, expect=case.seq),
            lambda: moderation.take(case, moderator, expect=case.seq),
            lambda: moderation.reject(
                case, moderator, expect=case.seq, reason="other", note="Khác."
            ),
        ):
            with pytest.raises(NotAllowed):
                step()
        entry.refresh_from_db()
        assert not entry.is_public

    @pytest.mark.parametrize("role", ["editor", "broker"])
    def test_other_staff_may_not_decide(self, owner, role):
        case = submit(make_draft(owner), owner)
        with pytest.raises(NotAllowed):
            moderation.approve(case, make_staff(role), expect=case.seq)

    def test_an_owner_may_not_decide(self, owner):
        case = submit(make_draft(owner), owner)
        with pytest.raises(NotAllowed):
            moderation.approve(case, owner, expect=case.seq)

    def test_another_organisations_member_may_not_write(self, owner):
        entry = make_draft(owner)
        stranger = make_user()
        make_draft(stranger)
        with pytest.raises(Forbidden):
            edit(entry, stranger, summary_vi="Phá")
        with pytest.raises(Forbidden):
            submit(entry, stranger)

    def test_a_viewer_may_not_write(self, owner):
        entry = make_draft(owner)
        viewer = make_user()
        join(entry, viewer, "viewer")
        with pytest.raises(Forbidden):
            edit(entry, viewer, summary_vi="Phá")

    def test_two_moderators_a_double_click_a_stale_tab_have_one_effect(
        self, owner, moderator, other_moderator
    ):
        entry = make_draft(owner)
        case = submit(entry, owner)
        seen = case.seq
        moderation.approve(case, moderator, expect=seen)
        published = live_of(entry).live_revision_id
        for late in (moderator, other_moderator):
            with pytest.raises(Moved):
                moderation.approve(case, late, expect=seen)
            with pytest.raises(Moved):
                moderation.reject(case, late, expect=seen, reason="other", note="Muộn.")
        assert live_of(entry).live_revision_id == published
        assert case.events.filter(transition="approve").count() == 1


class TestDrafts:
    def test_a_lost_race_loses_no_words(self, owner):
        entry = make_draft(owner)
        colleague = make_user("Trần Thị B")
        join(entry, colleague)
        seen = latest_revision_id(entry)
        edit(entry, colleague, summary_vi="Của B")
        content = draft_of(Entry.objects.get(pk=entry.pk))
        content.summary_vi = "Của tôi"
        with pytest.raises(moderation.DraftMoved) as caught:
            moderation.save_draft(entry, owner, content, expect_revision=seen)
        assert "Trần Thị B" in caught.value.message
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Của B"

    def test_withdrawing_lets_the_owner_edit_and_send_again(self, owner):
        entry = make_draft(owner)
        case = submit(entry, owner)
        moderation.withdraw(case, owner, expect=case.seq)
        assert listing_state(entry).code == "withdrawn"
        edit(entry, owner, summary_vi="Sửa lại")
        again = submit(entry, owner)
        assert again.pk != case.pk

    def test_answering_a_request_pins_the_new_revision(self, owner, moderator):
        entry = make_draft(owner)
        case = submit(entry, owner)
        moderation.request_changes(
            case, moderator, expect=case.seq, reason="incomplete", note="Thêm số liệu."
        )
        assert listing_state(entry).code == "changes_requested"
        assert listing_state(entry).waits_for == "owner"
        edit(entry, owner, summary_vi="Đã thêm số liệu")
        again = submit(entry, owner)
        assert again.pk == case.pk
        moderation.approve(again, moderator, expect=again.seq)
        assert live_of(entry).summary_vi == "Đã thêm số liệu"

    def test_a_stale_reviewer_never_approves_a_newer_revision(self, owner, moderator):
        entry = make_draft(owner)
        case = submit(entry, owner)
        seen = case.seq
        edit(entry, owner, summary_vi="Bản gửi lại")
        submit(entry, owner)
        with pytest.raises(Moved):
            moderation.approve(case, moderator, expect=seen)
        entry.refresh_from_db()
        assert not entry.is_public


class TestRecognitions:
    def test_a_revoked_certificate_stays_revoked_after_the_next_approval(
        self, owner, moderator, other_moderator
    ):
        entry = make_live(owner, moderator=moderator)
        recognition = Recognition(type="st_enterprise", number="01/GCN", issuer="Sở KH&CN")
        case = moderation.claim_recognition(entry, owner, recognition)
        from registry.cases.services import act

        act(case, "grant", moderator, expect=case.seq)
        edit(entry, owner, summary_vi="Câu mới")
        review = submit(entry, owner)
        case.refresh_from_db()
        act(case, "revoke", other_moderator, expect=case.seq, note="Quyết định thu hồi.")
        moderation.approve(review, moderator, expect=review.seq)
        recognition.refresh_from_db()
        assert recognition.status == Recognition.Status.REVOKED
        assert not recognition.is_current

    def test_an_owner_cannot_grant_a_certificate_to_themselves(self, owner, moderator):
        from registry.cases.services import act

        entry = make_live(owner, moderator=moderator)
        case = moderation.claim_recognition(entry, owner, Recognition(type="startup"))
        with pytest.raises(NotAllowed):
            act(case, "grant", owner, expect=case.seq)


class TestOnBehalf:
    def test_staff_enter_an_organisation_and_a_second_person_approves(
        self, moderator, other_moderator
    ):
        from registry.directory.services import create_entry
        from tests.factories import fill_organisation

        entry = create_entry("organisation", moderator, title="Hợp tác xã Cồn Lộc", on_behalf=True)
        content = fill_organisation(draft_of(entry))
        moderation.save_draft(entry, moderator, content, expect_revision=latest_revision_id(entry))
        entry = Entry.objects.get(pk=entry.pk)
        case = submit(entry, moderator)
        with pytest.raises(NotAllowed):
            moderation.approve(case, moderator, expect=case.seq)
        moderation.approve(case, other_moderator, expect=case.seq)
        entry.refresh_from_db()
        assert entry.is_public

    def test_others_may_not_enter_on_behalf(self, owner):
        from registry.directory.services import create_entry

        with pytest.raises(Forbidden):
            create_entry("organisation", owner, title="Của người khác", on_behalf=True)


def test_terms_survive_a_round_through_review(owner, moderator):
    entry = make_live(owner, moderator=moderator)
    wanted = [term("looking_for")]
    edit(entry, owner, looking_for=wanted)
    case = submit(entry, owner)
    assert list(live_of(entry).looking_for.all()) == []
    moderation.approve(case, moderator, expect=case.seq)
    assert list(live_of(entry).looking_for.all()) == wanted
