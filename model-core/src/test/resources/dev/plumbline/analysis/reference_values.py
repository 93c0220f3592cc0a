"""Independent values for the tests of dev.plumbline.analysis: python reference_values.py

Needs NumPy and SciPy. The data are small enough to be typed into the tests.
"""
import math

import numpy as np
from scipy import stats

KL = np.array([0.0, 0.09, 0.25, 0.36, 0.81, 1.0, 1.44, 1.96, 2.25, 2.89])
REWARD = np.array([0.02, 0.21, 0.47, 0.44, 0.78, 0.86, 0.93, 1.22, 1.18, 1.41])

x = np.sqrt(KL)
fit = stats.linregress(x, REWARD)
residuals = REWARD - (fit.intercept + fit.slope * x)
n = len(x)
t = stats.t.ppf(0.975, n - 2)
s = math.sqrt(np.sum(residuals**2) / (n - 2))
at = 2.0
half = t * s * math.sqrt(1 + 1 / n + (at - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2))
print("slope", fit.slope, "intercept", fit.intercept, "se", fit.stderr, "r2", fit.rvalue**2)
print("naive", fit.slope - t * fit.stderr, fit.slope + t * fit.stderr)
print("durbin-watson", np.sum(np.diff(residuals) ** 2) / np.sum(residuals**2))
print("residual deviation", s)
print("prediction at 2", fit.intercept + 2 * fit.slope - half, fit.intercept + 2 * fit.slope + half)

for successes, trials in [(0, 10), (81, 263), (15, 148), (29, 29), (1, 2310)]:
    interval = stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    print("wilson", successes, trials, interval.low, interval.high)

slopes = np.array([0.79, 0.81, 0.74])
interval = stats.t.interval(0.95, 2, slopes.mean(), stats.sem(slopes))
print("t interval", slopes.mean(), interval)
print("t quantiles", stats.t.ppf(0.975, 1), stats.t.ppf(0.975, 8), stats.norm.ppf(0.975))
print("quantile", np.quantile([3.0, 1.0, 4.0, 1.5, 9.0], 0.3))

rho = 0.6
noise = np.zeros(200)
for i in range(1, 200):
    noise[i] = rho * noise[i - 1] + math.sin(12.9898 * i) * 0.5
noise -= noise.mean()
lag = np.sum(noise[1:] * noise[:-1]) / np.sum(noise**2)
print("block length", lag, math.ceil((6 * lag**2 / (1 - lag**2) ** 2 * 200) ** (1 / 3)))
