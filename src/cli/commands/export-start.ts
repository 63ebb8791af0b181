/**
 * How every exported Python script starts: its imports, and the folder that it lies in. ONNX Runtime for Python sends
 * telemetry as that for Node does.
 */
export const exampleStart = `import os
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before ONNX Runtime is imported

import numpy as np
import onnxruntime as ort

here = Path(__file__).parent`;
