"""A soak that was stopped goes on where it was."""

from tests.harness import soak

HOW = {"phones": 3, "steps": 24}


def test_a_soak_that_was_stopped_plays_only_what_is_left(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(soak, "in_parallel", lambda seeds, workers, **how: asked.extend(seeds) or map(told, seeds))
    keep = tmp_path / "kept"
    list(soak.played(range(1, 4), 1, keep, HOW))
    with keep.open("a") as file:
        file.write('\n{"seed": 4, "bro')
    for _ in range(2):  # and whoever begins it once more has nothing left
        found = list(soak.played(range(1, 7), 1, keep, HOW))
        assert [one["seed"] for one in found] == [1, 2, 3, 4, 5, 6]
        assert asked == [1, 2, 3, 4, 5, 6]


def test_what_was_played_with_more_phones_is_another_story(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "in_parallel", lambda seeds, workers, **how: map(told, seeds))
    keep = tmp_path / "kept"
    list(soak.played(range(1, 4), 1, keep, {**HOW, "phones": 20}))
    monkeypatch.setattr(soak, "in_parallel", lambda seeds, workers, **how: (told(seed, 1) for seed in seeds))
    assert [one["saves"] for one in soak.played(range(1, 4), 1, keep, HOW)] == [1, 1, 1]


def told(seed: int, saves: int = 0) -> dict:
    """What comes of a seed in which nothing happens."""
    return {"seed": seed, "broken": [], "counted": {}, "saves": saves, "time": 0.0, "cpu": 0.0}
