"""Whether practice is associated with the next score: python scripts/lagged.py [MEASURE [SCALE]], in a bundle.

Each row is a closed interval, with the last score before it and the first one after. The score after on that before, on
what this person tried more or less than usual for them (within), and on how much they try as a rule (between). Least
squares; rows of one person belong together, so standard errors are clustered by person (Liang and Zeger 1986, with the
correction for few clusters that Stata and statsmodels use). Needs pandas; scripts/lagged.R gives the same numbers.
"""

import sys
from pathlib import Path

import numpy
import pandas

MISSING = ["not-applicable", "not-asked", "not-answered", "not-known", "not-yet", "suppressed", "unlisted"]
TERMS = ("intercept", "before", "within", "between")
FEWEST, FEW = 10, 40  # people: below the first no standard error means anything, below the second it is too small


def rows_of(bundle, measure="phq-9", scale="total"):
    """The rows with everything the model needs. Both parts of M2 are over these rows, so that within adds up to 0."""
    every = pandas.read_csv(bundle / "data/lagged_data.csv", na_values=MISSING, keep_default_na=False)
    found = every[(every["measure"] == measure) & (every["scale"] == scale)].dropna(subset=["m2", "before", "after"])
    between = found.groupby("pid")["m2"].transform("mean")
    return found.assign(between=between, within=found["m2"] - between)


def known_of(rows):
    """The right side of the model: a column for each of TERMS."""
    return numpy.column_stack([numpy.ones(len(rows)), *(rows[name].to_numpy(float) for name in TERMS[1:])])


def model(rows):
    """(Estimates, standard errors) in the order of TERMS."""
    after, people, known = rows["after"].to_numpy(float), rows["pid"], known_of(rows)
    inverse = numpy.linalg.inv(known.T @ known)
    estimates = inverse @ known.T @ after
    scores = pandas.DataFrame(known * (after - known @ estimates)[:, None]).groupby(people.to_numpy()).sum().to_numpy()
    n, groups = len(rows), people.nunique()
    few = groups / (groups - 1) * (n - 1) / (n - len(TERMS))
    return estimates, numpy.sqrt(numpy.diag(few * inverse @ scores.T @ scores @ inverse))


def main(measure="phq-9", scale="total"):
    """Print one line for each term."""
    rows = rows_of(Path(__file__).resolve().parents[1], measure, scale)
    people = rows["pid"].nunique()
    if people < FEWEST:
        sys.exit(f"{people} people have {measure} ({scale}) on both sides of an interval: too few for any model.")
    if numpy.linalg.matrix_rank(known_of(rows)) < len(TERMS):
        sys.exit("Everybody tried as much as everybody else, or as much each time: there is nothing to compare.")
    print(f"{measure} {scale}, the next score: {len(rows)} intervals of {people} people, t with {people - 1} df")
    print("term,estimate,standard_error,t")
    for term, estimate, error in zip(TERMS, *model(rows), strict=True):
        print(f"{term},{estimate:.6f},{error:.6f},{estimate / error:.4f}")
    print("Points of the score for 1 more of M2 (from nothing to all). Less is better. Associated with, not caused by.")
    if people < FEW:
        print(f"Fewer than {FEW} people: these standard errors are too small.")


if __name__ == "__main__":
    main(*sys.argv[1:])
