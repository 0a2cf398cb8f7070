# Makes answers.json: the data and R's answers that tests/statistics compares with.
# Run in this folder: Rscript answers.R
suppressMessages({
  library(jsonlite); library(psych); library(car); library(sandwich); library(lmtest)
  library(effectsize); library(afex); library(lme4); library(lavaan)
})
set.seed(20251)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

# ---- data: 60 people, 6 items from 1 to 5, two waves, answers missing in the first ---------------------------
n <- 60; k <- 6
clip <- function(x) pmin(5, pmax(1, round(x)))
trait <- rnorm(n, 3.3, 0.7)
shift <- c(0.9, 0.2, 0.6, 0.4, 0.7, 0.1)
before <- sapply(1:k, function(i) clip(trait + rnorm(n, 0.1 * i, 0.8)))
after <- sapply(1:k, function(i) clip(trait + shift[i] + rnorm(n, 0.1 * i, 0.8)))
holes <- before
holes[sample(length(holes), 25)] <- NA
gender <- sample(c("female", "male"), n, TRUE, c(0.65, 0.35))
site <- sample(c("east", "north", "south", "west"), n, TRUE)
age <- round(22 + rexp(n, 0.2))
score <- round(trait + ifelse(gender == "male", 0.15, 0) + rnorm(n, 0, 0.4), 2)
small_before <- c(2.11, 3.52, 4.07, 2.93, 3.38, 1.76, 4.41, 3.05, 2.29, 3.87, 2.64, 3.19)
small_after <- c(2.98, 3.61, 4.86, 2.70, 4.01, 2.93, 4.55, 3.83, 2.12, 4.19, 3.07, 3.66)
p_values <- c(0.0004, 0.031, 0.012, 0.2, 0.0121, 0.74, 1e-9, 0.049)

est <- function(x) unname(as.numeric(x))
ans <- list()

# ---- paired change --------------------------------------------------------------------------------------------
noncentral_t <- function(t, df, conf = 0.95) {
  solve_for <- function(p) uniroot(function(d) pt(t, df, d) - p, c(t - 12, t + 12), tol = 1e-13, maxiter = 10000)$root
  c(solve_for(1 - (1 - conf) / 2), solve_for((1 - conf) / 2))
}
walsh <- function(d, conf = 0.95) {
  w <- outer(d, d, "+") / 2
  w <- sort(w[lower.tri(w, diag = TRUE)])
  q <- qsignrank((1 - conf) / 2, length(d))
  c(median(w), w[q], w[length(w) + 1 - q])
}
paired <- function(x, y, steps = y - x, conf = 0.95) {
  t <- t.test(y, x, paired = TRUE, conf.level = conf)
  m <- length(x); s1 <- sd(x); s2 <- sd(y); r <- cor(x, y); sb2 <- (s1^2 + s2^2) / 2
  d <- mean(y - x) / sqrt(sb2)
  v <- d^2 * (s1^4 + s2^4 + 2 * r^2 * s1^2 * s2^2) / (8 * (m - 1) * sb2^2) + var(y - x) / ((m - 1) * sb2)
  z <- qnorm(1 - (1 - conf) / 2)
  nc <- noncentral_t(est(t$statistic), m - 1, conf) / sqrt(m)
  w <- suppressWarnings(wilcox.test(steps, exact = if (anyDuplicated(abs(steps)) || any(steps == 0)) FALSE else TRUE,
                                    correct = TRUE))
  nz <- steps[steps != 0]; ranks <- rank(abs(nz))
  list(t = est(t$statistic), df = est(t$parameter), p = t$p.value, difference = est(t$estimate),
       low = t$conf.int[1], high = t$conf.int[2], mean_before = mean(x), sd_before = s1, mean_after = mean(y),
       sd_after = s2, sd_difference = sd(y - x), r = r, d_av = d, d_av_low = d - z * sqrt(v), d_av_high = d + z * sqrt(v),
       g_av = d * sqrt((m - 2) / (m - 1)), d_z = mean(y - x) / sd(y - x), d_z_low = nc[1], d_z_high = nc[2],
       wilcoxon_w = est(w$statistic), wilcoxon_p = w$p.value,
       rank_biserial = (sum(ranks[nz > 0]) - sum(ranks[nz < 0])) / sum(ranks), shift = walsh(y - x, conf))
}
# the means are divided by k, the ranks come from the integer sums
ans$change <- paired(rowSums(before) / k, rowSums(after) / k, rowSums(after) - rowSums(before))
ans$change_25 <- paired(rowSums(before[1:25, ]) / k, rowSums(after[1:25, ]) / k, (rowSums(after) - rowSums(before))[1:25])
ans$change_item <- paired(before[, 2], after[, 2])
ans$change_small <- paired(small_before, small_after)
ans$change_small_90 <- paired(small_before, small_after, conf = 0.90)
exact <- wilcox.test(small_after - small_before, exact = TRUE, conf.int = TRUE)
ans$wilcoxon_interval_small <- c(est(exact$estimate), exact$conf.int[1:2])

