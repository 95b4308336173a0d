"""What a check on a GPU needs, in one file that another machine can run: programs, their libraries, fixtures, a model.

The other machine has the driver, CUDA's libraries, cuDNN, and a C library at least as new as this one's; it needs no
compiler, no GTK and no network. Programs find their libraries by LD_LIBRARY_PATH, which get_environment() makes.
"""
import glob
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Of the names of tests.
GPU_CASE = re.compile("/(cudnn|device)")
ARCHIVE, CONTENTS = "gpu-check.tar.xz", "contents.json"
MODULE = "librunet-cudnn.so"
# On the other machine in any case: the C library and compiler's run time, the driver, CUDA.
THERE = re.compile(r"^(ld-linux|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)\.so|lib(cuda|cudart|cudnn|nv|cublas|nccl))")
# What CUDA's libraries are called where there is no toolkit: PyTorch's packages bring them.
CUDA_NAMES = ("libcudart.so.*", "libcudnn.so.*", "libcublas.so.*", "libnvrtc.so.*", "libnccl.so.*", "libcuda.so.*")


class Failed(Exception):
    """One line for the person who asked."""


def run(command, **more):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, **more).stdout
    except FileNotFoundError as error:
        raise Failed(f"{command[0]}: not found") from error
    except subprocess.CalledProcessError as error:
        lines = (error.stdout + error.stderr).strip().splitlines() or [f"exit code {error.returncode}"]
        telling = [line for line in lines if "ERROR" in line or "error:" in line]
        raise Failed(f"{' '.join(command[:4])}: {(telling or lines[-1:])[0]}") from error


def build(folder):
    """Without GTK; what is there is built again where it is out of date."""
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        print(f"gpu-check: setting up {folder}", file=sys.stderr)
        run(["meson", "setup", folder, ROOT, "-Dgui=disabled", "-Dcudnn=enabled"])
    print(f"gpu-check: building in {folder}", file=sys.stderr)
    run(["ninja", "-C", folder])
    module = os.path.join(folder, "core", "nn", "cudnn", MODULE)
    if not os.path.exists(module):
        raise Failed(f"{folder}: expected {MODULE} in this build, found none (-Dcudnn=enabled makes it)")
    return module


def list_cases(program, environment):
    try:
        done = subprocess.run([program, "-l"], env=environment, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line for line in done.stdout.splitlines() if line.startswith("/")] if done.returncode == 0 else []


def stands_in(program):
    """Whether the program brings the device that only stands in for a GPU; others may only say how large it is to be."""
    with open(program, "rb") as file:
        return b"RUNET_STAND_IN_DEVICES" in file.read()


def list_tests(folder):
    """{name: path} of the test programs that have cases of the GPU. Those that the build runs with a stand-in for the device
    are wanted too: there it is the real one."""
    tests, seen = {}, set()
    for test in json.loads(run(["meson", "introspect", "--tests", folder])):
        program = os.path.abspath(test["cmd"][0])
        if not program.startswith(os.path.abspath(folder) + os.sep) or not os.access(program, os.X_OK):
            continue
        name = os.path.basename(program).removeprefix("test-")
        suites = {suite.split(":")[-1] for suite in test["suite"]}
        if name in tests or not suites & {"core", "gpu"} or ("RUNET_DEVICE_MODULE" not in test["env"] and program in seen):
            continue
        seen.add(program)
        has_cases = "gpu" in suites or any(map(GPU_CASE.search, list_cases(program, os.environ | test["env"])))
        if has_cases and not stands_in(program):
            tests[name] = program
    if not tests:
        raise Failed(f"{folder}: expected tests with the GPU's engine, found none")
    return tests


def list_libraries(programs):
    """Name: path of all that is not on every machine with a GPU."""
    libraries = {}
    for program in programs:
        for name, path in re.findall(r"^\s*(\S+) => (/\S+)", run(["ldd", program]), re.M):
            if not THERE.match(name):
                libraries[name] = path
    return libraries


def get_commit():
    try:
        changed = bool(run(["git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no"]).strip())
        return run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"]).strip() + ("+" if changed else "")
    except Failed:
        return None


def copy_without_symbols(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)
    shutil.copymode(source, target)
    if shutil.which("strip"):
        subprocess.run(["strip", "--strip-debug", target], capture_output=True, check=False)


