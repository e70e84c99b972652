"""Defects that sync programs really had (trust.md A3.4), each as a change of the shipped source made in a copy."""

from dataclasses import dataclass, field

ACKNOWLEDGED = "pwa/src/sync/acknowledged.ts"
PUSHING = "pwa/src/actions/pushWaiting.ts"
PULLING = "pwa/src/actions/pullChanges.ts"
RECORDS = "pwa/src/store/records.ts"
DATABASE = "pwa/src/store/database.ts"
REVISIONS = "pwa/src/store/revisions.ts"
KEPT = "pwa/src/sync/kept.ts"


@dataclass(frozen=True)
class Plant:
    """A defect: in which file which text becomes which, and which broken promise gives it away."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    caught_as: frozenset[str]
    takes: int  # so many seeds, when it was last looked
    more: dict[str, int] = field(default_factory=dict)  # steps that bring it out, taken more often

    @property
    def told(self) -> list[dict[str, str]]:
        """As the phones are told of it."""
        return [{"file": file, "was": was, "is": becomes} for file, was, becomes in self.changes]


BELIEVED = """  if (answer.status === 200) {
    const all = { state: 'sent' as const, code: null, message: null }
    return { kind: 'acknowledged', epoch: '', became: new Map(sent.items.map(({ revision_id }) => [revision_id, all])) }
  }
  const refusal = refused(answer)
  if (refusal) return refusal
  const body"""
LATER = """  const me = (globalThis as { me?: string }).me ??= String(Math.random())
  if (!localStorage.getItem('leads')) localStorage.setItem('leads', me)
  if (localStorage.getItem('leads') !== me) {
    const all = doings.map((doing) => made(doing, { ...around, seq: 1000 + Math.floor(Math.random() * 1e6) }))
    setTimeout(() => void inOne(['revisions'], async (_, change) => {
      for (const kept of all) change({ store: 'revisions', key: kept.revision.revision_id, body: kept })
    }), 2_000)
    return Promise.resolve(all)
  }
  return inOne(['revisions', 'drafts', 'meta']"""

# The other two are the server's own, and need two requests at once: tests/faults/test_races.py.
PLANTS = (
    Plant(
        "acknowledged by any 200",
        ((ACKNOWLEDGED, "  const refusal = refused(answer)\n  if (refusal) return refusal\n  const body", BELIEVED),),
        frozenset({"loss"}),
        1,
    ),
    Plant(
        "ordered by the phones' clocks",
        (
            (
                KEPT,
                "  if (a.seen !== b.seen) return a.seen ? -1 : 1\n",
                "  if (a) return a.revision.created_at < b.revision.created_at ? -1 : 1\n",
            ),
        ),
        frozenset({"differ"}),
        15,
        {"edit": 30, "two_tabs": 10, "clock": 6, "network": 12},
    ),
    Plant(
        "deleted on a 4xx",
        (
            (
                PUSHING,
                "    await mark(ids(batch), verdict.kind === 'signed-out' ? 'needs_sign_in' : 'pending')",
                "    if (reply.status >= 400 && reply.status < 500)"
                " await write(ids(batch).map((key) => ({ store: 'revisions', key, remove: true })))\n"
                "    else await mark(ids(batch), 'pending')",
            ),
            (
                PUSHING,
                "import { acknowledged, type Verdict }",
                "import { write } from '../store/records.ts'\nimport { acknowledged, type Verdict }",
            ),
        ),
        frozenset({"loss"}),
        2,
    ),
    Plant(
        "saved when the request succeeded, not when it was complete",
        ((RECORDS, "    await Promise.all([...writing, finished])\n", "    await Promise.all(writing)\n"),),
        frozenset({"loss"}),
        8,
    ),
    Plant(
        "wiped when it does not open",
        (
            (
                DATABASE,
                "    await new Promise((resolve) => setTimeout(resolve, 200))\n",
                "    indexedDB.deleteDatabase(NAME)\n    await new Promise((resolve) => setTimeout(resolve, 200))\n",
            ),
        ),
        frozenset({"loss", "back"}),
        10,
        {"disk": 14, "crash": 14},
    ),
    Plant(
        "sent by whoever is signed in",
        (
            (
                REVISIONS,
                "  const own = await revisionsOf(owner)\n",
                "  void owner\n  const own = await readAll<Kept>('revisions')\n",
            ),
        ),
        frozenset({"foreign", "silent"}),
        1,
        {"other_person": 10, "network": 16, "sign_in": 0},
    ),
    Plant(
        "a page of changes kept by whoever has signed in meanwhile",
        (
            (PULLING, "    if (!(await isStill(device, reading))) return null\n", ""),
            (PULLING, "    if (before.cursor !== asked) return { instead: before }\n", ""),
        ),
        frozenset({"foreign", "differ"}),
        29,
        {"other_person": 12},
    ),
    Plant(
        "work that a copy which was put back does not have stays on the phone",
        ((PULLING, "    if (!page.more) (await gone(reading, left)).forEach(change)\n", "    void gone\n"),),
        frozenset({"differ"}),
        3,
        {"agree": 20, "restore": 14, "backup": 8, "ended": 0},
    ),
    Plant(
        "what was put aside is not brought again after the next restore",
        ((REVISIONS, " || (!chosen && (kept.state === 'quarantined' || kept.state === 'refused'))", ""),),
        frozenset({"loss", "stuck"}),
        148,
        {"agree": 20, "restore": 14, "backup": 8, "ended": 0},
    ),
    Plant(
        "kept only in memory by a tab that is not the first",
        ((REVISIONS, "  return inOne(['revisions', 'drafts', 'meta']", LATER),),
        frozenset({"loss"}),
        2,
    ),
    Plant(
        "the head chosen by its id",
        (
            (
                KEPT,
                "  if (a.seen !== b.seen) return a.seen ? -1 : 1\n",
                "  if (a) return a.revision.revision_id < b.revision.revision_id ? -1 : 1\n",
            ),
        ),
        frozenset({"differ"}),
        2,
        {"edit": 30, "two_tabs": 10, "clock": 6, "network": 12},
    ),
    Plant(
        "written without asking to be safe from a power cut",
        ((RECORDS, "{ durability: 'strict' }", "{}"),),
        frozenset({"loss", "back"}),
        1,
        {"power": 12},
    ),
)
