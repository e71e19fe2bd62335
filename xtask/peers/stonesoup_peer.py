"""Stone Soup over a scene's plots: global nearest neighbour by two-dimensional assignment, gated by a
KD-tree, constant-velocity Kalman filter. A JSON line a scan, then one with the CPU seconds.

Refuses: time for reading and writing. The clock runs while the tracker does.
"""

import datetime
import gzip
import json
import sys
import time
from importlib.metadata import version

import numpy as np
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.tree import DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

# As the scenes were made: acceleration noise, standard deviation of plots and of velocities.
Q, SD_M, SPEED_SD_MPS = 0.01, 50.0, 8.0
GATE_SD = 3.5
# A track starts with its third plot and ends after so many scans without one.
PLOTS_TO_START, SCANS_TO_END = 3, int(sys.argv[2]) if len(sys.argv) > 2 else 3


class Nearest(DetectionKDTreeMixIn, GNNWith2DAssignment):
    """Assignment over what the tree says is near."""


def tracker(scans):
    start = datetime.datetime(2026, 1, 1)
    model = LinearGaussian(4, (0, 2), np.diag([SD_M**2, SD_M**2]))
    predictor = KalmanPredictor(
        CombinedLinearGaussianTransitionModel([ConstantVelocity(Q), ConstantVelocity(Q)])
    )
    updater = KalmanUpdater(model)
    hypothesiser = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=GATE_SD)

    def associator():
        return Nearest(hypothesiser, predictor, updater, number_of_neighbours=8,
                       max_distance=1_000.0)

    deleter = UpdateTimeStepsDeleter(SCANS_TO_END)
    prior = GaussianState([[0.0]] * 4, np.diag([0.0, SPEED_SD_MPS**2, 0.0, SPEED_SD_MPS**2]), start)
    initiator = MultiMeasurementInitiator(
        prior, deleter, associator(), updater, measurement_model=model, min_points=PLOTS_TO_START
    )

    def detections():
        for scan in scans:
            at = start + datetime.timedelta(seconds=scan["t"])
            yield at, {
                Detection([[x], [y]], timestamp=at, measurement_model=model)
                for x, y in scan["plots"]
            }

    return MultiTargetTracker(initiator, deleter, detections(), associator(), updater)


def main():
    with gzip.open(sys.argv[1], "rt", encoding="ascii") as file:
        scans = json.load(file)["scans"]
    numbers, lines = {}, []
    spent = time.process_time()
    for scan, (_, tracks) in enumerate(tracker(scans)):
        found = []
        for track in tracks:
            vector = track.state_vector
            number = numbers.setdefault(track.id, len(numbers) + 1)
            found.append([number, float(vector[0, 0]), float(vector[2, 0])])
        lines.append({"scan": scan, "tracks": sorted(found)})
    spent = time.process_time() - spent
    for line in lines:
        print(json.dumps(line))
    print(json.dumps({"tool": f"stonesoup {version('stonesoup')}", "cpu_s": spent}))


main()
