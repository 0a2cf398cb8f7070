# Makes arms.json: R's answers on arms of a comparison, from the data in answers.json.
# Run in this folder: Rscript arms.R
suppressMessages(library(jsonlite))
kept <- fromJSON("answers.json")
before <- rowSums(kept$data$before) / 6; after <- rowSums(kept$data$after) / 6
arms <- function(group) {
  group <- factor(group); n <- length(group)
  fit <- lm(after ~ I(before - mean(before)) + group); none <- lm(after ~ before)
  test <- anova(none, fit); slopes <- anova(lm(after ~ before + group), lm(after ~ before * group))
  rows <- grep("^group", names(coef(fit))); ci <- confint(fit)[rows, , drop = FALSE]
  out <- summary(fit)$coefficients[rows, , drop = FALSE]
  list(f = test[["F"]][2], p = test[["Pr(>F)"]][2], df = test[["Df"]][2], df_error = test[["Res.Df"]][2],
       slope = unname(coef(fit)[2]), slopes_p = slopes[["Pr(>F)"]][2],
       difference = unname(out[, 1]), t = unname(out[, 3]), each_p = unname(out[, 4]),
       p_holm = p.adjust(unname(out[, 4]), "holm"), low = unname(ci[, 1]), high = unname(ci[, 2]),
       adjusted = unname(coef(fit)[1] + c(0, coef(fit)[rows])), levels = levels(group))
}
answers <- list(gender = arms(kept$data$gender), site = arms(kept$data$site))
writeLines(toJSON(list(r = paste(R.version$major, R.version$minor, sep = "."), answers = answers),
                  digits = I(17), auto_unbox = TRUE), "arms.json")
