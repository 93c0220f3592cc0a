"""Known answers for CalibrationTest, DetectionTest, ScalingFitTest and ComparisonsTest.

Needs NumPy and SciPy 1.12 or later; prints each number that the tests hold.
"""

import numpy as np
import scipy.optimize as so
import scipy.stats as st
from scipy.optimize import isotonic_regression
p = np.array([0.05, 0.1, 0.2, 0.25, 0.3, 0.3, 0.45, 0.5, 0.6, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99])
y = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1])
n = len(p)

def bins(edges):
    b = np.searchsorted(edges[1:-1], p, side='left')
    return b

def stats(b, N):
    ece = mce = l2 = 0
    out = []
    for k in range(N):
        m = b == k
        if m.sum() == 0:
            out.append(None)
            continue
        nb = m.sum()
        g = abs(y[m].mean() - p[m].mean())
        ece += nb / n * g
        mce = max(mce, g)
        yb = y[m].mean()
        if nb > 1:
            l2 += nb / n * (g * g - yb * (1 - yb) / (nb - 1))
        out.append((int(nb), p[m].mean(), yb))
    return (ece, mce, l2, out)
for N in (5, 4):
    e = np.array([k / N for k in range(N + 1)])
    print('width', N, stats(bins(e), N))
    e = np.percentile(p, np.linspace(0, 1, N + 1) * 100)
    print('mass', N, e, stats(bins(e), N))
print('brier', ((p - y) ** 2).mean(), 'll', -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
z = np.log(p / (1 - p))
m = np.where(y == 1, z, -z)
s = so.brentq(lambda s: (m / (1 + np.exp(s * m))).sum(), -5, 50, xtol=1e-15, rtol=1e-15)
q = 1 / (1 + np.exp(s * m))
info = (m * m * q * (1 - q)).sum()
print('slope', repr(s), repr(1 / np.sqrt(info)))
g = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
G = 8
sc = np.array([(m * q)[g == k].sum() for k in range(G)])
print('cluster se', repr(np.sqrt(G / (G - 1) * (sc ** 2).sum()) / info))
u, inv = np.unique(p, return_inverse=True)
w = np.bincount(inv).astype(float)
yb = np.bincount(inv, y) / w
r = isotonic_regression(yb, weights=w)
x = r.x[inv]
b = ((p - y) ** 2).mean()
c = ((x - y) ** 2).mean()
u0 = y.mean() * (1 - y.mean())
print('corp', b - c, u0 - c, u0, np.unique(x))
i = np.array([0.1, 0.2, 0.2, 0.35, 0.4, 0.5, 0.5, 0.6])
o = np.array([0.2, 0.45, 0.5, 0.7, 0.8, 0.9])
A = np.mean([[1.0 * (a > b) + 0.5 * (a == b) for b in i] for a in o])
V10 = np.array([np.mean([1.0 * (a > b) + 0.5 * (a == b) for b in i]) for a in o])
V01 = np.array([np.mean([1.0 * (a > b) + 0.5 * (a == b) for a in o]) for b in i])
se = np.sqrt(V10.var(ddof=1) / len(o) + V01.var(ddof=1) / len(i))
zz = st.norm.ppf(0.975)
L = np.log(A / (1 - A))
h = zz * se / (A * (1 - A))
print('auc', repr(A), repr(se), 1 / (1 + np.exp(-(L - h))), 1 / (1 + np.exp(-(L + h))), st.mannwhitneyu(o, i).statistic / len(o) / len(i))
i2 = np.array([0.3, 0.1, 0.4, 0.2, 0.6, 0.1, 0.5, 0.7])
o2 = np.array([0.5, 0.4, 0.9, 0.3, 0.8, 0.6])
W10 = np.array([np.mean([1.0 * (a > b) + 0.5 * (a == b) for b in i2]) for a in o2])
W01 = np.array([np.mean([1.0 * (a > b) + 0.5 * (a == b) for a in o2]) for b in i2])
S = np.cov(V10, W10) / len(o) + np.cov(V01, W01) / len(i)
d = V10.mean() - W10.mean()
v = S[0, 0] + S[1, 1] - 2 * S[0, 1]
print('paired', V10.mean(), W10.mean(), repr(d), repr(np.sqrt(v)), 2 * st.norm.sf(abs(d) / np.sqrt(v)))
sc = np.r_[i, o]
lab = np.r_[np.zeros(len(i)), np.ones(len(o))]
ap = 0
pr = 0
for t in sorted(set(sc), reverse=True):
    tp = lab[sc >= t].sum()
    r_ = tp / len(o)
    ap += (r_ - pr) * tp / (sc >= t).sum()
    pr = r_
    print(t, tp, (sc >= t).sum() - tp)
print('ap', repr(ap))
P = np.array([1000000.0, 1000000.0, 1000000.0, 10000000.0, 10000000.0, 10000000.0, 100000000.0, 100000000.0])
D = np.array([1000.0, 10000.0, 80000.0, 1000.0, 10000.0, 80000.0, 1000.0, 80000.0])
acc = np.array([0.55, 0.58, 0.62, 0.575, 0.6, 0.645, 0.59, 0.66])
X = np.c_[np.ones(8), np.log(P), np.log(D)]
be, res, _, _ = np.linalg.lstsq(X, acc, rcond=None)
rs = acc - X @ be
s2 = rs @ rs / 5
C = np.linalg.inv(X.T @ X) * s2
t = st.t.ppf(0.975, 5)
print('scal', be.tolist(), np.sqrt(np.diag(C)).tolist(), 1 - rs @ rs / ((acc - acc.mean()) ** 2).sum(), t)
x0 = np.array([1, np.log(30000000.0), np.log(20000.0)])
print(x0 @ be, np.sqrt(x0 @ C @ x0))
print('mcn', st.binomtest(3, 13).pvalue, st.binom.pmf(3, 13, 0.5), st.binomtest(5, 10).pvalue)
print('plan', [np.ceil(((st.norm.ppf(1 - 0.05 / 2) / 2 + st.norm.ppf(0.8) * np.sqrt(q * (1 - q))) / (q - 0.5)) ** 2) for q in (0.55, 0.6, 0.52)])
nn = 199
q = 0.6
k = max([k for k in range(nn // 2) if 2 * st.binom.cdf(k, nn, 0.5) <= 0.05])
print(st.binom.cdf(k, nn, q) + st.binom.sf(nn - k - 1, nn, q))
a = np.array([1, 5, 2, 8, 3, 9, 4, 7, 6, 30.0])
print('iqm', st.trim_mean(a, 0.25))
print(st.trim_mean(np.arange(7) ** 2.0, 0.25))

def sc(m, n, A, z):
    V = lambda t: t * (1 - t) * (1 + ((m + n) / 2 - 1) * (1 - t) / (2 - t) + ((m + n) / 2 - 1) * t / (1 + t)) / (m * n)
    return so.brentq(lambda t: (A - t) ** 2 - z * z * V(t), 1e-09, 1 - 1e-09, xtol=1e-15)
print('sep', sc(10, 20, 1, zz), sc(5, 5, 1, zz))
print('bca', st.bootstrap((np.array([0.0, 1, 1, 0, 2, 5, 1, 3, 0, 1]),), np.mean, method='BCa', n_resamples=200000, rng=1).confidence_interval)
bb = st.binom(400, 0.3)
print('binomial', bb.ppf([0.025, 0.975]), [bb.cdf(120 + m) - bb.cdf(119 - m) for m in (20, 21)])
