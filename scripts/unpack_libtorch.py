#!/usr/bin/env python3
"""Unpacks the parts of LibTorch's wheels that a C++ program needs.

usage: scripts/unpack_libtorch.py DIR GROUPS WHEEL...      GROUPS: "cpu" or "cpu cuda"
DIR gets torch/{include,lib} and nvidia/*/{include,lib}, side by side: the libraries look for each other there.
"""

import calendar
import os
import pathlib
import shutil
import sys
import zipfile

CPU_LIBRARIES = {"libc10.so", "libgomp.so.1", "libtorch_cpu.so", "libcudart.so.13", "libcupti.so.13"}
NEVER = {"libtorch_python.so"}  # needs Python


def wanted(name, cuda):
    parts = name.split("/")
    if name.endswith("/") or parts[0] not in ("torch", "nvidia"):
        return False
    if parts[0] == "torch" and parts[1] == "include":
        return True
    folder = parts[1] if parts[0] == "torch" else parts[2] if len(parts) > 3 else ""
    if folder == "lib":
        return parts[-1] in CPU_LIBRARIES or (cuda and parts[-1] not in NEVER and ".so" in parts[-1])
    return cuda and folder == "include"


def main():
    target, groups, wheels = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3:]
    target.mkdir(parents=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                if wanted(entry.filename, "cuda" in groups):
                    path = target / entry.filename
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(entry) as source, open(path, "wb") as out:
                        shutil.copyfileobj(source, out, 1 << 20)
                    when = calendar.timegm(entry.date_time + (0, 0, 0))
                    os.utime(path, (when, when))  # unpacking again must not look like changed headers
    if not (target / "torch/lib/libtorch_cpu.so").is_file():
        sys.exit("the wheels hold no torch/lib/libtorch_cpu.so")


if __name__ == "__main__":
    main()
