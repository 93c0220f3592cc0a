"""Independent values for the tests of ratings, agreement and fits: python reference_ratings.py

Needs NumPy and SciPy. The data are small enough to be typed into the tests.
"""
import math

import numpy as np
from scipy import stats
from scipy.optimize import minimize

ELO = 400 / math.log(10)

# Ratings: ant, bee, cow, dog; row i, column j: i beat j.
WINS = np.array([[0, 12, 7, 3], [5, 0, 9, 6], [4, 8, 0, 11], [2, 1, 3, 0]], float)
TIES = np.array([[0, 2, 1, 0], [2, 0, 0, 4], [1, 0, 0, 0], [0, 4, 0, 0]], float)


def ratings(score, prior=0.0):
    """Newton on the full vector with a pseudo-inverse; also the negative Hessian."""
    n = score + score.T
    x = np.zeros(len(score))
    for _ in range(200):
        p = 1 / (1 + np.exp(-(x[:, None] - x[None, :])))
        own = 1 / (1 + np.exp(-x))
        gradient = score.sum(1) - (n * p).sum(1) + prior * (1 - 2 * own)
        hessian = -(n * p * (1 - p))
        np.fill_diagonal(hessian, 0)
        np.fill_diagonal(hessian, -hessian.sum(1))
        hessian += np.diag(2 * prior * own * (1 - own))
        x = x + np.linalg.pinv(hessian) @ gradient
    return x, hessian, n


for name, score in [("half", WINS + TIES / 2), ("drop", WINS)]:
    x, hessian, n = ratings(score)
    others = [0, 2, 3]
    covariance = np.linalg.inv(hessian[np.ix_(others, others)])
    print(name, "bee at 0", ELO * (x - x[1]), "se", ELO * np.sqrt(np.diag(covariance)))
    print("  mean 0", ELO * (x - x.mean()), "se", ELO * np.sqrt(np.diag(np.linalg.pinv(hessian))))
    p = 1 / (1 + np.exp(-(x[:, None] - x[None, :])))
    upper = np.triu_indices(4, 1)
    share = (score / np.where(n > 0, n, 1))[upper]
    p, n = p[upper], n[upper]
    deviance = 2 * np.sum(n * (share * np.log(share / p) + (1 - share) * np.log((1 - share) / (1 - p))))
    pearson = np.sum(n * (share - p) ** 2 / (p * (1 - p)))
    print("  deviance", deviance, stats.chi2.sf(deviance, 3), "pearson", pearson, stats.chi2.sf(pearson, 3))

# Nobody has beaten ant: half a win and half a loss against an average opponent.
score = WINS + TIES / 2
score[1:, 0] = 0
score[0, :] = WINS[0, :]


def loss(x):
    against = np.sum(score * np.log1p(np.exp(-(x[:, None] - x[None, :]))))
    return against + 0.5 * np.sum(np.log1p(np.exp(-x)) + np.log1p(np.exp(x)))


x, hessian, _ = ratings(score, 0.5)
found = minimize(loss, np.zeros(4), options={"gtol": 1e-12, "maxiter": 10000}).x
print("regularised", ELO * (x - x[1]), "by minimising", ELO * (found - found[1]))
c = np.linalg.inv(hessian)
print("  se", [ELO * math.sqrt(max(0, c[i, i] + c[1, 1] - 2 * c[i, 1])) for i in range(4)])

# Over-optimisation.
kl = np.array([0, 0.25, 1, 2.25, 4, 6.25, 9, 12.25])
d = np.sqrt(kl)
gold = np.array([0.01, 0.55, 0.93, 1.25, 1.31, 1.40, 1.33, 1.22])
for form in ("rl", "bon"):
    lost = d * d if form == "bon" else d * np.log(np.where(d > 0, d, 1))
    design = np.column_stack([d, -lost])
    fit = np.linalg.lstsq(design, gold, rcond=None)[0]
    residuals = gold - design @ fit
    covariance = residuals @ residuals / (len(d) - 2) * np.linalg.inv(design.T @ design)
    t = stats.t.ppf(0.975, len(d) - 2)
    errors = np.sqrt(np.diag(covariance))
    print(form, fit, errors, fit - t * errors, fit + t * errors)
    r2 = 1 - residuals @ residuals / np.sum((gold - gold.mean()) ** 2)
    print("  deviation", math.sqrt(residuals @ residuals / (len(d) - 2)), "r2", r2)
    if form == "bon":
        logs = [lambda v: math.log(v[0] / (2 * v[1])), lambda v: math.log(v[0] ** 2 / (4 * v[1]))]
    else:
        logs = [lambda v: v[0] / v[1] - 1, lambda v: math.log(v[1]) + v[0] / v[1] - 1]
    for log in logs:
        step = 1e-5 * np.eye(2)
        slope = np.array([(log(fit + e) - log(fit - e)) / 2e-5 for e in step])
        half = t * math.sqrt(slope @ covariance @ slope)
        print("  peak", math.exp(log(fit)), math.exp(log(fit) - half), math.exp(log(fit) + half))

# Parallel lines.
groups = [
    ([0, 0.3, 0.6, 1.0, 1.4], [0.02, 0.25, 0.5, 0.83, 1.1]),
    ([0.1, 0.4, 0.9, 1.3], [-0.1, 0.2, 0.55, 0.99]),
    ([0, 0.5, 1, 1.5, 2, 2.5], [0.5, 0.8, 1.33, 1.6, 2.1, 2.3]),
]
y = np.concatenate([b for _, b in groups])
total, at = len(y), 0
own, one = np.zeros((total, 6)), np.zeros((total, 4))
for i, (a, _) in enumerate(groups):
    rows = slice(at, at + len(a))
    own[rows, i], own[rows, 3 + i], one[rows, i], one[rows, 3] = 1, a, 1, a
    at += len(a)
separate = y - own @ np.linalg.lstsq(own, y, rcond=None)[0]
common = np.linalg.lstsq(one, y, rcond=None)[0]
shared = y - one @ common
f = (shared @ shared - separate @ separate) / 2 / (separate @ separate / (total - 6))
error = math.sqrt(shared @ shared / (total - 4) * np.linalg.inv(one.T @ one)[3, 3])
print("F", f, stats.f.sf(f, 2, total - 6), "common", common[3], error)
for a, b in groups:
    line = stats.linregress(a, b)
    print("  ", line.slope, line.stderr, line.intercept)

# Cohen's kappas.
left = [1, 2, 3, 4, 2, 1, 3, 5, 5, 2, 1, 4]
right = [1, 2, 4, 4, 2, 2, 3, 5, 4, 1, 1, 2]
table = np.zeros((5, 5))
for a, b in zip(left, right):
    table[a - 1, b - 1] += 1
chance = np.outer(table.sum(1), table.sum(0)) / table.sum()
i, j = np.indices((5, 5))
for name, weight in [("unweighted", i != j), ("linear", abs(i - j)), ("quadratic", (i - j) ** 2)]:
    print("kappa", name, 1 - np.sum(weight * table) / np.sum(weight * chance))
