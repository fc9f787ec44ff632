"""The same work by other means, timed in an environment of its own.

``PYTHON peers.py PEER WORK FILE`` prints one line of JSON: seconds, peak memory in MiB, figures,
and how much of the work was done (the seconds are for the whole, what was left out reckoned in).
This file imports nothing of the project.
"""

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path

ITEMS = [f"q{k + 1}" for k in range(60)]
BANNERS = [f"b{k + 1}" for k in range(10)]
PAIRS = len(ITEMS) * len(BANNERS)


def codes(file, columns):
    """Read columns as codes 0.. that lie side by side."""
    import numpy as np
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=columns)
    return {c: np.ascontiguousarray(table[c].to_numpy()) - 1 for c in columns}


def ready(file):
    """Rows sorted by PSU and coded, before the clock starts: the peers that add by hand."""
    import numpy as np
    import pyarrow.parquet as pq

    columns = codes(file, ["stratum", "psu", *BANNERS, *ITEMS])
    weight = pq.read_table(file, columns=["w"])["w"].to_numpy()
    order = np.argsort(columns["psu"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    psus = int(columns["psu"].max()) + 1
    stratum = np.zeros(psus, dtype=np.int64)
    stratum[columns["psu"]] = columns["stratum"]
    return columns, weight[order], psus, np.bincount(stratum).astype(float)


def errors(totals, sampled):
    """Shares and standard errors from totals by PSU, level and answer."""
    import numpy as np

    first = np.concatenate([[0], np.cumsum(sampled)[:-1]]).astype(int)
    size = totals.sum(axis=2)
    whole = totals.sum(axis=0)
    share = whole / size.sum(axis=0)[:, None]
    score = (totals - share * size[:, :, None]) / size.sum(axis=0)[:, None]
    score = score.reshape(len(score), -1)
    sums, squares = np.add.reduceat(score, first), np.add.reduceat(score * score, first)
    m = sampled[:, None]
    variance = (m / (m - 1) * (squares - sums * sums / m)).sum(axis=0)
    return share, np.sqrt(np.maximum(variance, 0)).reshape(share.shape)


def bincount_shares(file):
    """NumPy: one bincount per item and banner; standard errors only."""
    import numpy as np

    columns, weight, psus, sampled = ready(file)
    start = time.perf_counter()
    for item in ITEMS:
        for banner in BANNERS:
            levels = int(columns[banner].max()) + 1
            cell = (columns["psu"].astype(np.int64) * levels + columns[banner]) * 5 + columns[item]
            totals = np.bincount(cell, weight, psus * levels * 5).reshape(psus, levels, 5)
            _, error = errors(totals, sampled)
            if item == ITEMS[0]:
                figures = error[:, 0].tolist()
    return time.perf_counter() - start, figures, "all 600 pairs, rows sorted and coded before"


def numba_shares(file):
    """A bare numba kernel on all threads, an item in all banners; standard errors only."""
    import numba
    import numpy as np

    columns, weight, psus, sampled = ready(file)
    start = np.concatenate([np.searchsorted(columns["psu"], np.arange(psus)), [len(weight)]])
    levels = [int(columns[b].max()) + 1 for b in BANNERS]
    before = np.concatenate([[0], np.cumsum(levels)[:-1]])
    cell = np.stack([columns[b] + before[k] for k, b in enumerate(BANNERS)], axis=1)
    cell = np.ascontiguousarray(cell.astype(np.int16))
    answers = np.stack([columns[item] for item in ITEMS])
    of_stratum = np.concatenate([[0], np.cumsum(sampled)]).astype(np.int64)

    @numba.njit(parallel=True)
    def kernel(start, cell, answers, weight, of_stratum, cells, error):
        for i in numba.prange(answers.shape[0]):
            totals = np.zeros((start.size - 1, cells, 5))
            for p in range(start.size - 1):
                for r in range(start[p], start[p + 1]):
                    for j in range(cell.shape[1]):
                        totals[p, cell[r, j], answers[i, r]] += weight[r]
            whole = totals.sum(axis=0)
            size = whole.sum(axis=1)
            for h in range(of_stratum.size - 1):
                m = of_stratum[h + 1] - of_stratum[h]
                one, two = np.zeros((cells, 5)), np.zeros((cells, 5))
                for p in range(of_stratum[h], of_stratum[h + 1]):
                    for c in range(cells):
                        n = totals[p, c].sum()
                        for k in range(5):
                            z = (totals[p, c, k] - whole[c, k] / size[c] * n) / size[c]
                            one[c, k] += z
                            two[c, k] += z * z
                error[i] += m / (m - 1) * (two - one * one / m)

    error = np.zeros((len(ITEMS), sum(levels), 5))
    kernel(start, cell, answers[:2], weight, of_stratum, sum(levels), error)
    error[:] = 0
    begin = time.perf_counter()
    kernel(start, cell, answers, weight, of_stratum, sum(levels), error)
    seconds = time.perf_counter() - begin
    figures = np.sqrt(error[0, before[-1] :, 0]).tolist()
    return seconds, figures, "all 600 pairs, compiled, sorted and coded before"


def svy_sample(file, columns):
    import polars
    import svy

    rows = polars.read_parquet(file, columns=["stratum", "psu", "w", *columns])
    return svy.Sample(data=rows, design=svy.Design(stratum="stratum", psu="psu", wgt="w"))


def svy_shares(file):
    """Svy: one call per item and banner."""
    sample = svy_sample(file, ["q1", "q2", "b1", "b10"])
    start = time.perf_counter()
    for item in ("q1", "q2"):
        sample.estimation.prop(y=item, by="b1")
        found = sample.estimation.prop(y=item, by="b10")
        if item == "q1":
            figures = found
    seconds = (time.perf_counter() - start) / 4 * PAIRS
    return seconds, svy_errors(figures), "4 of 600 pairs"


def svy_errors(found):
    rows = [e for e in found.estimates if str(e.y_level) in ("1", "1.0")]

    def level(e):
        return int(float(e.by_level[0] if isinstance(e.by_level, tuple) else e.by_level))

    return [e.se for e in sorted(rows, key=level)]


def svy_raking(file):
    """Svy: raking to six margins, tolerance 1e-6."""
    import polars
    import svy

    counts = json.loads(Path(file).with_suffix(".json").read_text(encoding="utf-8"))
    rows = polars.read_parquet(file, columns=["stratum", "psu", "w", *counts])
    sample = svy.Sample(data=rows, design=svy.Design(stratum="stratum", psu="psu", wgt="w"))
    controls = {name: {int(k): v for k, v in of.items()} for name, of in counts.items()}
    start = time.perf_counter()
    found = sample.weighting.rake(controls=controls, tol=1e-6)
    seconds = time.perf_counter() - start
    return seconds, found.data["rk_wgt"][:5].to_list(), "whole"


def svy_bootstrap(file):
    """Svy: 500 bootstrap weights and means of 3 items."""
    sample = svy_sample(file, ITEMS[:3])
    start = time.perf_counter()
    sample = sample.weighting.create_bs_wgts(n_reps=50, rstate=1)
    found = sample.estimation.mean(y=ITEMS[:3], method="replication")
    seconds = (time.perf_counter() - start) * 10
    values = [one.estimates[0].est for one in found] if isinstance(found, list) else []
    return seconds, values, "50 of 500 replicates, 3 of 60 means"


def svy_crosstab(file):
    """Svy: one table with Rao and Scott's test."""
    sample = svy_sample(file, ["q1", "b8"])
    start = time.perf_counter()
    sample.categorical.tabulate("q1", "b8")
    return time.perf_counter() - start, [], "whole"


def samplics_shares(file):
    """Samplics: one call per item and banner."""
    import pandas as pd
    from samplics import TaylorEstimator
    from samplics.utils.types import PopParam

    rows = pd.read_parquet(file, columns=["stratum", "psu", "w", "q1", "b1"])
    start = time.perf_counter()
    TaylorEstimator(PopParam.prop).estimate(
        y=rows["q1"], samp_weight=rows["w"], stratum=rows["stratum"], psu=rows["psu"],
        domain=rows["b1"],
    )  # fmt: skip
    return (time.perf_counter() - start) * PAIRS, [], "1 of 600 pairs"


def ipfn_raking(file):
    """Ipfn: raking of the table of the six variables, then back to the rows."""
    import pandas as pd
    from ipfn import ipfn

    counts = json.loads(Path(file).with_suffix(".json").read_text(encoding="utf-8"))
    names = list(counts)
    rows = pd.read_parquet(file, columns=["w", *names])
    start = time.perf_counter()
    cells = rows.groupby(names, observed=True)["w"].sum().reset_index(name="total")
    margins = [
        pd.Series(of.values(), index=pd.Index([int(k) for k in of], name=name))
        for name, of in counts.items()
    ]
    before = cells["total"].to_numpy(copy=True)
    made = ipfn.ipfn(
        cells, margins, [[name] for name in names], convergence_rate=1e-6, max_iteration=100
    ).iteration()
    merged = made.merge(cells[names].assign(before=before), on=names)
    merged["factor"] = merged["total"] / merged["before"]
    factor = rows.merge(merged[[*names, "factor"]], on=names, how="left")["factor"]
    weight = factor.to_numpy() * rows["w"].to_numpy()
    return time.perf_counter() - start, weight[:5].tolist(), "whole"


def numpy_raking(file):
    """NumPy: the cells of the six variables are raked, then every row takes its cell's factor."""
    import numpy as np
    import pyarrow.parquet as pq

    counts = json.loads(Path(file).with_suffix(".json").read_text(encoding="utf-8"))
    columns = list(codes(file, list(counts)).values())
    wanted = [np.array(list(of.values())) for of in counts.values()]
    weight = pq.read_table(file, columns=["w"])["w"].to_numpy()
    start = time.perf_counter()
    cell = np.zeros(len(weight), dtype=np.int64)
    for column, of in zip(columns, wanted, strict=True):
        cell = cell * len(of) + column
    shape = tuple(len(of) for of in wanted)
    table = np.bincount(cell, weight, int(np.prod(shape))).reshape(shape)
    raked = table.copy()
    for _ in range(100):
        gap = 0.0
        for axis, of in enumerate(wanted):
            factor = of / raked.sum(axis=tuple(k for k in range(len(shape)) if k != axis))
            gap = max(gap, abs(factor - 1).max())
            raked *= factor.reshape([-1 if k == axis else 1 for k in range(len(shape))])
        if gap < 1e-6:
            break
    factor = np.divide(raked, table, out=np.zeros(shape), where=table > 0).reshape(-1)
    made = weight * factor[cell]
    return time.perf_counter() - start, made[:5].tolist(), "whole, coded before"


def numpy_bootstrap(file):
    """NumPy: multipliers of PSUs drawn by hand, totals of PSUs, one matrix product."""
    import numpy as np

    columns, weight, psus, sampled = ready(file)
    start = time.perf_counter()
    draw = np.random.default_rng(1)
    drawn = [
        draw.multinomial(int(m) - 1, np.full(int(m), 1 / m), 500) * m / (m - 1) for m in sampled
    ]
    factors = np.concatenate([one.T for one in drawn])
    below = np.bincount(columns["psu"], weight, psus)
    above = [np.bincount(columns["psu"], weight * (columns[i] + 1), psus) for i in ITEMS]
    means = (np.stack(above) @ factors) / (below @ factors)
    value = np.stack(above).sum(axis=1) / below.sum()
    np.sqrt(((means - value[:, None]) ** 2).mean(axis=1))
    return time.perf_counter() - start, value[:5].tolist(), "whole, sorted and coded before"


PEERS = {
    ("numpy bincount", "shares"): (bincount_shares, ("numpy", "pyarrow")),
    ("numba kernel", "shares"): (numba_shares, ("numba", "pyarrow")),
    ("svy", "shares"): (svy_shares, ("svy",)),
    ("samplics", "shares"): (samplics_shares, ("samplics",)),
    ("numpy by cells", "raking"): (numpy_raking, ("numpy", "pyarrow")),
    ("ipfn", "raking"): (ipfn_raking, ("ipfn",)),
    ("svy", "raking"): (svy_raking, ("svy",)),
    ("numpy by PSU", "bootstrap"): (numpy_bootstrap, ("numpy", "pyarrow")),
    ("svy", "bootstrap"): (svy_bootstrap, ("svy",)),
    ("svy", "crosstab"): (svy_crosstab, ("svy",)),
}


def main():
    peer, work, file = sys.argv[1:4]
    do, needs = PEERS[peer, work]
    absent = [name for name in needs if importlib.util.find_spec(name) is None]
    if absent:
        print(json.dumps({"absent": absent}))
        return
    seconds, figures, done = do(file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "figures": figures, "done": done}))


if __name__ == "__main__":
    main()
