"""A person opens an account, is let in by e-mail, and keeps her consents in her own hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from registry.accounts.consents import ACCOUNT, INTRODUCTION, NEWS, PURPOSES, Purpose, Text
from registry.accounts.models import Consent, User
from registry.accounts.selectors import consent_states, has_consent
from registry.accounts.services import create_account, give_consent, withdraw_consent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

SIGNUP = "/tai-khoan/signup/"
LOGIN = "/tai-khoan/login/"
PASSWORD = "dừa-sáp-cầu-kè-2026"


@pytest.fixture(autouse=True)
def _no_old_limits() -> None:
    cache.clear()


def _form(**changed: str) -> dict[str, str]:
    form = {
        "full_name": "Trần Thị Lụa",
        "email": "lua@htx.example",
        "password1": PASSWORD,
        "consent_account": "on",
    }
    return {name: value for name, value in (form | changed).items() if value != ""}


def _link(mail: Email, word: str) -> str:
    found = re.search(rf"https?://testserver(/\S*{word}\S*)", mail.message)
    assert found, mail.message
    return found[1]


def _sign_up(client: Client, **changed: str) -> Any:
    return client.post(SIGNUP, _form(**changed))


def test_an_address_that_only_looks_alike_is_another_account(client: Client) -> None:
    mine = create_account("ilan@htx.example", "Lan", password=PASSWORD)
    create_account("\u0131lan@htx.example", "Kẻ giả", password="mot-mat-khau-khac-2026")
    client.post(LOGIN, {"login": "ILAN@htx.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(mine.pk)


def test_from_sign_up_to_the_first_log_in(client: Client) -> None:
    answer = _sign_up(client)
    assert answer.status_code == 302
    user = User.objects.get(email="lua@htx.example")
    assert user.full_name == "Trần Thị Lụa"
    assert not user.is_staff

    stranger = Client()
    refused = stranger.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert refused.status_code == 302
    assert "_auth_user_id" not in stranger.session, "not before the address is confirmed"

    mail = Email.objects.filter(to=user.email).order_by("id").first()
    assert mail is not None
    assert mail.subject == "Xác nhận email"
    assert mail.message.startswith("Xin chào Trần Thị Lụa,")
    assert re.search(r"Bấm nút này trước 23:59 ngày\s\d\d/\d\d/\d{4}\.", mail.message)
    page = client.get(_link(mail, "confirm-email"))
    assert page.status_code == 200
    assert not EmailAddress.objects.get(user=user).verified, "a mail scanner's GET confirms nothing"
    client.post(_link(mail, "confirm-email"))
    assert EmailAddress.objects.get(user=user).verified

    fresh = Client()
    fresh.post(LOGIN, {"login": "LUA@HTX.example", "password": PASSWORD})
    assert fresh.session["_auth_user_id"] == str(user.pk)


def test_consents_are_separate_unticked_and_stored_with_version_and_time(client: Client) -> None:
    page = client.get(SIGNUP).context["form"]
    assert [name for name in page.fields if name.startswith("consent_")] == [
        "consent_account",
        "consent_news",
    ]
    assert not any(page.fields[name].initial for name in page.fields)

    before = timezone.now()
    _sign_up(client)
    consent = Consent.objects.get()
    assert (consent.purpose, consent.text_version) == (ACCOUNT, "2026-11")
    assert consent.text_language == "vi"
    assert before <= consent.given_at <= timezone.now()
    assert not has_consent(consent.user, NEWS)


def test_english_pages_make_english_accounts(client: Client) -> None:
    client.post("/en" + SIGNUP, _form(consent_news="on"))
    user = User.objects.get()
    assert user.language == "en"
    assert set(user.consents.values_list("text_language", flat=True)) == {"en"}
    assert user.consents.count() == 2


def test_without_the_needed_consent_there_is_no_account(client: Client) -> None:
    answer = _sign_up(client, consent_account="")
    assert answer.context["form"].errors == {
        "consent_account": ["Trung tâm chỉ mở được tài khoản khi bạn đồng ý với mục này."]
    }
    assert not User.objects.exists()


def test_a_stranger_cannot_learn_who_has_an_account(client: Client) -> None:
    create_account("lua@htx.example", "Trần Thị Lụa", password=PASSWORD)
    known = _sign_up(client, email="Lua@htx.example")
    unknown = _sign_up(Client(), email="moi@htx.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.filter(email="lua@htx.example").count() == 1
    told = Email.objects.get(to="lua@htx.example")
    assert told.subject == "Email này đã có tài khoản"

    reset = "/tai-khoan/password/reset/"
    for_known = client.post(reset, {"email": "lua@htx.example"})
    for_unknown = client.post(reset, {"email": "khong@co.example"})
    assert for_known["Location"] == for_unknown["Location"]
    assert not Email.objects.filter(to="khong@co.example").exists(), "strangers get no mail"

    wrong = client.post(LOGIN, {"login": "lua@htx.example", "password": "sai-mật-khẩu"})
    absent = client.post(LOGIN, {"login": "khong@co.example", "password": "sai-mật-khẩu"})
    assert wrong.context["form"].errors == absent.context["form"].errors
    assert "Email hoặc mật khẩu chưa đúng." in str(wrong.context["form"].errors)


def test_a_forgotten_password_is_set_anew_by_mail(client: Client) -> None:
    user = create_account("lua@htx.example", "Trần Thị Lụa")
    client.post("/tai-khoan/password/reset/", {"email": user.email})
    mail = Email.objects.get(to=user.email)
    assert mail.subject == "Đặt lại mật khẩu"
    page = client.get(_link(mail, "password/reset/key"), follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert Email.objects.filter(to=user.email, subject="Mật khẩu đã đặt lại").exists()


def test_mails_speak_the_recipients_language(client: Client) -> None:
    user = create_account("lua@htx.example", "Tran Lua")
    User.objects.filter(pk=user.pk).update(language="en")
    client.post("/tai-khoan/password/reset/", {"email": user.email})
    mail = Email.objects.get(to=user.email)
    assert re.search(r"by 23:59 on \d+\s[A-Z][a-z]+\s\d{4}", mail.message)


def test_guessing_a_password_is_stopped(client: Client) -> None:
    create_account("lua@htx.example", "Trần Thị Lụa", password=PASSWORD)
    for number in range(6):
        client.post(LOGIN, {"login": "lua@htx.example", "password": f"thu-lan-{number}"})
    answer = client.post(LOGIN, {"login": "lua@htx.example", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert "Quá nhiều lần đăng nhập sai; thử lại sau 5 phút." in str(answer.context["form"].errors)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "lua\x00@htx.example"),
        ("email", "không phải email"),
        ("email", "a" * 10_000 + "@htx.example"),
        ("email", "<script>@htx.example"),
        ("password1", "mật\x00khẩu-dài-đủ"),
        ("password1", "x" * 10_000),
        ("password1", "1234567890"),
        ("password1", "ngắn"),
        ("password1", "lua@htx.example"),
        ("full_name", "Trần\x00Lụa"),
        ("full_name", "Trần\u202eLụa"),
        ("full_name", "x" * 10_000),
        ("full_name", "Xem http://lua-dao.example"),
        ("full_name", "Trúng thưởng tại lua-dao.com"),
        ("full_name", "XEM LUA-DAO.COM"),
        ("full_name", "<b>Lụa</b>"),
        ("full_name", "12345"),
        ("full_name", ""),
        ("email", ""),
    ],
)
def test_bad_input_is_answered_and_changes_nothing(client: Client, field: str, value: str) -> None:
    answer = client.post(SIGNUP, _form() | {field: value})
    assert answer.status_code in {200, 400, 422}
    assert field in answer.context["form"].errors
    assert not User.objects.exists()
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    "body", [b"email=%00%ff%fe", b"login=%ed%a0%80&password=%00", b"\xff=\xff"]
)
def test_broken_bytes_are_no_error_of_ours(client: Client, body: bytes) -> None:
    for address in (SIGNUP, LOGIN, "/tai-khoan/password/reset/"):
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn A", "PGS.TS. Lê Thị B", "Sơn Thị Sô Phia", "O'Neill", "Kim-Ngân Thạch"]
)
def test_names_of_people_are_accepted(client: Client, name: str) -> None:
    _sign_up(client, full_name=f"  {name}  ")
    assert User.objects.get().full_name == name


def test_one_address_is_one_account_in_any_case() -> None:
    User.objects.create_user("Lua@HTX.example", full_name="Lụa")
    assert User.objects.get_by_natural_key("LUA@htx.EXAMPLE").email == "lua@htx.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="LUA@htx.example", full_name="Khác")
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", full_name="Không")


def test_a_consent_is_withdrawn_and_given_again_and_the_history_stays(client: Client) -> None:
    user = create_account("lua@htx.example", "Trần Thị Lụa", password=PASSWORD)
    give_consent(user, ACCOUNT, "vi")
    client.force_login(user)
    address = "/tai-khoan/du-lieu-cua-toi/"
    for answer in ("give", "give", "withdraw", "withdraw", "give"):
        reply = client.post(f"{address}news/", {"answer": answer})
        assert reply.status_code == 302
    history = user.consents.filter(purpose=NEWS)
    assert [row.withdrawn_at is None for row in history] == [True, False]
    assert has_consent(user, NEWS)
    page = client.get(address).content.decode()
    assert "Rút lại và đóng tài khoản" in page
    assert "rút lại lúc" in page


def test_the_consent_an_account_rests_on_goes_only_with_the_account(client: Client) -> None:
    user = create_account("lua@htx.example", "Trần Thị Lụa", password=PASSWORD)
    give_consent(user, ACCOUNT, "vi")
    assert not withdraw_consent(user, ACCOUNT)
    client.force_login(user)
    assert (
        client.post("/tai-khoan/du-lieu-cua-toi/account/", {"answer": "withdraw"}).status_code
        == 404
    )
    assert client.post("/tai-khoan/du-lieu-cua-toi/khac/", {"answer": "give"}).status_code == 404

    assert "Giữ lại" in client.get("/tai-khoan/dong/").content.decode()
    client.post("/tai-khoan/dong/")
    user.refresh_from_db()
    assert not user.is_active
    assert not has_consent(user, ACCOUNT)
    assert "_auth_user_id" not in client.session
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_new_wording_asks_anew_and_keeps_the_old_one_readable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = create_account("lua@htx.example", "Trần Thị Lụa")
    give_consent(user, NEWS, "vi")
    old = PURPOSES[NEWS]
    newer = Purpose(old.code, old.title, (*old.texts, Text("2027-01", "Câu mới.")))
    monkeypatch.setitem(PURPOSES, NEWS, newer)
    state = next(item for item in consent_states(user) if item.purpose.code == NEWS)
    assert state.text == old.current.text, "she agreed to the old wording, and sees that one"
    give_consent(user, NEWS, "en")
    assert list(user.consents.values_list("text_version", "text_language")) == [
        ("2027-01", "en"),
        ("2026-11", "vi"),
    ]
    with pytest.raises(KeyError):
        give_consent(user, "bán dữ liệu", "vi")
    assert not has_consent(user, INTRODUCTION)


def test_name_and_language_are_changed_on_the_profile(client: Client) -> None:
    user = create_account("lua@htx.example", "Trần Thị Lụa", password=PASSWORD)
    client.force_login(user)
    address = "/tai-khoan/ho-so-cua-toi/"
    wrong = client.post(address, {"full_name": "", "language": "fr"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"full_name", "language"}
    right = client.post(address, {"full_name": "Trần Lụa", "language": "en"})
    assert right["Location"] == "/en" + address
    user.refresh_from_db()
    assert (user.full_name, user.language) == ("Trần Lụa", "en")
    assert [str(item) for item in get_messages(right.wsgi_request)]


@pytest.mark.parametrize("address", ["ho-so-cua-toi/", "du-lieu-cua-toi/", "dong/"])
def test_pages_of_an_account_ask_for_log_in(client: Client, address: str) -> None:
    answer = client.get(f"/tai-khoan/{address}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_names_for_letters_and_lists() -> None:
    user = User(email="lua@htx.example", full_name="Trần Thị Lụa")
    assert (user.get_full_name(), user.get_short_name(), str(user)) == (
        "Trần Thị Lụa",
        "Lụa",
        "Trần Thị Lụa",
    )
    assert User(email="a@b.example").get_full_name() == "a@b.example"
