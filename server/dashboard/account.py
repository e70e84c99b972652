"""Signing in and out, one's own password, and the list of one's staff sessions."""

from flask import g, redirect, request, url_for

from server.dashboard import cookies, keeping
from server.dashboard.forms import Nothing, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard
from server.dashboard.pages import landing, page
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import actions as people
from server.people import sign_in
from server.people.who_sees import may_enter


class PasswordForm(Typed):
    """A new password, typed once: password managers and a visible box make the second time needless."""

    old_password = Words(longest=256, **needed("Enter the password you use now."))
    new_password = Words(longest=256, **needed("Enter a new password."))


@dashboard.get("/sign-in")
def show_sign_in():
    """The sign-in page. Somebody signed in goes on."""
    if g.practitioner:
        return redirect(landing(g.practitioner))
    return page("dashboard/sign_in.html", kept=None, action=_action(request.args.get("next")), problem=None, name="")


@dashboard.post("/sign-in")
def start_session():
    """Sign in, and go where one was going."""
    onward = request.args.get("next")
    try:
        _, practitioner, token = keeping.sign_in_with(request.form)
    except Refused as no:
        name = request.form.get("sign_in_name", "")
        said = page("dashboard/sign_in.html", kept=None, action=_action(onward), problem=no.message, name=name)
        return keeping.refused_sign_in(said, no)
    return cookies.give(redirect(_ours(onward) or landing(practitioner), 303), token)


@dashboard.post("/sign-out")
def sign_out():
    """End this staff session."""
    with atomic():
        sign_in.end(session=g.staff_session, by=g.practitioner, now=g.now)
    return cookies.take(redirect(url_for(".show_sign_in"), 303))


@dashboard.get("/account")
def show_account():
    """One's own account: the staff sessions, and the way to a new password."""
    sessions = sign_in.sessions_of(g.practitioner, g.now)
    saved = request.args.get("saved") == "password"
    own_work = may_enter(g.practitioner.roles, "caseload")
    return page("dashboard/account.html", sessions=sessions, current=g.staff_session.id, saved=saved, own_work=own_work)


@dashboard.post("/account/sessions/<uuid:session_id>/end")
def end_session(session_id):
    """End one of one's own staff sessions."""
    found = [one for one in sign_in.sessions_of(g.practitioner, g.now) if one.id == session_id]
    if not found:
        raise Missing
    if read(Nothing).ok:
        with atomic():
            sign_in.end(session=found[0], by=g.practitioner, now=g.now)
    return redirect(url_for(".show_account"), 303)


@dashboard.get("/account/password")
def show_password():
    """The page for a new password."""
    return page("dashboard/password.html", form=blank())


@dashboard.post("/account/password")
def change_password():
    """Set a new password; every other staff session of this account ends."""
    form = read(PasswordForm)
    if form.ok and not sign_in.verify_password(g.practitioner.password_hash, form.values["old_password"]):
        form.errors["old_password"] = "This is not the password you use now."  # noqa: S105
    if not form.ok:
        return page("dashboard/password.html", form=form), 422
    try:
        with atomic():
            people.change_password(
                practitioner=g.practitioner, password=form.values["new_password"], by=g.practitioner,
                now=g.now, keep_session=g.staff_session.id,
            )  # fmt: skip
    except Refused as no:
        form.errors["new_password"] = no.message
        return page("dashboard/password.html", form=form), 422
    return redirect(url_for(".show_account", saved="password"), 303)


def _action(onward: str | None) -> str:
    ours = _ours(onward)
    return url_for(".start_session", next=ours) if ours else url_for(".start_session")


def _ours(onward: str | None) -> str | None:
    """Only a staff page of ours: nobody is sent elsewhere after signing in."""
    plain = onward and onward.startswith("/staff/") and "\\" not in onward and "//" not in onward
    return onward if plain else None
