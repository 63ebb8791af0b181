"""The protocol, the environment and the clock that every peer shares.

A peer is a process that lives as long as the benchmark. It reads one JSON request a line on stdin and
answers each with one JSON line on stdout, so that the parent can time blocks of ours and of theirs in turn:

    {"workload": {"sites": 64, "hidden": 64, "batch": 64}, "threads": 1, "steps": 1000, "warmup": 100, "blocks": 5}

Optional: `variant` (a name from `variants`; without it the fastest in a short trial), `rows` in the workload (rows
of data held in memory, default 100 batches), `form` (what the names of the variants to choose from begin with),
`clock` ("processor" counts processor time, not the time on the wall), `blocks` (default 1), `warmup` (default 0, steps run before the clock
starts). The answer:

    {"seconds_per_step": [...one a block], "variant", "variants", "loss": of the last step, "import_seconds",
     "first_step_seconds": building, compiling and one step, "peak_rss_mb": of the process so far, "threads", "versions"}

or {"error": "..."}. Start a peer as `python made_torch.py --threads 2`, and import this module before the framework:
the numerical libraries read their thread counts from the environment while they load.
"""

import gc
import json
import os
import sys
import time
import traceback

_STARTED = time.perf_counter()


def _threads() -> int:
    """Threads of this process: `--threads n`, else the number of cores it is pinned to."""
    if "--threads" in sys.argv:
        return int(sys.argv[sys.argv.index("--threads") + 1])
    return len(os.sched_getaffinity(0))


THREADS = _threads()
"""The thread count that the libraries see while loading; PyTorch can change it later, JAX cannot."""


def _set_environment() -> None:
    # Forced processor types and cache sizes would make a peer slower than it is on a user's machine.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"):
        os.environ[name] = str(THREADS)
    os.environ["JAX_PLATFORMS"] = "cpu"
    # The plain schedule is never slower here and nearly halves the GRU's single step. Flags already set are kept.
    flags = "--xla_cpu_enable_concurrency_optimized_scheduler=false"
    if THREADS == 1:
        flags += " --xla_cpu_multi_thread_eigen=false"
    os.environ.setdefault("XLA_FLAGS", flags)


_set_environment()


def peak_rss_mb() -> float:
    """High-water mark of resident memory; `ru_maxrss` would also count the process that started this one."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


class _Session:
    """Built workloads, kept between requests so that a later block continues the same training."""

    def __init__(self, build, variants, set_threads):
        self.build = build
        self.variants = variants
        self.set_threads = set_threads
        self.runners = {}
        self.fastest = {}

    def runner(self, workload, variant, threads):
        """`(run, first_step_seconds)` where `run(steps)` trains and returns the last loss once all is computed."""
        key = (json.dumps(workload, sort_keys=True), variant, threads)
        if key not in self.runners:
            start = time.perf_counter()
            run = self.build(workload, variant)
            run(1)
            self.runners[key] = (run, time.perf_counter() - start)
        return self.runners[key]

    def choose(self, workload, threads, form, clock):
        """The fastest variant: best of 5 interleaved blocks of about 0.2 s each."""
        key = (json.dumps(workload, sort_keys=True), threads, form)
        if key not in self.fastest:
            names = [variant for variant in self.variants if variant.startswith(form)]
            runs = {variant: self.runner(workload, variant, threads)[0] for variant in names}
            steps, best = {}, {}
            for variant, run in runs.items():
                # A step of a second says enough by itself.
                best[variant] = time_steps(run, 1, clock)[0]
                if best[variant] > 1:
                    continue
                run(4)
                steps[variant] = max(1, round(0.2 / time_steps(run, 5, clock)[0]))
            for _ in range(5):
                for variant, count in steps.items():
                    best[variant] = min(best[variant], time_steps(runs[variant], count, clock)[0])
            self.fastest[key] = min(best, key=best.get)
        return self.fastest[key]

    def answer(self, request):
        workload = request["workload"]
        threads = request.get("threads", THREADS)
        clock = time.process_time if request.get("clock") == "processor" else time.perf_counter
        self.set_threads(threads)
        variant = request.get("variant") or self.choose(workload, threads, request.get("form", ""), clock)
        if variant not in self.variants:
            raise ValueError(f"no variant {variant}; there are {', '.join(self.variants)}")
        run, first = self.runner(workload, variant, threads)
        if request.get("warmup", 0) > 0:
            run(request["warmup"])
        blocks = [time_steps(run, request["steps"], clock) for _ in range(request.get("blocks", 1))]
        return {
            "seconds_per_step": [seconds for seconds, _ in blocks],
            "variant": variant,
            "variants": self.variants,
            "loss": blocks[-1][1],
            "first_step_seconds": first,
            "peak_rss_mb": peak_rss_mb(),
            "threads": threads,
        }


def time_steps(run, steps, clock=time.perf_counter):
    """`(seconds a step, last loss)` of one block, garbage collection held off as in `timeit`."""
    gc.collect()
    gc.disable()
    start = clock()
    loss = run(steps)
    seconds = clock() - start
    gc.enable()
    return seconds / steps, loss


def fixed_threads(threads: int) -> None:
    """For a framework that fixes its threads while loading: refuses another count."""
    if threads != THREADS:
        raise ValueError(f"this process runs on {THREADS} threads; start another with --threads {threads}")


def serve(build, variants, set_threads, versions) -> None:
    """Answers requests until stdin closes.

    `build(workload, variant)` returns `run(steps) -> loss`; `set_threads(n)` is called before each request.
    """
    imported = time.perf_counter() - _STARTED
    # Whatever a library prints goes to stderr; stdout carries answers only.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    session = _Session(build, variants, set_threads)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            answer = session.answer(json.loads(line))
            answer |= {"import_seconds": imported, "versions": versions}
        except Exception as error:  # the protocol carries it to the parent, which decides
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
