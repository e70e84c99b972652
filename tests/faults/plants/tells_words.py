"""Planted on purpose: errors whose text is what somebody wrote, in a request and in a thread; and core files kept."""

import resource
import threading

from server.api import sync

_store = sync.take_in
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))  # as on a machine that keeps what crashes leave


def _break(client, device, revisions, now, sent_at=None, made_on=None):
    received = _store(client, device, revisions, now, sent_at, made_on)
    words = str(revisions)
    if "alone" in words:
        thread = threading.Thread(target=int, args=(words,))
        thread.start()
        thread.join()
    if "broken" in words:
        try:
            int(words)
        except ValueError as wrong:
            raise KeyError(words) from wrong
    return received


sync.take_in = _break
