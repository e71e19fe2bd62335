"""How far each tracker's picture of a scene is from the truth: GOSPA (c = 300 m, p = 2, alpha = 2)
over scans 5 to 59, here and by Stone Soup's own metric, which must agree.

Called with the scene and, for each tracker, a file of JSON lines {"scan", "tracks": [[id, x, y]]}.
"""

import datetime
import gzip
import json
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment
from stonesoup.metricgenerator.ospametric import GOSPAMetric
from stonesoup.types.state import State

CUT_M, FIRST, LAST = 300.0, 5, 59


def gospa(truth, tracks):
    """Of one scan, with its parts: mean square error of pairs, missed, false."""
    near = np.minimum(((truth[:, None] - tracks[None]) ** 2).sum(axis=2), CUT_M**2)
    rows, columns = linear_sum_assignment(near)
    pairs = near[rows, columns]
    pairs = pairs[pairs < CUT_M**2]
    missed, false = len(truth) - len(pairs), len(tracks) - len(pairs)
    return {
        "gospa_m": np.sqrt(pairs.sum() + CUT_M**2 / 2 * (missed + false)),
        "missed": missed,
        "false": false,
        "rms_m": np.sqrt(pairs.mean()) if len(pairs) else 0.0,
    }


def theirs(truth, tracks):
    at = datetime.datetime(2026, 1, 1)
    states = [[State([[x], [y]], timestamp=at) for x, y in points] for points in (tracks, truth)]
    metric = GOSPAMetric(c=CUT_M, p=2)
    value = metric.compute_gospa_metric(*states)[0].value
    return value["distance"]


def judge(scene, path):
    with open(path, encoding="ascii") as file:
        scans = [json.loads(line) for line in file]
    tracks = {scan["scan"]: scan["tracks"] for scan in scans if "scan" in scan}
    each, checked, numbers, switches = [], [], {}, 0
    for scan in range(FIRST, LAST + 1):
        truth = np.array([[ship[1], ship[3]] for ship in scene["truth"][scan]]).reshape(-1, 2)
        found = np.array([track[1:] for track in tracks[scan]]).reshape(-1, 2)
        each.append(gospa(truth, found))
        checked.append(theirs(truth, found))
        near = ((truth[:, None] - found[None]) ** 2).sum(axis=2)
        for row, column in zip(*linear_sum_assignment(np.minimum(near, CUT_M**2))):
            if near[row, column] < CUT_M**2:
                ship, number = scene["truth"][scan][row][0], tracks[scan][column][0]
                switches += numbers.get(ship, number) != number
                numbers[ship] = number
    mean = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
    mean["stonesoup_gospa_m"] = float(np.mean(checked))
    return mean | {"switches": switches}


def main():
    with gzip.open(sys.argv[1], "rt", encoding="ascii") as file:
        scene = json.load(file)
    print(json.dumps({"tool": "referee", "figures": [judge(scene, path) for path in sys.argv[2:]]}))


main()