# ---- independent groups ---------------------------------------------------------------------------------------
two <- function(x, y, margin) {
  w <- t.test(x, y); s <- t.test(x, y, var.equal = TRUE)
  tost <- function(eq) max(t.test(x, y, mu = -margin, alternative = "greater", var.equal = eq)$p.value,
                           t.test(x, y, mu = margin, alternative = "less", var.equal = eq)$p.value)
  u <- sqrt(1 / length(x) + 1 / length(y))
  nc <- noncentral_t(est(s$statistic), length(x) + length(y) - 2) * u
  list(welch = list(t = est(w$statistic), df = est(w$parameter), p = w$p.value, low = w$conf.int[1], high = w$conf.int[2]),
       student = list(t = est(s$statistic), df = est(s$parameter), p = s$p.value, low = s$conf.int[1], high = s$conf.int[2]),
       d_s = est(cohens_d(x, y)$Cohens_d), d_s_low = nc[1], d_s_high = nc[2],
       equivalence_welch = tost(FALSE), equivalence_student = tost(TRUE))
}
ans$two_groups <- two(score[gender == "female"], score[gender == "male"], 0.5)
ans$levene_two <- leveneTest(score, factor(gender))[["Pr(>F)"]][1]
w <- oneway.test(score ~ site); o <- summary(aov(score ~ site))[[1]]
ncp_f <- function(f, a, b, p) uniroot(function(l) pf(f, a, b, l) - p, c(0, 200), tol = 1e-13, maxiter = 10000)$root
eta <- function(f, a, b) {
  limit <- function(p) if (pf(f, a, b) <= p) 0 else ncp_f(f, a, b, p)
  l <- c(limit(0.975), limit(0.025)); c(f * a / (f * a + b), l / (l + b))
}
ans$sites <- list(welch = list(f = est(w$statistic), df = est(w$parameter), p = w$p.value),
                  ordinary = list(f = o[["F value"]][1], df = o[["Df"]], p = o[["Pr(>F)"]][1]),
                  eta2 = eta(o[["F value"]][1], 3, n - 4),
                  levene = leveneTest(score, factor(site))[["Pr(>F)"]][1])
ans$eta2_large <- eta(9.3, 3, 56)
ans$smd <- { x <- score[gender == "female"]; y <- score[gender == "male"]; (mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2) }

# ---- regression, multiplicity, proportions, tables ----------------------------------------------------------
fit <- lm(score ~ age); robust <- coeftest(fit, vcov = vcovHC(fit, type = "HC3"), df = n - 2)
ci3 <- coefci(fit, vcov. = vcovHC(fit, type = "HC3"), df = n - 2)
ans$regression <- list(slope = est(coef(fit)[2]), intercept = est(coef(fit)[1]), r2 = summary(fit)$r.squared,
                       se = robust[2, 2], t = robust[2, 3], p = robust[2, 4], hc3 = est(ci3[2, ]),
                       ordinary = est(confint(fit)[2, ]), ordinary_p = summary(fit)$coefficients[2, 4])
ans$adjusted <- lapply(c(holm = "holm", bonferroni = "bonferroni", bh = "BH"), function(m) p.adjust(p_values, m))
share <- function(x, m) list(wilson = prop.test(x, m, correct = FALSE)$conf.int[1:2], exact = binom.test(x, m)$conf.int[1:2])
ans$proportion <- suppressWarnings(list(some = share(160, 204), none = share(0, 19), all = share(7, 7)))
newcombe <- function(a, m, b, q) {
  l <- suppressWarnings(prop.test(a, m, correct = FALSE)$conf.int); u <- suppressWarnings(prop.test(b, q, correct = FALSE)$conf.int)
  p1 <- a / m; p2 <- b / q
  c(p1 - p2, p1 - p2 - sqrt((p1 - l[1])^2 + (u[2] - p2)^2), p1 - p2 + sqrt((l[2] - p1)^2 + (p2 - u[1])^2))
}
ans$newcombe <- newcombe(56, 70, 48, 80)
m22 <- matrix(c(12, 5, 9, 17), 2); m34 <- matrix(c(8, 3, 5, 11, 9, 2, 6, 4, 7, 3, 1, 10), 3)
chi <- function(m) { c1 <- suppressWarnings(chisq.test(m, correct = FALSE)); list(chi2 = est(c1$statistic), df = est(c1$parameter), p = c1$p.value,
  v = est(sqrt(c1$statistic / (sum(m) * (min(dim(m)) - 1)))), smallest = min(c1$expected)) }
