"""A bare WebKit window with a profile on disk, for the system's Python; MiniBrowser forgets all when it is driven."""

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 (their versions come first)

WIDTH, HEIGHT = 360, 740


def main(profile: Path, room: float) -> None:
    """Show tabs, each in a window, as the driver asks for them; `room`: how much of the disk an origin may have."""
    data = WebKit2.WebsiteDataManager(
        base_data_directory=str(profile / "data"), base_cache_directory=str(profile / "cache"),
        origin_storage_ratio=room, total_storage_ratio=1,
    )  # fmt: skip
    cookies = str(profile / "cookies.sqlite")
    data.get_cookie_manager().set_persistent_storage(cookies, WebKit2.CookiePersistentStorage.SQLITE)
    context = WebKit2.WebContext(website_data_manager=data)
    new_tab = lambda *_: tab(context)  # noqa: E731
    context.connect("automation-started", lambda _, session: session.connect("create-web-view", new_tab))
    context.set_automation_allowed(True)
    Gtk.main()


def tab(context: WebKit2.WebContext) -> WebKit2.WebView:
    """One more, as wide and high as a phone."""
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window = Gtk.Window(default_width=WIDTH, default_height=HEIGHT)
    window.add(view)
    window.show_all()
    return view


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
