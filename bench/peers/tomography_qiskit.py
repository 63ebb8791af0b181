"""Qiskit Experiments' fitters of states, on counts of all Pauli settings: one JSON request on stdin, a line for each fitter.

`linear_inversion` gives a matrix that may be no state; `cvxpy_linear_lstsq` and `cvxpy_gaussian_lstsq` are constrained least squares.
"""

import importlib.metadata as metadata
import json
import sys
import time

import numpy as np
from qiskit_experiments.library.tomography import fitters
from qiskit_experiments.library.tomography.basis import PauliMeasurementBasis

request = json.load(sys.stdin)
qubits, settings = request["qubits"], request["settings"]
size = 2**qubits
# Qiskit's qubit 0 is the last here: outcomes keep their index, and letters are read from the right.
outcomes = np.array(request["counts"]).reshape(1, len(settings), size).astype(int)
shots = outcomes[0].sum(-1)
measured = np.array([["ZXY".index(letter) for letter in reversed(name)] for name in settings])
prepared = np.zeros((len(settings), 0), dtype=int)
version = metadata.version("qiskit-experiments")

for name in ("linear_inversion", "cvxpy_linear_lstsq", "cvxpy_gaussian_lstsq"):
    fitter = getattr(fitters, name)
    options = {"measurement_basis": PauliMeasurementBasis(), "measurement_qubits": tuple(range(qubits))}
    # Bases keep matrices that they have made: the first fit is not counted.
    fitter(outcomes, shots, measured, prepared, **options)
    seconds = []
    for _ in range(request["rounds"]):
        start = time.process_time()
        rho, _ = fitter(outcomes, shots, measured, prepared, **options)
        seconds.append(time.process_time() - start)
    rho = np.asarray(rho).reshape(size, size)
    answer = {"who": f"Qiskit Experiments {version}, {name}", "seconds": seconds}
    print(json.dumps(answer | {"re": rho.real.ravel().tolist(), "im": rho.imag.ravel().tolist()}))
