#!/usr/bin/env python3
"""Runs the ways of PyTorch and `runet bench --engine cudnn` in turn on a GPU: lines of JSON, the last of a case its summary.

    torch-gpu.py --runet build/app/runet [--case latency-1] [--precision bfloat16] [--network ru-net] [--seconds 200]
    torch-gpu.py --check FIXTURE --network ru-net     the network of the peers against a fixture, on the processor

Latency and throughput are of a forward pass, once with the host's copies (the image to the GPU, all softmax maps and
regions back, in pinned memory) and once without; train is a step with data on the GPU: forward, Dice loss, backward,
fused Adam. Half precision is, forward, of half weights, which is faster than autocast, and in training autocast over
float32 weights. A peer's median is that of groups of runs; a group of batch 32 waits for the GPU once in its eight runs,
while ours waits in each. A ratio is the peer's time by ours of the same round; the summary has the median. What fails,
takes too long or finds no time is listed as absent, with why. Exit code 0, also without PyTorch: then only ours is timed;
1 when ours cannot run.
"""
import argparse
import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import time
from statistics import median

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 256
WARM_UP = 5
# Before each measurement: a GPU that was idle takes a while to be at its clock.
WARM_UP_S = 0.3

# Name: (what, batch, runs of a group, groups of a round, runs of ours in a round).
CASES = {
    "latency-1": ("forward", 1, 1, 100, 200),
    "throughput-32": ("forward", 32, 8, 5, 30),
    "train-32": ("train", 32, 8, 4, 30),
}
PRECISIONS = ("tf32", "bfloat16", "float16", "float32")

# Name: (channels last, mode of torch.compile, captured as one CUDA graph, autocast forward), those first that are
# likely to be best or are soon made.
WAYS = {
    "graph-nhwc": (True, None, True, False),
    "compiled-graph": (True, "default", True, False),
    "eager": (False, None, False, False),
    "eager-nhwc": (True, None, False, False),
    "reduce-overhead": (True, "reduce-overhead", False, False),
    "graph": (False, None, True, False),
    "max-autotune": (True, "max-autotune", False, False),
    "compiled": (True, "default", False, False),
    "graph-autocast": (True, None, True, True),
    "compiled-nchw": (False, "reduce-overhead", False, False),
}


class TooLong(Exception):
    """Raised by the alarm, in the middle of whatever runs."""


