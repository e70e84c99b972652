"""How the domain says no: a code for programs and a sentence for people. No HTTP numbers here."""

import logging
import secrets

log = logging.getLogger(__name__)

CODES = {
    "address-taken": "Someone already signs in with that name.",
    "already-written": "This form was saved or undone already. Check what is written down, then enter it again.",
    "app-too-old": "This version of the app is too old. Close it and open it again to update.",
    "assignment-closed": "This has been withdrawn or has ended.",
    "bad-answer": "That answer could not be understood.",
    "broken": "Something went wrong on our side. What you typed is still on your phone.",
    "client-closed": "This course of treatment has ended.",
    "device-copied": "The sign-in of this phone was used on two phones. Ask your practitioner for a new code.",
    "device-revoked": "This phone was removed by the service.",
    "epoch-changed": "The service was restored from a copy. The app sends again what it holds.",
    "invite-burned": "This code was tried too often and no longer works. Ask your practitioner for a new one.",
    "invite-expired": "This code has run out. Ask your practitioner for a new one.",
    "invite-someone-else": "This code is for another person. What is locked on this phone is not theirs.",
    "invite-unknown": "We do not know this code. Check it, or ask your practitioner for a new one.",
    "invite-used": "This code has been used already. Ask your practitioner for a new one.",
    "not-found": "This is not here.",
    "not-ready": "Set the reading promise and the local crisis number before you invite a client.",
    "not-signed-in": "Sign in to go on.",
    "not-yet": "It lies ahead. Say from its day on whether they came. Until then it can be moved or cancelled.",
    "not-yours": "This is not here.",
    "number-taken": "Another client of your service has this local number.",
    "password-weak": "Choose another password: at least 15 characters, and more than common words and figures.",
    "push-host-unknown": "Reminders cannot be sent to this address.",
    "reminder-over": "This reminder is over. Open the app to choose another time.",
    "risk-acknowledged": "Somebody has acknowledged this already. Open it again to see what they did.",
    "risk-changed": "This has changed since you opened it. Read it again.",
    "sign-in-wrong": "The name or the password is not right.",
    "bad-input": "Something in the form needs another look.",
    "therapist-only": "This worksheet is for a qualified practitioner to agree. Ask your supervisor.",
    "too-large": "This is too large to send in one go.",
    "try-again": "This cannot be kept just now. Nothing is lost: the app tries again by itself.",
    "too-many-times": "That is more than the times that are still open.",
    "too-many-tries": "Too many tries. Wait a few minutes, then try again.",
    "way-not-set-up": "Reminders cannot be sent this way here. Choose another way.",
    "worksheet-unknown": "We do not know this worksheet.",
}


class Refused(Exception):
    """The domain's no: `code` from `CODES`, `message` plain and kind, `fields` name -> sentence."""

    def __init__(self, code: str, message: str | None = None, fields: dict[str, str] | None = None, **extra):
        self.code = code
        self.message = message or CODES[code]
        self.fields = fields or {}
        self.extra = extra
        super().__init__(f"{code}: {self.message}")


class Missing(Exception):
    """Not there, or not yours: the same answer for both."""


def noted(place: str | None, error: BaseException | None) -> str:
    """Log that something of ours broke, and return the reference under which it stands there: eight characters.

    Only the kind of error is logged here: its text may hold what somebody typed.
    """
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s broke (%s).", reference, place, type(error).__name__)
    return reference


class CannotStart(Exception):
    """One sentence that says why the program cannot start. Exit code 2."""
