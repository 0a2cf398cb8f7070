# Makes pooling.json: R's answers on the same estimate in several cohorts.
# Run in this folder: Rscript pooling.R
suppressMessages({library(jsonlite); library(metafor)})
sets <- list(
  two = list(y = c(0.5514, 0.2317), se = c(0.0388, 0.0912), df = c(203, 43)),
  two_alike = list(y = c(0.5514, 0.5411), se = c(0.0388, 0.0912), df = c(203, 43)),
  three = list(y = c(0.55, 0.23, 0.81), se = c(0.04, 0.09, 0.12), df = c(203, 43, 29)),
  five = list(y = c(0.12, -0.31, 0.44, 0.09, 0.61), se = c(0.11, 0.14, 0.09, 0.21, 0.17), df = c(39, 24, 61, 9, 17)),
  six_alike = list(y = c(0.30, 0.31, 0.29, 0.33, 0.28, 0.30), se = c(0.1, 0.2, 0.15, 0.12, 0.3, 0.11), df = rep(19, 6)))
tight <- list(threshold = 1e-14, maxiter = 10000)
answers <- lapply(sets, function(s) {
  k <- length(s$y)
  fit <- rma(s$y, sei = s$se, method = "REML", test = "adhoc", control = tight)
  one <- rma(s$y, sei = s$se, method = "EE")
  ci <- confint(fit, control = list(tol = 1e-14, tau2.max = 1e6))$random["tau^2", ]
  list(k = k, estimate = unname(fit$beta[1]), low = fit$ci.lb, high = fit$ci.ub, t = fit$zval, p = fit$pval, df = k - 1,
       common = unname(one$beta[1]), common_low = one$ci.lb, common_high = one$ci.ub, tau2 = fit$tau2,
       tau2_low = unname(ci["ci.lb"]), tau2_high = unname(ci["ci.ub"]), q = fit$QE, q_p = fit$QEp,
       prediction = if (k > 2) unname(fit$beta[1]) + c(-1, 1) * qt(0.975, k - 2) * sqrt(fit$tau2 + fit$se^2))
})
# people, for Welch's tests of the changes themselves
set.seed(20267)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
people <- list(a = round(rnorm(31, 0.5, 0.6), 2), b = round(rnorm(17, 0.2, 0.9), 2), c = round(rnorm(23, 0.7, 0.4), 2))
values <- unlist(people); group <- rep(names(people), lengths(people))
all3 <- oneway.test(values ~ group)
pair <- function(x, y) { t <- t.test(x, y); list(t = unname(t$statistic), df = unname(t$parameter), p = t$p.value, low = t$conf.int[1], high = t$conf.int[2]) }
welch <- list(f = unname(all3$statistic), df = unname(all3$parameter[1]), df_error = unname(all3$parameter[2]), p = all3$p.value,
              b = pair(people$b, people$a), c = pair(people$c, people$a))
writeLines(toJSON(list(r = paste(R.version$major, R.version$minor, sep = "."),
  packages = list(metafor = as.character(packageVersion("metafor"))), sets = sets, people = people, answers = answers,
  welch = welch), digits = I(17), auto_unbox = TRUE), "pooling.json")
