"""Whether practice is associated with the next score: python scripts/lagged.py [MEASURE [SCALE]], in a bundle.

Each row is a closed interval, with the last score before it and the first one after. Two models, both with the score
before: what this person tried more or less than usual (within) and how much they try as a rule (between); and what was
tried in this interval alone (m2). The first sets a person against themself, but knows what they tried after the score,
and feeling better may be why; the second knows nothing of later intervals. Where they disagree, trust neither.

Least squares; rows of one person belong together, so standard errors are clustered by person (Liang and Zeger 1986,
with the correction for few clusters that Stata and statsmodels use). Needs pandas; scripts/lagged.R says the same.
"""

import sys
from pathlib import Path

import numpy
import pandas

MISSING = ["not-applicable", "not-asked", "not-answered", "not-known", "not-yet", "suppressed", "unlisted"]
MODELS = (("before", "within", "between"), ("before", "m2"))
FEWEST, FEW = 10, 40  # people: below the first no standard error means anything, below the second it is too small


def rows_of(bundle, measure="phq-9", scale="total"):
    """The rows with everything the model needs. Both parts of M2 are over these rows, so that within adds up to 0."""
    every = pandas.read_csv(bundle / "data/lagged_data.csv", na_values=MISSING, keep_default_na=False)
    found = every[(every["measure"] == measure) & (every["scale"] == scale)].dropna(subset=["m2", "before", "after"])
    between = found.groupby("pid")["m2"].transform("mean")
    return found.assign(between=between, within=found["m2"] - between)


def known_of(rows, terms):
    """The right side of a model: ones, and a column for each term."""
    return numpy.column_stack([numpy.ones(len(rows)), *(rows[name].to_numpy(float) for name in terms)])


def model(rows, terms):
    """(Estimates, standard errors): of the intercept, then of each term."""
    after, people, known = rows["after"].to_numpy(float), rows["pid"], known_of(rows, terms)
    inverse = numpy.linalg.inv(known.T @ known)
    estimates = inverse @ known.T @ after
    scores = pandas.DataFrame(known * (after - known @ estimates)[:, None]).groupby(people.to_numpy()).sum().to_numpy()
    n, groups = len(rows), people.nunique()
    few = groups / (groups - 1) * (n - 1) / (n - known.shape[1])
    return estimates, numpy.sqrt(numpy.diag(few * inverse @ scores.T @ scores @ inverse))


def main(measure="phq-9", scale="total"):
    """Print one line for each term."""
    rows = rows_of(Path(__file__).resolve().parents[1], measure, scale)
    people = rows["pid"].nunique()
    if people < FEWEST:
        sys.exit(f"{people} people have {measure} ({scale}) on both sides of an interval: too few for any model.")
    if any(numpy.linalg.matrix_rank(known_of(rows, terms)) <= len(terms) for terms in MODELS):
        sys.exit("Everybody tried as much as everybody else, or as much each time: there is nothing to compare.")
    print(f"{measure} {scale}, the next score: {len(rows)} intervals of {people} people, t with {people - 1} df")
    print("model,term,estimate,standard_error,t")
    for number, terms in enumerate(MODELS, start=1):
        for term, estimate, error in zip(("intercept", *terms), *model(rows, terms), strict=True):
            print(f"{number},{term},{estimate:.6f},{error:.6f},{estimate / error:.4f}")
    print("Points of the score for 1 more of M2 (from nothing to all). Less is better. Associated with, not caused by.")
    print("Model 1 knows what was tried after the score, model 2 does not: where they disagree, trust neither.")
    if people < FEW:
        print(f"Fewer than {FEW} people: these standard errors are too small.")


if __name__ == "__main__":
    main(*sys.argv[1:])
