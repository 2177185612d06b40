"""Writes optuna-pruners.json. Needs numpy, scipy and optuna: python generate_fixtures.py"""

import json
import pathlib
import warnings

import numpy as np
import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20)


PRUNERS = {
    "median": lambda: optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=2),
    "percentile 25": lambda: optuna.pruners.PercentilePruner(
        25.0, n_startup_trials=2, n_warmup_steps=3, interval_steps=3, n_min_trials=4
    ),
    "percentile 80": lambda: optuna.pruners.PercentilePruner(80.0, n_startup_trials=1),
    "threshold": lambda: optuna.pruners.ThresholdPruner(
        lower=0.2, upper=1.6, n_warmup_steps=2, interval_steps=2
    ),
    "wilcoxon": lambda: optuna.pruners.WilcoxonPruner(p_threshold=0.1, n_startup_steps=3),
}


def decisions(make, direction, curves):
    """The 1-based index of the report at which each trial is pruned; None: it completes."""
    study = optuna.create_study(direction=direction, pruner=make())
    stops = []
    for curve in curves:
        trial = study.ask()
        stop = None
        for i, (step, value) in enumerate(curve):
            trial.report(value, step)
            if trial.should_prune():
                stop = i + 1
                break
        stops.append(stop)
        if stop is None:
            study.tell(trial, float(np.mean([v for _, v in curve])))
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    return stops


def pruners():
    curves = []
    for _ in range(40):
        level = rng.normal(0.8, 0.25)
        steps = np.arange(1, 13)
        values = level + 0.6 / steps + rng.normal(0, 0.12, 12)
        if rng.random() < 0.3:  # some trials report every other step only
            steps, values = steps[::2], values[::2]
        curves.append([[int(s), round(float(v), 3)] for s, v in zip(steps, values)])
    stops = {
        f"{name}, {direction}": decisions(make, direction, curves)
        for name, make in PRUNERS.items()
        for direction in ("minimize", "maximize")
    }
    return {"optuna": optuna.__version__, "curves": curves, "stops": stops}


(HERE / "optuna-pruners.json").write_text(json.dumps(pruners()) + "\n")
