# Whether practice is associated with the next score, from the bundle alone: Rscript scripts/lagged.R [MEASURE [SCALE]].
# Base R. What it fits, and why errors are clustered by person, stands in scripts/lagged.py; the numbers are the same.

fewest <- 10  # people: below it no standard error means anything
few <- 40     # below it it is too small
missing <- c("not-applicable", "not-asked", "not-answered", "not-known", "not-yet", "suppressed", "unlisted")
said <- commandArgs(trailingOnly = TRUE)
measure <- if (length(said) > 0) said[1] else "phq-9"
scale <- if (length(said) > 1) said[2] else "total"

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
bundle <- dirname(dirname(normalizePath(script)))
every <- read.csv(file.path(bundle, "data", "lagged_data.csv"), na.strings = missing, stringsAsFactors = FALSE)
rows <- every[every$measure == measure & every$scale == scale, ]
rows <- rows[complete.cases(rows[, c("m2", "before", "after")]), ]
people <- length(unique(rows$pid))
if (people < fewest) {
  stop(people, " people have ", measure, " (", scale, ") on both sides of an interval: too few for any model.", call. = FALSE)
}
rows$between <- ave(rows$m2, rows$pid)
rows$within <- rows$m2 - rows$between

models <- list(after ~ before + within + between, after ~ before + m2)
fitted <- lapply(models, lm, data = rows)
if (anyNA(unlist(lapply(fitted, coef)))) {
  stop("Everybody tried as much as everybody else, or as much each time: there is nothing to compare.", call. = FALSE)
}

errors_of <- function(fit) {
  known <- model.matrix(fit)
  inverse <- solve(crossprod(known))
  scores <- rowsum(known * resid(fit), rows$pid)
  correction <- people / (people - 1) * (nrow(rows) - 1) / (nrow(rows) - ncol(known))
  sqrt(diag(correction * inverse %*% crossprod(scores) %*% inverse))
}

cat(sprintf("%s %s, the next score: %d intervals of %d people, t with %d df\n",
            measure, scale, nrow(rows), people, people - 1L))
cat("model,term,estimate,standard_error,t\n")
for (number in seq_along(fitted)) {
  found <- coef(fitted[[number]])
  error <- errors_of(fitted[[number]])
  term <- c("intercept", names(found)[-1])
  cat(sprintf("%d,%s,%.6f,%.6f,%.4f\n", number, term, found, error, found / error), sep = "")
}
cat("Points of the score for 1 more of M2 (from nothing to all). Less is better. Associated with, not caused by.\n")
cat("Model 1 knows what was tried after the score, model 2 does not: where they disagree, trust neither.\n")
if (people < few) cat(sprintf("Fewer than %d people: these standard errors are too small.\n", few))