def parse_arguments():
    parser = argparse.ArgumentParser(description="Times PyTorch's ways and this program in turn on a GPU.")
    parser.add_argument("--runet", metavar="PATH", help="this program; without it only PyTorch is timed")
    parser.add_argument("--case", choices=tuple(CASES), action="append", help="may be repeated (all)")
    parser.add_argument("--precision", choices=PRECISIONS, action="append", help="may be repeated (tf32, bfloat16)")
    parser.add_argument("--network", choices=("unet1", "ru-net"), default="ru-net")
    parser.add_argument("--way", choices=tuple(WAYS), action="append", help="may be repeated (all)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="turns (3)")
    parser.add_argument("--seconds", type=float, default=300, metavar="S", help="for all that is asked for, about (300)")
    parser.add_argument("--check", metavar="FIXTURE", help="compare the network with a fixture instead")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.seconds <= 0:
        parser.error("expected --rounds from 1 on and --seconds above 0")
    return arguments


@contextlib.contextmanager
def limited(seconds):
    def raise_too_long(_signal, _frame):
        raise TooLong(f"took more than {seconds:.0f} s")
    before = signal.signal(signal.SIGALRM, raise_too_long)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def get_line(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def say(**members):
    print(json.dumps(members), flush=True)


class Ours:
    """`runet bench` on the GPU; a run of the program a round."""

    def __init__(self, path, network, case, precision):
        what, batch, _, _, rounds = CASES[case]
        self.command = [path, "bench", "--engine", "cudnn", "--precision", precision, "--architecture", network, "--batch",
                        str(batch), "--rounds", str(rounds), "--json"] + ["--train"] * (what == "train")

    def measure(self):
        """Milliseconds an image with the host's copies, and without where the program knows."""
        done = subprocess.run(self.command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")
        result = json.loads(done.stdout)
        if result["engine"] != "cudnn":
            raise RuntimeError(f"expected the engine cudnn, found {result['engine']}")
        return {"copies": result["median_ms_per_image"], "device": result.get("device_ms_per_image")}


class Way:
    """PyTorch's network, ready to be timed in one way: .runs has a function a measure."""

    def __init__(self, torch, name, network, case, precision, seconds):
        self.torch, self.name = torch, name
        self.what, self.batch, self.group, self.groups, _ = CASES[case]
        self.nhwc, self.mode, self.captured, self.autocast = WAYS[name]
        self.half = {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(precision)
        allowed = precision not in ("float32",)
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed
        torch.backends.cudnn.benchmark = True
        with limited(seconds):
            self.prepare(network)
            for run in self.runs.values():
                for _ in range(WARM_UP):
                    run()
            torch.cuda.synchronize()

    def prepare(self, network):
        from peer_network import STAGES, Staged
        self.torch.manual_seed(1)
        model = Staged(STAGES[network]).cuda()
        if self.nhwc:
            model = model.to(memory_format=self.torch.channels_last)
        self.runs = self.prepare_training(model) if self.what == "train" else self.prepare_forward(model)

    def compile(self, function):
        return function if self.mode is None else self.torch.compile(function, mode=self.mode)

    def compute(self):
        """Half precision where weights stay in float32. Casts are made again in each run, so that a graph has them."""
        wanted = self.half is not None and (self.what == "train" or self.autocast)
        return self.torch.autocast("cuda", dtype=self.half or self.torch.float16, enabled=wanted,
                                   cache_enabled=not self.captured)

    def capture(self, run):
        """@run as one CUDA graph, after runs on another stream that let libraries choose and allocate."""
        torch, side = self.torch, self.torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                run()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            kept = run()
        # What the graph writes lives as long as it does.
        return lambda: (graph.replay(), kept)[1]

    def prepare_forward(self, model):
        torch = self.torch
        if self.half is not None and not self.autocast:
            model = model.to(self.half)
        model = model.eval()
        image = torch.rand(self.batch, 1, SIDE, SIDE).pin_memory()
        on_device = image.cuda()
        net = self.compile(model)
        begins_graph = self.mode in ("reduce-overhead", "max-autotune")

        def forward():
            if begins_graph:
                torch.compiler.cudagraph_mark_step_begin()
            with torch.no_grad(), self.compute():
                return net(on_device)
        host = [torch.empty(value.shape, pin_memory=True) for value in forward()]

        def with_copies():
            on_device.copy_(image, non_blocking=True)
            for there, value in zip(host, forward()):
                there.copy_(value, non_blocking=True)
        if not self.captured:
            return {"copies": with_copies, "device": forward}
        replay = self.capture(forward)

        def with_copies_around():
            on_device.copy_(image, non_blocking=True)
            for there, value in zip(host, replay()):
                there.copy_(value, non_blocking=True)
        try:
            return {"copies": self.capture(with_copies), "device": replay}
        except RuntimeError:  # Where copies cannot be part of a graph.
            return {"copies": with_copies_around, "device": replay}

    def prepare_training(self, model):
        torch = self.torch
        from peer_network import get_one_hot
        labels = torch.arange(self.batch * SIDE * SIDE).reshape(self.batch, SIDE, SIDE) // (SIDE * SIDE // 4) % 4
        one_hot, images = get_one_hot(labels).cuda(), torch.rand(self.batch, 1, SIDE, SIDE, device="cuda")
        optimizer = torch.optim.Adam(model.parameters(), 1e-6, fused=True, capturable=self.captured)
        scaler = torch.amp.GradScaler("cuda", enabled=self.half == torch.float16)
        get_loss = self.compile(model.get_loss)

        def step():
            optimizer.zero_grad(set_to_none=True)
            with self.compute():
                loss = get_loss(images, one_hot)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        return {"device": self.capture(step) if self.captured else step}

    def measure(self):
        """Milliseconds an image of each measure: the median of this round's groups."""
        result = {}
        for measure, run in self.runs.items():
            times, warm = [], time.perf_counter() + WARM_UP_S
            while time.perf_counter() < warm:
                run()
                self.torch.cuda.synchronize()
            for _ in range(self.groups):
                start = time.perf_counter()
                for _ in range(self.group):
                    run()
                self.torch.cuda.synchronize()
                times.append((time.perf_counter() - start) / self.group)
            result[measure] = median(times) * 1e3 / self.batch
        return result


def import_torch(absent):
    """PyTorch where it sees a GPU, else None with the reason in @absent."""
    try:
        import torch
        if not torch.cuda.is_available():
            raise RuntimeError("torch sees no GPU")
        torch.zeros(1).cuda()
        return torch
    except Exception as error:  # A library's import may raise anything.
        absent["torch"] = get_line(error)
        return None


def prepare_ways(torch, arguments, case, precision, until, absent):
    """As many as are ready in time."""
    ways = []
    for name in arguments.way or WAYS:
        left = until - time.monotonic()
        if name == "graph-autocast" and (CASES[case][0] == "train" or precision not in ("bfloat16", "float16")):
            continue
        if left < 3:
            absent[f"torch {name}"] = "no time was left"
            continue
        start = time.monotonic()
        try:
            ways.append(Way(torch, name, arguments.network, case, precision, left))
            print(f"{case}, {precision}: torch {name} ready in {time.monotonic() - start:.1f} s", file=sys.stderr)
        except Exception as error:
            absent[f"torch {name}"] = get_line(error)
            print(f"{case}, {precision}: torch {name}: {get_line(error)}", file=sys.stderr)
            gc.collect()
    return ways


def take_rounds(arguments, ours, ways, until, absent):
    """{program: {measure: [milliseconds an image, one a round]}}; rounds end early when the time does."""
    times = {}
    for number in range(arguments.rounds):
        if number > 0 and time.monotonic() > until:
            break
        for program in [ours] * (ours is not None) + list(ways):
            name = "runet" if program is ours else program.name
            try:
                result = program.measure()
            except Exception as error:
                if program is ours:
                    raise
                absent[f"torch {name}"] = get_line(error)
                ways.remove(program)
                times.pop(name, None)
                continue
            for measure, value in result.items():
                if value is not None:
                    times.setdefault(name, {}).setdefault(measure, []).append(value)
    return times


def compare_case(torch, arguments, case, precision, seconds, absent):
    start = time.monotonic()
    ways = prepare_ways(torch, arguments, case, precision, start + 0.6 * seconds, absent) if torch is not None else []
    ours = Ours(arguments.runet, arguments.network, case, precision) if arguments.runet else None
    times = take_rounds(arguments, ours, ways, start + seconds, absent)
    common = {"case": case, "network": arguments.network, "batch": CASES[case][1], "what": CASES[case][0],
              "precision": precision}
    for name, measures in times.items():
        for measure, values in measures.items():
            say(**common, program="runet" if name == "runet" else "torch",
                version=None if name == "runet" else torch.__version__, way=None if name == "runet" else name,
                measure=measure, median_ms_per_image=median(values), rounds_ms_per_image=values)
    # Ours in a training step is with all that it does: in the host's eyes, as is the peers'.
    own = times.pop("runet", {})
    measures = ("device",) if common["what"] == "train" else ("copies", "device")
    for measure in measures:
        say(**common, summary=True, measure=measure, **summarise(times, own, measure, common["what"]), absent=absent)


def summarise(times, own, measure, what):
    mine = own.get("copies" if what == "train" else measure)
    peers = {name: measures[measure] for name, measures in times.items() if measure in measures}
    result = {"runet_ms_per_image": median(mine) if mine else None, "best_way": None, "best_ms_per_image": None,
              "ratio": None, "ratios": {}}
    if peers:
        best = min(peers, key=lambda name: median(peers[name]))
        result |= {"best_way": best, "best_ms_per_image": median(peers[best])}
        if mine:
            result["ratios"] = {name: median(a / b for a, b in zip(values, mine)) for name, values in peers.items()}
            result["ratio"] = result["ratios"][best]
    return result


def check(arguments):
    from peer_network import compare_with_fixture
    differences = compare_with_fixture(arguments.check, arguments.network)
    say(fixture=arguments.check, network=arguments.network, **differences)
    # The fixtures are float64's values kept as float32.
    return 0 if max(differences.values()) < 1e-5 else 1


def main():
    arguments = parse_arguments()
    sys.path.insert(0, HERE)
    if arguments.check:
        return check(arguments)
    cannot = {}
    torch = import_torch(cannot)
    wanted = [(case, precision) for case in arguments.case or CASES
              for precision in arguments.precision or ("tf32", "bfloat16")]
    start, failed = time.monotonic(), 0
    for done, (case, precision) in enumerate(wanted):
        seconds = (arguments.seconds - (time.monotonic() - start)) / (len(wanted) - done)
        try:
            compare_case(torch, arguments, case, precision, max(seconds, 5), dict(cannot))
        except (RuntimeError, OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
            print(f"torch-gpu.py: {case}, {precision}: {get_line(error)}", file=sys.stderr)
            say(case=case, precision=precision, failed=get_line(error), absent=cannot)
            failed = 1
        if torch is not None:
            torch._dynamo.reset()
            gc.collect()
            torch.cuda.empty_cache()
    return failed


if __name__ == "__main__":
    sys.exit(main())
