# Makes sensitivity.json: R's answers on equivalence and on items as ordered categories, from the data in answers.json.
# Run in this folder: Rscript sensitivity.R
suppressMessages({library(jsonlite); library(MASS); library(sandwich)})
kept <- fromJSON("answers.json")$data
before <- rowSums(kept$before) / 6; after <- rowSums(kept$after) / 6

# two one-sided t-tests: the larger p
tost <- function(x, y, margin, ...) max(t.test(x, y, mu = -margin, alternative = "greater", ...)$p.value,
                                        t.test(x, y, mu = margin, alternative = "less", ...)$p.value)
pairs <- function(equal) max(combn(sort(unique(kept$site)), 2, function(two)
  tost(kept$score[kept$site == two[1]], kept$score[kept$site == two[2]], 0.9, var.equal = equal)))
equivalence <- list(paired = tost(after, before, 0.6, paired = TRUE), paired_small = tost(kept$small_after, kept$small_before, 0.9, paired = TRUE),
                    waves = tost(after, before, 0.8), sites_welch = pairs(FALSE), sites_student = pairs(TRUE))

# proportional odds over both waves, errors clustered by person
ordinal <- lapply(1:6, function(i) {
  d <- data.frame(y = factor(c(kept$before[, i], kept$after[, i]), ordered = TRUE), time = rep(0:1, each = 60), id = rep(1:60, 2))
  fit <- polr(y ~ time, d, Hess = TRUE, control = list(reltol = 1e-16, maxit = 1000))
  se <- sqrt(vcovCL(fit, cluster = d$id, type = "HC0", cadjust = FALSE)["time", "time"]); b <- unname(coef(fit))
  list(odds_ratio = exp(b), low = exp(b - qnorm(0.975) * se), high = exp(b + qnorm(0.975) * se), z = b / se, p = 2 * pnorm(-abs(b / se)))
})
writeLines(toJSON(list(r = paste(R.version$major, R.version$minor, sep = "."),
  packages = sapply(c("MASS", "sandwich"), function(p) as.character(packageVersion(p)), simplify = FALSE),
  answers = list(equivalence = equivalence, ordinal = ordinal)), digits = I(17), auto_unbox = TRUE), "sensitivity.json")
