"""The report of a check on a GPU: report.json with every figure, report.md for people, both rewritten after each step."""
import json
import os
import time

MARKS = {"passed": "passed", "failed": "**FAILED**", "absent": "absent", "not reached": "not reached"}


class Report:
    def __init__(self, folder, commit):
        self.folder = folder
        self.data = {"commit": commit, "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": {},
                     "steps": []}
        os.makedirs(folder, exist_ok=True)
        self.log_path = os.path.join(folder, "log.txt")
        open(self.log_path, "w", encoding="utf-8").close()

    def log(self, title, text):
        with open(self.log_path, "a", encoding="utf-8", errors="replace") as file:
            file.write(f"==== {title}\n{text.rstrip()}\n")

    def add(self, name, status, seconds, detail, **figures):
        self.data["steps"].append({"name": name, "status": status, "seconds": round(seconds, 1), "detail": detail, **figures})
        print(f"gpu-check: {name}: {status} ({seconds:.0f} s): {detail}", flush=True)
        self.write()

    def count(self, status):
        return sum(step["status"] == status for step in self.data["steps"])

    def write(self):
        for name, text in (("report.json", json.dumps(self.data, indent=1) + "\n"), ("report.md", self.format())):
            path = os.path.join(self.folder, name)
            with open(path + ".part", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".part", path)

    def format(self):
        data = self.data
        lines = ["# Check on a GPU", "", f"Commit {data['commit']}, begun {data['started']}.", ""]
        lines += [f"- {name}: {value}" for name, value in data["machine"].items()]
        lines += ["", f"{self.count('passed')} steps passed, {self.count('failed')} failed, "
                  f"{self.count('absent')} absent, {self.count('not reached')} not reached.", "",
                  "| step | | s | |", "|---|---|---|---|"]
        lines += [f"| {step['name']} | {MARKS[step['status']]} | {step['seconds']} | {clean(step['detail'])} |"
                  for step in data["steps"]]
        for make in (format_failures, format_bench, format_layers, format_peers, format_absent):
            lines += make(data["steps"])
        return "\n".join(lines) + "\n"


def clean(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def format_failures(steps):
    failures = [(step["name"], case) for step in steps for case in step.get("failures", [])]
    return ["", "## Failed cases", ""] + [f"- {name}: `{clean(case)}`" for name, case in failures] if failures else []


def get_number(value, digits=3):
    return "–" if value is None else f"{value:.{digits}f}"


def format_bench(steps):
    rows = [step["bench"] for step in steps if "bench" in step]
    if not rows:
        return []
    lines = ["", "## This program", "", "Shares are of the card's own measured matrix rate and bandwidth.", "",
             "| network | what | batch | precision | ms an image | without copies | images/s | TFLOP/s | of the matrix rate "
             "| GB/s | of the bandwidth |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        tera, giga = row.get("tflops"), row.get("gbytes_per_s")
        lines.append(
            f"| {row['architecture']} | {'train' if row['train'] else 'forward'} | {row['batch']} | {row.get('precision')} "
            f"| {get_number(row['median_ms_per_image'])} | {get_number(row.get('device_ms_per_image'))} "
            f"| {get_number(row['images_per_s'], 0)} | {get_number(tera, 1)} | {get_share(row, 'matrix_share')} "
            f"| {get_number(giga, 0)} | {get_share(row, 'bandwidth_share')} |")
    return lines


def get_share(row, name):
    return "–" if row.get(name) is None else f"{100 * row[name]:.0f} %"


def format_layers(steps):
    """The slowest layers of each run that has them."""
    rows = [step["bench"] for step in steps if step.get("bench", {}).get("layers")]
    if not rows:
        return []
    lines = []
    for row in rows:
        layers = sorted(row["layers"], key=lambda layer: -(layer["forward_ms"] + layer["backward_ms"]))[:12]
        lines += ["", f"### Slowest layers: {row['architecture']}, {'train' if row['train'] else 'forward'}, batch "
                  f"{row['batch']}, {row.get('precision')}", "", "| layer | how | ms | back ms | TFLOP/s |",
                  "|---|---|---|---|---|"]
        for layer in layers:
            rate = 2 * layer["macs"] / layer["forward_ms"] / 1e9 if layer["forward_ms"] > 0 else None
            lines.append(f"| {clean(layer['name'])} | {clean(layer['algorithm'])} | {get_number(layer['forward_ms'], 4)} "
                         f"| {get_number(layer['backward_ms'], 4)} | {get_number(rate, 1)} |")
    return lines


def list_summaries(steps):
    return [line for step in steps for line in step.get("peers", []) if line.get("summary")]


def format_peers(steps):
    summaries = list_summaries(steps)
    if not summaries:
        return []
    lines = ["", "## Against PyTorch, in turn", "",
             "Milliseconds an image; a ratio above 1 means that this program is faster than the best way of PyTorch.", "",
             "| network | case | precision | what is timed | runet | best way of torch | its ms | ratio |",
             "|---|---|---|---|---|---|---|---|"]
    timed = {"copies": "with the host's copies", "device": "without"}
    for line in summaries:
        what = "a step" if line["what"] == "train" else timed[line["measure"]]
        lines.append(f"| {line['network']} | {line['case']} | {line['precision']} | {what} "
                     f"| {get_number(line['runet_ms_per_image'])} | {line['best_way'] or '–'} "
                     f"| {get_number(line['best_ms_per_image'])} | {get_number(line['ratio'], 2)} |")
    return lines


def format_absent(steps):
    absent = {}
    for line in list_summaries(steps):
        for name, reason in line["absent"].items():
            absent.setdefault((name, reason), []).append(f"{line['case']} {line['precision']}")
    return ["", "### Not timed", ""] + [f"- {name} ({', '.join(dict.fromkeys(where))}): {clean(reason)}"
                                       for (name, reason), where in absent.items()] if absent else []
