"""QuCumber's neural density operator on counts of all Pauli settings: one JSON request on stdin, one line.

As many hidden and auxiliary units as qubits, 100 epochs of batches of 100, 10 steps of Gibbs sampling, Adadelta. It reads the same shots
one by one, and trains once.
"""

import importlib.metadata as metadata
import json
import sys
import time
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
torch.manual_seed(1)

from qucumber.nn_states import DensityMatrix  # noqa: E402

EPOCHS = 100

request = json.load(sys.stdin)
qubits, settings = request["qubits"], request["settings"]
counts = np.array(request["counts"]).reshape(len(settings), 2**qubits).astype(int)
rows = [
    ([(outcome >> (qubits - 1 - q)) & 1 for q in range(qubits)], list(name))
    for name, own in zip(settings, counts)
    for outcome, count in enumerate(own)
    for _ in range(count)
]
data = torch.tensor([bits for bits, _ in rows], dtype=torch.double)
bases = np.array([letters for _, letters in rows])

start = time.process_time()
state = DensityMatrix(num_visible=qubits, num_hidden=qubits, num_aux=qubits, gpu=False)
state.fit(
    data,
    epochs=EPOCHS,
    pos_batch_size=100,
    neg_batch_size=100,
    lr=10,
    k=10,
    input_bases=bases,
    optimizer=torch.optim.Adadelta,
)
seconds = [time.process_time() - start]
rho = state.rho(state.generate_hilbert_space())
rho = (rho / torch.trace(rho[0])).detach().numpy()
answer = {"who": f"QuCumber {metadata.version('qucumber')}, DensityMatrix, {EPOCHS} epochs", "seconds": seconds}
print(json.dumps(answer | {"re": rho[0].ravel().tolist(), "im": rho[1].ravel().tolist()}))
