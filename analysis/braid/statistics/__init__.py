"""The statistics of a report, one module per family of methods.

descriptive      n, mean, SD, quartiles, counts of levels, ceiling and floor
scoring          scale scores under the half rule
missing          missing answers per item, Little's test
comparison       independent groups: Welch and Student t, ANOVA
equivalence      is a difference too small to matter? two one-sided tests
change           before against after: paired t, Wilcoxon, effect sizes, item by item
independent_change  before against after where people cannot be paired: Welch
signed_rank      the Wilcoxon test and the Hodges-Lehmann shift, for any n
items            do the items of a scale differ, and do they change differently?
effect_size      standardised differences and their intervals
regression       a score on a number, with HC3 errors
multiplicity     Holm, Bonferroni, Benjamini-Hochberg
proportion       shares and their differences, with intervals
association      two categorical variables: chi-squared, Fisher
reliability      Cronbach's alpha, McDonald's omega, item-rest correlations
response_shift   the start as people judge it afterwards: then-test
reliable_change  improved, unchanged, deteriorated
regression_to_mean  what people chosen for an extreme score do without any effect
ordinal          items as ordered categories: proportional odds
arms             several arms: analysis of covariance
pooling          the same change in several cohorts: random effects, and Welch's test of their difference
equity           who gains and who does not
mixed_model      random-intercept model over waves
t_test           paired, Welch's, Student's
samples          missing values, pairing, variation, shared by all

Every function takes arrays or Series of numbers with NaN as missing and returns a frozen dataclass. Where
something cannot be estimated (nobody, one person, no variation) its field is None and `note` says why.
"""
