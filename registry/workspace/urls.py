"""Addresses of the workspace, under `/ban-lam-viec/`."""

from __future__ import annotations

from django.urls import include, path

from registry.workspace import (
    views_entries,
    views_home,
    views_members,
    views_recognitions,
    views_steps,
)

app_name = "workspace"

urlpatterns = [
    path("", views_home.home, name="home"),
    path("ho-so/", views_home.entries, name="entries"),
    path("tao/", views_steps.create, name="create"),
    path("tao/<slug:kind>/", views_steps.create_kind, name="create_kind"),
    path("xa-phuong/", views_steps.communes, name="communes"),
    path("ho-so/<slug:number>/", views_entries.entry, name="entry"),
    path("ho-so/<slug:number>/sua/<slug:step>/", views_steps.step, name="step"),
    path("ho-so/<slug:number>/xem-truoc/", views_entries.preview, name="preview"),
    path("ho-so/<slug:number>/gui/", views_entries.submit, name="submit"),
    path("ho-so/<slug:number>/rut/", views_entries.withdraw_entry, name="withdraw"),
    path("ho-so/<slug:number>/tam-an/", views_entries.hold_entry, name="hold"),
    path("ho-so/<slug:number>/hien-lai/", views_entries.show_entry, name="show"),
    path("ho-so/<slug:number>/xac-nhan/", views_entries.confirm_entry, name="confirm"),
    path("ho-so/<slug:number>/xoa/", views_entries.discard, name="discard"),
    path("ho-so/<slug:number>/ban-sao/", views_entries.clone_entry, name="clone"),
    path(
        "ho-so/<slug:number>/giay-chung-nhan/",
        views_recognitions.recognitions,
        name="recognitions",
    ),
    path("thanh-vien/", views_members.index, name="members"),
    path("thanh-vien/<slug:number>/", views_members.of_organisation, name="members_of"),
    path(
        "thanh-vien/<slug:number>/<int:member>/quyen/",
        views_members.change_role,
        name="member_role",
    ),
    path("thanh-vien/<slug:number>/<int:member>/bo/", views_members.remove, name="member_remove"),
    path(
        "thanh-vien/<slug:number>/loi-moi/<int:invitation>/thu-hoi/",
        views_members.uninvite,
        name="uninvite",
    ),
    path("loi-moi/<slug:token>/", views_members.invitation, name="invitation"),
    path("ket-noi/", include("registry.workspace.urls_enquiries")),
]
