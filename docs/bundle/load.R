# Reads a research bundle into R, with nothing but base R: checks the files, then types and labels every column.
#
# In the folder of the bundle: Rscript scripts/load.R prints what is there. In a session:
#   source("scripts/load.R"); data <- load_bundle("."); summary(data$occurrences)
# A code is a factor with its labels in attr(x, "codes"); a number is numeric. What is missing is NA, and
# missing_why("occurrences", "interval") says why, row by row. Made for R 4.0 and newer.

check_bundle <- function(folder = ".") {
  sums <- readLines(file.path(folder, "SHA256SUMS"), encoding = "UTF-8")
  path <- substring(sums, 67)
  there <- file.exists(file.path(folder, path))
  if (!all(there)) stop("Not there: ", paste(path[!there], collapse = ", "))
  tool <- Filter(nzchar, Sys.which(c("sha256sum", "shasum")))
  if (length(tool) == 0) {
    warning("Neither sha256sum nor shasum is here: files were counted, their hashes were not checked.")
    return(invisible(length(path)))
  }
  more <- if (grepl("shasum$", tool[[1]])) c("-a", "256") else character()
  now <- system2(tool[[1]], c(more, shQuote(file.path(folder, path))), stdout = TRUE)
  wrong <- path[substring(sub("^\\\\", "", now), 1, 64) != substring(sums, 1, 64)]
  if (length(wrong) > 0) stop("Not as written: ", paste(wrong, collapse = ", "))
  invisible(length(path))
}

read_words <- function(...) {
  utils::read.csv(file.path(...), colClasses = "character", na.strings = character(), encoding = "UTF-8",
                  check.names = FALSE)
}

load_bundle <- function(folder = ".", check = TRUE) {
  if (check) check_bundle(folder)
  files <- read_words(folder, "codebook", "files.csv")
  book <- read_words(folder, "codebook", "codebook.csv")
  codes <- read_words(folder, "codebook", "codes.csv")
  tables <- lapply(seq_len(nrow(files)), function(n) {
    name <- files$file[n]
    load_table(folder, files[n, ], book[book$file == name, ], codes[codes$file == name, ])
  })
  stats::setNames(tables, files$file)
}

load_table <- function(folder, file, book, codes) {
  raw <- read_words(folder, file$path)
  stopifnot(identical(names(raw), book$column), nrow(raw) == as.integer(file$rows))
  for (n in seq_len(nrow(book))) {
    mine <- codes[codes$column == book$column[n], ]
    gone <- mine$code[mine$missing == "yes"]
    cells <- raw[[n]]
    cells[cells %in% gone] <- NA
    known <- mine[mine$missing == "no", ]
    if (book$type[n] != "string") {
      cells <- as.numeric(cells)
    } else if (nrow(known) > 0) {
      cells <- factor(cells, levels = known$code)
      attr(cells, "codes") <- stats::setNames(known$label, known$code)
    }
    attr(cells, "label") <- book$label[n]
    raw[[n]] <- cells
  }
  attr(raw, "label") <- file$label
  raw
}

missing_why <- function(table, column, folder = ".") {
  files <- read_words(folder, "codebook", "files.csv")
  codes <- read_words(folder, "codebook", "codes.csv")
  gone <- codes$code[codes$file == table & codes$column == column & codes$missing == "yes"]
  cells <- read_words(folder, files$path[files$file == table])[[column]]
  factor(ifelse(cells %in% gone, cells, NA), levels = gone)
}

if (sys.nframe() == 0L) {
  arguments <- commandArgs(trailingOnly = TRUE)
  folder <- if (length(arguments) > 0) arguments[1] else "."
  cat(check_bundle(folder), "files are as they were written.\n")
  tables <- load_bundle(folder, check = FALSE)
  for (name in names(tables)) {
    cat(sprintf("%s: %d rows, %d columns. %s\n", name, nrow(tables[[name]]), ncol(tables[[name]]),
                attr(tables[[name]], "label")))
  }
}