def collect(build_folder, target):
    """Fills @target with all that a run needs."""
    module, tests = build(build_folder), list_tests(build_folder)
    runet = os.path.join(build_folder, "app", "runet")
    for name, path in list_libraries([runet, module, *tests.values()]).items():
        copy_without_symbols(path, os.path.join(target, "lib", name))
    for path in (runet, *tests.values()):
        copy_without_symbols(path, os.path.join(target, "bin", os.path.basename(path)))
    # Where the programs look for it, as from their build folder.
    copy_without_symbols(module, os.path.join(target, "core", "nn", "cudnn", MODULE))
    scripts = os.path.join(target, "bench")
    os.makedirs(scripts)
    for name in ("torch-gpu.py", "peer_network.py"):
        shutil.copy(os.path.join(HERE, name), scripts)
    shared = os.environ.get("RUNET_SHARED", os.path.join(ROOT, "..", "shared"))
    fixtures = os.path.join(target, "shared", "reference")
    os.makedirs(fixtures)
    for path in glob.glob(os.path.join(shared, "reference", "*.safetensors")):
        shutil.copy(path, fixtures)
    if not os.listdir(fixtures):
        raise Failed(f"{shared}/reference: expected PyTorch's fixtures, found none (RUNET_SHARED says where they are)")
    os.makedirs(os.path.join(target, "models"))
    for path in glob.glob(os.path.join(ROOT, "data", "models", "ru-net.safetensors")):
        shutil.copy(path, os.path.join(target, "models"))
    contents = {"commit": get_commit(), "glibc": platform.libc_ver()[1], "machine": platform.machine(),
                "tests": {name: os.path.basename(path) for name, path in tests.items()}}
    with open(os.path.join(target, CONTENTS), "w", encoding="utf-8") as file:
        json.dump(contents, file, indent=1)


def pack(build_folder, folder, work):
    """Writes @folder: one archive and the scripts that run it. @work: a folder for what is in between."""
    collect(build_folder, work)
    os.makedirs(folder, exist_ok=True)
    archive = os.path.join(folder, ARCHIVE)
    with tarfile.open(archive + ".part", "w:xz", preset=2) as tar:
        for name in sorted(os.listdir(work)):
            tar.add(os.path.join(work, name), name)
    os.replace(archive + ".part", archive)
    for name in ("gpu-check", "gpu_pack.py", "gpu_report.py"):
        shutil.copy(os.path.join(HERE, name), folder)
    return os.path.getsize(archive)


def unpack(folder, target):
    """The contents of a pack, unpacked into @target."""
    archive = os.path.join(folder, ARCHIVE)
    try:
        with tarfile.open(archive, "r:xz") as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(target, filter="tar")
            else:
                tar.extractall(target)
        return read_contents(target)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise Failed(f"{archive}: expected what gpu-check --pack makes, found: {error}") from error


def read_contents(target):
    with open(os.path.join(target, CONTENTS), encoding="utf-8") as file:
        contents = json.load(file)
    if contents["machine"] != platform.machine():
        raise Failed(f"expected a pack for {platform.machine()}, found one for {contents['machine']}")
    own = platform.libc_ver()[1]
    if [int(n) for n in own.split(".")] < [int(n) for n in contents["glibc"].split(".")]:
        raise Failed(f"expected glibc {contents['glibc']} or newer, found {own}: pack on a machine as old as this one")
    return contents


def list_cuda_folders():
    """Where CUDA's libraries may be, in the order of preference: the toolkit, PyTorch's packages, the driver."""
    folders = [os.path.join(os.environ.get("CUDA_HOME", "/usr/local/cuda"), "lib64")]
    for path in sys.path:
        folders += sorted(glob.glob(os.path.join(path, "nvidia", "*", "lib")))
    python = shutil.which("python3")
    if python is not None and os.path.realpath(python) != os.path.realpath(sys.executable):
        found = subprocess.run([python, "-c", "import sys; print('\\n'.join(sys.path))"], capture_output=True, text=True,
                               check=False).stdout.split("\n")
        folders += [lib for path in found if path for lib in sorted(glob.glob(os.path.join(path, "nvidia", "*", "lib")))]
    folders.append("/usr/local/nvidia/lib64")
    return [folder for folder in dict.fromkeys(folders)
            if any(glob.glob(os.path.join(folder, name)) for name in CUDA_NAMES)]


def get_environment(target):
    """Of the programs in @target."""
    own = os.environ
    paths = [os.path.join(target, "lib"), *list_cuda_folders(), *own.get("LD_LIBRARY_PATH", "").split(":")]
    return own | {
        "LD_LIBRARY_PATH": ":".join(path for path in paths if path),
        "RUNET": os.path.join(target, "bin", "runet"),
        "RUNET_SHARED": os.path.join(target, "shared"),
        "G_TEST_SRCDIR": target,
        "G_TEST_BUILDDIR": target,
        "G_DEBUG": "fatal-warnings",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": os.path.join(target, "cache"),
        "XDG_DATA_HOME": os.path.join(target, "data-home"),
    }


def write_launcher(target):
    """`runet` with its environment, for programs that must not have it themselves: PyTorch brings its own CUDA."""
    path = os.path.join(target, "runet")
    environment = get_environment(target)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n")
        for name in ("LD_LIBRARY_PATH", "LC_ALL", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            file.write(f"export {name}={shlex.quote(environment[name])}\n")
        file.write(f'exec {shlex.quote(environment["RUNET"])} "$@"\n')
    os.chmod(path, 0o755)
    return path