ans$table_22 <- c(chi(m22), list(fisher = fisher.test(m22)$p.value)); ans$table_34 <- chi(m34)

# ---- reliability --------------------------------------------------------------------------------------------
a <- suppressWarnings(psych::alpha(as.data.frame(before), check.keys = FALSE, warnings = FALSE))
ans$alpha <- list(alpha = a$total$raw_alpha, feldt = est(unlist(a$feldt[c("lower.ci", "upper.ci")])),
                  r_drop = a$item.stats$r.drop, without = a$alpha.drop$raw_alpha)
fa1 <- factanal(before, 1, lower = 1e-6, control = list(nstart = 1, opt = list(factr = 10, pgtol = 0, maxit = 10000)))
s <- apply(before, 2, sd); lam <- as.numeric(fa1$loadings) * s; th <- fa1$uniquenesses * s^2
ans$omega <- list(omega = sum(lam)^2 / (sum(lam)^2 + sum(th)), loadings = lam, uniquenesses = est(th))

# ---- items --------------------------------------------------------------------------------------------------
long <- function(m, time) data.frame(id = factor(rep(1:n, k)), item = factor(rep(1:k, each = n)), time = time, y = as.vector(m))
rows <- function(table, row) list(f = table[row, "F"], df = table[row, "num Df"], df_error = table[row, "den Df"],
                                  ges = table[row, "ges"], p = table[row, "Pr(>F)"])
one <- suppressMessages(aov_ez("id", "y", long(before, "b"), within = "item"))
ans$items <- c(rows(as.matrix(anova(one, correction = "GG")), 1), list(uncorrected = as.matrix(anova(one, correction = "none"))[1, "Pr(>F)"]))
fr <- friedman.test(before)
ans$friedman <- list(chi2 = est(fr$statistic), df = est(fr$parameter), p = fr$p.value, w = est(fr$statistic) / (n * (k - 1)))
both <- rbind(long(before, "b"), long(after, "c")); both$time <- factor(both$time)
inter <- suppressMessages(aov_ez("id", "y", both, within = c("item", "time")))
ans$item_time <- rows(as.matrix(anova(inter, correction = "GG")), "item:time")

# ---- mixed model --------------------------------------------------------------------------------------------
waves <- data.frame(id = factor(rep(1:n, 2)), time = rep(0:1, each = n), male = rep(as.numeric(gender == "male"), 2),
                    y = c(rowSums(before) / k, rowSums(after) / k))
waves$y[c(3, 17, 70, 111)] <- NA
lm1 <- lmer(y ~ time * male + (1 | id), waves, REML = TRUE,
            control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
vc <- as.data.frame(VarCorr(lm1))$vcov
ans$mixed <- list(fixed = est(fixef(lm1)), se = est(sqrt(diag(as.matrix(vcov(lm1))))), person = vc[1], residual = vc[2])

# ---- Little's test: maximum-likelihood moments from lavaan, the statistic as Little (1988) writes it -----------
hd <- as.data.frame(holes); names(hd) <- paste0("i", 1:k)
model <- paste(sapply(1:k, function(i) paste0("i", i, " ~~ ", paste0("i", i:k, collapse = " + "))), collapse = "\n")
sat <- lavaan(paste(model, paste0("i", 1:k, " ~ 1", collapse = "\n"), sep = "\n"), hd, missing = "ml", fixed.x = FALSE,
              em.h1.iter.max = 20000, em.h1.tol = 1e-13)
mom <- lavInspect(sat, "sampstat"); mu <- est(mom$mean); S <- unclass(mom$cov); attributes(S) <- list(dim = c(k, k))
pattern <- apply(!is.na(holes), 1, paste, collapse = " ")
d2 <- 0; p_sum <- 0
for (g in split(seq_len(n), pattern)) {
  o <- which(!is.na(holes[g[1], ])); if (!length(o)) next
  gap <- colMeans(holes[g, o, drop = FALSE]) - mu[o]
  d2 <- d2 + length(g) * drop(t(gap) %*% solve(S[o, o]) %*% gap); p_sum <- p_sum + length(o)
}
ans$little <- list(chi2 = d2, df = p_sum - k, p = pchisq(d2, p_sum - k, lower.tail = FALSE), mean = mu,
                   patterns = length(unique(pattern)))

out <- list(r = paste(R.version$major, R.version$minor, sep = "."),
  packages = sapply(c("psych", "car", "sandwich", "lmtest", "effectsize", "afex", "lme4", "lavaan"), function(p) as.character(packageVersion(p)), simplify = FALSE),
  data = list(before = before, after = after, holes = holes, gender = gender, site = site, age = age, score = score,
    small_before = small_before, small_after = small_after, p_values = p_values, table_22 = m22, table_34 = m34, wave_score = waves$y),
  answers = ans)
writeLines(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = FALSE), "answers.json")
