"""What `./studio` and `./check` do before the project itself runs: find a Python, make an environment, say what lacks.

    python3 tool.py run [ARGUMENTS OF THE STUDIO]     py tool.py run ... on Windows
    python3 tool.py test [--fast] [ARGUMENTS OF PYTEST]
    python3 tool.py lock                              for who changes a dependency; needs uv

Standard library only, and written so that Python 3.6 can still read it: an interpreter that is too old shall say so in
a sentence. One file of more than 400 lines, because a fresh clone has nothing else to import from.

The order of things, each before the one that needs it: display, Python, system libraries, environment, start. When
everything is in place only a few files are read and nothing is asked of the network.

Exit codes: 0 well, 1 could not be run or a check failed, 2 usage, 3 no display or a system library is missing.
"""

import os
import sys
from typing import Any, Dict, List, NoReturn, Optional, Tuple

SUPPORTED = ((3, 11), (3, 12), (3, 13))
SUPPORTED_TEXT = "Python 3.11, 3.12 or 3.13"
ROOT = os.path.dirname(os.path.realpath(__file__))
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"
SPACE_TEXT = "800 MB"
STAMP_FORMAT = 1
STAMP_KEYS = {"root", "folder", "project", "locks", "base", "site", "entries"}
ON_WINDOWS = os.name == "nt"
ON_LINUX = sys.platform.startswith("linux")

COULD_NOT_RUN = 1
USAGE = 2
NO_DISPLAY_OR_LIBRARY = 3

CHECK_SECONDS = 40 * 60.0
"""No check takes a third of this, also on a slow machine."""

# What Qt loads, and the Debian package that holds it. Found by loading: that is what Qt will do, and without a display
# or a library Qt ends the process with a core dump and a sentence that leads nowhere.
Parts = Tuple[Tuple[str, str], ...]
LIBRARIES_OFFSCREEN: Parts = (
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libXrender.so.1", "libxrender1"),  # not Qt: the drawing library inside pygraphviz
)
LIBRARIES_X11: Parts = (
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
LIBRARIES_WAYLAND: Parts = (
    ("libwayland-client.so.0", "libwayland-client0"),
    ("libwayland-cursor.so.0", "libwayland-cursor0"),
)
TEST_PROGRAMS: Parts = (("Xvfb", "xvfb"), ("xauth", "xauth"))
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

# Platforms of Qt that draw without a display server.
QT_PLATFORMS_WITHOUT_DISPLAY = ("offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs", "vkkhrdisplay")


class Trouble(Exception):
    """Something a person has to know: a sentence, and the exit code that goes with it."""

    def __init__(self, sentence: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def say(text: str) -> None:
    """Tell the person at the terminal. Not stdout: that belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


# ---- arguments ------------------------------------------------------------------------------------------------------


def kind_of_start(arguments: List[str]) -> str:
    """Tell what the studio is asked for: `help` (no window at all), `snapshot` (a picture, no display) or `window`.

    Only what stands before the script counts; what follows it belongs to the script.
    """
    for argument in arguments:
        if argument in ("-h", "--help", "--version"):
            return "help"
        if argument == "--snapshot" or argument.startswith("--snapshot="):
            return "snapshot"
        if argument == "--" or argument.endswith((".py", ".pyw", ".ttt")):
            break
    return "window"


# ---- display --------------------------------------------------------------------------------------------------------


def x_display_answers(display: str) -> bool:
    """Whether an X server listens where DISPLAY points: the abstract socket, the one in /tmp, or TCP."""
    import socket

    host, colon, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not colon or not number.isdigit():
        return False
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        return unix_socket_answers("\0" + path) or unix_socket_answers(path)
    try:
        with socket.create_connection((host.strip("[]"), 6000 + int(number)), timeout=3):
            return True
    except OSError:
        return False


def unix_socket_answers(path: str) -> bool:
    """Whether somebody listens on this Unix socket."""
    import socket

    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.settimeout(3)
        probe.connect(path)
        return True
    except OSError:
        return False
    finally:
        probe.close()


def wayland_display_answers(name: str, environ: Dict[str, str]) -> bool:
    """Whether a Wayland compositor listens where WAYLAND_DISPLAY points."""
    path = name if os.path.isabs(name) else os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name)
    return unix_socket_answers(path)


def usable_display(environ: Dict[str, str]) -> str:
    """Give the kind of display a window can open on: `x11`, `wayland` or `none` when Qt was told to do without.

    Raises:
        Trouble: there is no display, or nothing answers where the environment points.
    """
    platform = environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if platform in QT_PLATFORMS_WITHOUT_DISPLAY:
        return "none"
    display, wayland = environ.get("DISPLAY", ""), environ.get("WAYLAND_DISPLAY", "")
    other_ways = (
        "For a picture without a display: ./studio --snapshot out.png. "
        "For a virtual display: xvfb-run -a ./studio. Over ssh: connect with ssh -X."
    )
    if not display and not wayland:
        raise Trouble(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. " + other_ways,
            NO_DISPLAY_OR_LIBRARY,
        )
    if display and not platform.startswith("wayland") and x_display_answers(display):
        return "x11"
    if wayland and platform != "xcb" and wayland_display_answers(wayland, environ):
        return "wayland"
    tried = [f"DISPLAY={display}"] if display else []
    tried += [f"WAYLAND_DISPLAY={wayland}"] if wayland else []
    raise Trouble(
        f"There is no display to open a window on: nothing answers at {' or '.join(tried)}. " + other_ways,
        NO_DISPLAY_OR_LIBRARY,
    )


# ---- Python ---------------------------------------------------------------------------------------------------------


def ensure_supported_python(arguments: List[str]) -> None:
    """Return when this Python will do; else go on in one that does.

    Raises:
        Trouble: there is none on PATH.
    """
    if sys.version_info[:2] in SUPPORTED and sys.implementation.name == "cpython":
        return
    other = supported_python_on_path()
    here = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
    if other is None or os.environ.get("TASKTONIC_TOOL_PYTHON"):
        raise Trouble(
            f"TaskTonic Studio needs {SUPPORTED_TEXT}; this is {here} ({sys.executable}), "
            "and python3.11, python3.12, python3.13 are not on PATH. Install one of them and run this again."
        )
    environ = dict(os.environ, TASKTONIC_TOOL_PYTHON=other)
    become([other, os.path.abspath(__file__), *arguments], environ)


def supported_python_on_path() -> Optional[str]:
    """Give the path of a supported Python other than the running one. Tried, not only found: a shim may be empty."""
    import shutil
    import subprocess

    for minor in SUPPORTED:
        name = f"python{minor[0]}.{minor[1]}"
        command = ["py", f"-{minor[0]}.{minor[1]}"] if ON_WINDOWS else [name]
        if shutil.which(command[0]) is None:
            continue
        question = "import sys; print(sys.executable if sys.implementation.name == 'cpython' else '')"
        answer = subprocess.run(
            [*command, "-c", question],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.strip()
    return None


def base_python() -> str:
    """Give the interpreter that environments are made from, also when this one runs inside an environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


# ---- what the system lacks ------------------------------------------------------------------------------------------


def missing_libraries(libraries: Parts) -> List[Tuple[str, str]]:
    """Give those of the libraries (soname, Debian package) that cannot be loaded. Only Linux leaves this to us."""
    if not ON_LINUX:
        return []
    try:
        import ctypes
    except ImportError:
        return []  # a Python built without ctypes can't ask; Qt will
    missing = []
    for soname, package in libraries:
        try:
            ctypes.CDLL(soname)
        except OSError:
            missing.append((soname, package))
    return missing


def missing_programs() -> List[Tuple[str, str]]:
    """Give those of the programs that the tests start (name, Debian package) which are not there."""
    import shutil

    return [entry for entry in TEST_PROGRAMS if shutil.which(entry[0]) is None] if ON_LINUX else []


def missing_for_environment() -> List[Tuple[str, str]]:
    """Give what the system lacks for making an environment: the venv module with its pip, and certificates."""
    missing = []
    if not can_make_environment():
        own = os.path.realpath("/usr/bin/python3") == base_python()
        package = "python3-venv" if own else "python{}.{}-venv".format(*sys.version_info[:2])
        missing.append(("the venv module of Python", package))
    elsewhere = any(os.path.isfile(os.environ.get(name, "")) for name in ("PIP_CERT", "SSL_CERT_FILE"))
    if is_debian() and not elsewhere and not os.path.exists(CERTIFICATES):
        missing.append(("certificates for downloads", "ca-certificates"))
    return missing


def can_make_environment() -> bool:
    """Whether this Python has venv, and a pip to fill it: its own bundle, or one that is installed."""
    import importlib

    importlib.invalidate_caches()
    return has_module("venv") and (has_module("ensurepip") or has_module("pip"))


def has_module(name: str) -> bool:
    """Whether this Python could import the module."""
    from importlib.util import find_spec

    return find_spec(name) is not None


def is_debian() -> bool:
    """Whether this is Debian, Ubuntu or one of their children, and apt-get is there."""
    import shutil

    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return False
    words = " ".join(line.split("=", 1)[1] for line in lines if line.startswith(("ID=", "ID_LIKE=")))
    family = words.replace('"', " ").split()
    return ("debian" in family or "ubuntu" in family) and shutil.which("apt-get") is not None


def supply(missing: List[Tuple[str, str]]) -> None:
    """Get what the system lacks, where we may; else say what to do.

    Raises:
        Trouble: it is not for us to install it, or installing it went wrong.
    """
    if not missing:
        return
    names = ", ".join(what for what, _ in missing)
    packages = [package for _, package in missing]
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not is_debian():
        raise Trouble(
            f"This system lacks {names}. Install it with the system's package manager and run this again. "
            f"On Debian and Ubuntu the packages are: {' '.join(packages)}",
            NO_DISPLAY_OR_LIBRARY,
        )
    if os.geteuid() != 0:
        raise Trouble(
            f"This system lacks {names}. Run the line below, or ask who administers this machine to, then run this "
            f"again:\n\n  sudo {line}\n",
            NO_DISPLAY_OR_LIBRARY,
        )
    say(f"This system lacks {names}. Installing it:\n\n  apt-get update && {line}\n")
    run_apt(packages, line)


def run_apt(packages: List[str], line: str) -> None:
    """Install packages of the system as root. What apt prints is shown only if it fails."""
    import subprocess

    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8")
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install = ["install", "-y", "--no-install-recommends", *packages]
    output, code = "", 0
    # A list of packages that could not be renewed may still be good enough: only the second command decides.
    for command in ([*apt, "update"], apt + install):
        done = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
            check=False,
        )
        output, code = output + done.stdout, done.returncode
    if code != 0:
        tail = "\n".join("  " + text for text in output.strip().splitlines()[-12:])
        raise Trouble(
            f"apt-get could not install what the system lacks (exit code {code}). It said:\n\n{tail}\n\n"
            f"Put that right (is the network there? is the disk full?), or run this yourself: {line}",
            NO_DISPLAY_OR_LIBRARY,
        )


# ---- environment ----------------------------------------------------------------------------------------------------


class Environment:
    """The virtual environment of one checkout: `.venv` in it, or in the user's cache folder if that cannot be written.

    A stamp inside says what it was made from. It is written last and moves along when the finished environment is
    renamed into place, so an environment either has a stamp and is whole, or it is made again.
    """

    def __init__(self, root: str, home: str) -> None:
        self.root = root
        self.home = home
        self.folder = os.path.join(home, ".venv")
        self.stamp_path = os.path.join(self.folder, "tasktonic-studio.stamp")
        self.log_path = os.path.join(home, ".venv.log")
        self.python = python_of(self.folder)

    def stamp(self) -> Optional[Dict[str, Any]]:
        """Read what it was made from; None when there is none, or only a broken one."""
        import json

        try:
            with open(self.stamp_path, encoding="utf-8") as file:
                stamp = json.load(file)
        except (OSError, ValueError):
            return None
        whole = isinstance(stamp, dict) and stamp.get("format") == STAMP_FORMAT and STAMP_KEYS.issubset(stamp)
        return stamp if whole else None

    def why_not(self, locks: List[str]) -> Optional[str]:
        """Give the reason why this environment must be made (anew) for these lock files, None if it is good as it is.

        `moved` is the one reason that can be mended without making it again.
        """
        stamp = self.stamp()
        if stamp is None:
            return "is not finished" if os.path.exists(self.folder) else "does not exist yet"
        if stamp["project"] != project_digest(self.root):
            return "was made before pyproject.toml changed"
        for lock in locks:
            if lock not in stamp["locks"]:
                return f"was made without {lock}"
            if stamp["locks"][lock] != digest_of_file(os.path.join(self.root, lock)):
                return f"was made before {lock} changed"
        if stamp["base"] != fingerprint(stamp["base"]["path"]) or not os.path.exists(self.python):
            return "was made with a Python that has changed"
        try:
            present = set(os.listdir(os.path.join(self.folder, stamp["site"])))
        except OSError:
            present = set()
        if not present.issuperset(stamp["entries"]):
            return "is damaged"
        if stamp["root"] != self.root or stamp["folder"] != self.folder:
            return "moved"
        return None

    def locks_to_install(self, locks: List[str]) -> List[str]:
        """Add the test lock if this environment already had it, so that studio and check don't undo each other."""
        stamp = self.stamp()
        had_tests = stamp is not None and TEST_LOCK in stamp["locks"]
        return [RUN_LOCK, TEST_LOCK] if had_tests or TEST_LOCK in locks else [RUN_LOCK]

    def prepare(self, locks: List[str]) -> None:
        """Make it fit for these lock files. One process at a time; a second one waits and finds the work done."""
        with OnlyOne(os.path.join(self.home, ".venv.lock")):
            self.refuse_what_is_of_another()
            reason = self.why_not(locks)
            if reason == "moved":
                say("The folder was moved; putting the paths in its environment right.")
                self.mend_after_move()
            elif reason is not None:
                self.build(self.locks_to_install(locks), reason)

    def refuse_what_is_of_another(self) -> None:
        """Raise when `.venv` is a link to the environment of another checkout: mending it here would break it there."""
        stamp = self.stamp() if os.path.islink(self.folder) else None
        if stamp is not None and stamp["root"] != self.root:
            raise Trouble(
                f"{self.folder} is a link to the environment of another checkout, {stamp['root']}. "
                "It would be changed for this one. Remove the link and run this again: this checkout then gets its own."
            )

    def build(self, locks: List[str], reason: str) -> None:
        """Make it aside, then put it in place by renaming."""
        import shutil

        new, old = self.folder + ".new", f"{self.folder}.old.{os.getpid()}"
        say(f"Making the environment {self.folder} (it {reason}). The first time this takes a minute or two.")
        try:
            shutil.rmtree(new, ignore_errors=True)
            if os.path.exists(new):
                raise Trouble(f"The unfinished environment {new} cannot be removed. Remove it and run this again.")
            self.make(new, locks)
            if os.path.lexists(self.folder):
                os.rename(self.folder, old)
            os.rename(new, self.folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        finally:
            shutil.rmtree(old, ignore_errors=True)

    def make(self, new: str, locks: List[str]) -> None:
        """Create a virtual environment in `new`, fill it, and write it so that it is right once it has been renamed."""
        own_pip = has_module("ensurepip")
        command = [base_python(), "-I", "-m", "venv"] + ([] if own_pip else ["--without-pip"]) + [new]
        self.run_logged(command, "w")
        # A pip outside may fill an environment that has none of its own.
        pip = (
            [python_of(new), "-I", "-m", "pip"]
            if own_pip
            else [sys.executable, "-m", "pip", "--python", python_of(new)]
        )
        self.run_logged(
            [
                *pip,
                "install",
                "--disable-pip-version-check",
                "--no-input",
                "--progress-bar",
                "off",
                "--require-hashes",
                "--only-binary",
                ":all:",
                "-r",
                os.path.join(self.root, locks[-1]),
            ],
            "a",
        )
        site = os.path.relpath(site_packages_of(new), new)
        entries = sorted(os.listdir(os.path.join(new, site)))
        write_text(os.path.join(new, site, "tasktonic-studio-checkout.pth"), self.root + "\n")
        write_console_scripts(os.path.dirname(python_of(new)))
        replace_paths(new, new, self.folder)
        self.write_stamp(
            os.path.join(new, os.path.basename(self.stamp_path)),
            {
                "format": STAMP_FORMAT,
                "root": self.root,
                "folder": self.folder,
                "project": project_digest(self.root),
                "locks": {lock: digest_of_file(os.path.join(self.root, lock)) for lock in locks},
                "base": fingerprint(base_python()),
                "site": site,
                "entries": entries,
            },
        )

    def mend_after_move(self) -> None:
        """Put the paths right that an environment remembers. Its interpreter is a link to the system's: that holds."""
        stamp = self.stamp()
        if stamp is None:
            raise Trouble(f"The environment {self.folder} has lost its stamp. Run this again.")
        replace_paths(self.folder, stamp["folder"], self.folder)
        write_text(os.path.join(self.folder, stamp["site"], "tasktonic-studio-checkout.pth"), self.root + "\n")
        stamp.update(root=self.root, folder=self.folder)
        self.write_stamp(self.stamp_path, stamp)

    def write_stamp(self, path: str, stamp: Dict[str, Any]) -> None:
        """Write the stamp whole or not at all."""
        import json

        write_text(path + ".part", json.dumps(stamp, indent=1) + "\n")
        os.replace(path + ".part", path)

    def run_logged(self, command: List[str], mode: str) -> None:
        """Run one step of making the environment: all of its output into the log, its progress to the terminal."""
        import subprocess

        environ = dict(os.environ, PIP_USER="0", PYTHONIOENCODING="utf-8", PYTHONUNBUFFERED="1")
        # These would make pip or venv look, or write, somewhere else.
        for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_QUIET"):
            environ.pop(name, None)
        with open(self.log_path, mode, encoding="utf-8") as log:
            log.write("$ " + " ".join(command) + "\n")
            process = subprocess.Popen(
                command,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                universal_newlines=True,
                encoding="utf-8",
                errors="replace",
            )
            try:
                lines = [self.follow(line, log) for line in process.stdout or ()]
                code = process.wait()
            except BaseException:
                process.kill()
                process.wait()
                raise
        if code != 0:
            raise Trouble(reason_of_failure("".join(lines), self.log_path))

    def follow(self, line: str, log: Any) -> str:
        """Write one line of output down; tell the person if it is progress."""
        log.write(line)
        log.flush()
        words = line.split()
        if len(words) > 1 and words[0] == "Collecting" and "==" in words[1]:
            say("  " + words[1].replace("==", " "))
        elif line.startswith("Installing collected packages"):
            say("  unpacking")
        elif line.startswith("WARNING: Retrying"):
            say("  the network does not answer; trying again")
        return line


def python_of(folder: str) -> str:
    """Give the interpreter of a virtual environment."""
    return os.path.join(folder, "Scripts", "python.exe") if ON_WINDOWS else os.path.join(folder, "bin", "python")


def site_packages_of(folder: str) -> str:
    """Give the folder that packages go to in an environment made by this Python."""
    if ON_WINDOWS:
        return os.path.join(folder, "Lib", "site-packages")
    return os.path.join(folder, "lib", "python{}.{}".format(*sys.version_info[:2]), "site-packages")


def write_text(path: str, text: str) -> None:
    """Write a small file as UTF-8."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_console_scripts(folder: str) -> None:
    """Put `tasktonic` and `tasktonic-studio` beside the interpreter. They find it by their own place, so they can move."""
    for name, module in (("tasktonic", "tasktonic"), ("tasktonic-studio", "tasktonic_studio")):
        code = f"import sys; from {module}.cli import console; sys.exit(console())"
        if ON_WINDOWS:
            write_text(os.path.join(folder, name + ".cmd"), f'@"%~dp0python.exe" -P -c "{code}" %*\n')
        else:
            path = os.path.join(folder, name)
            here = '"$(dirname -- "$(readlink -f -- "$0")")/python"'
            write_text(path, f'#!/bin/sh\nexec {here} -P -c "{code}" "$@"\n')
            os.chmod(path, 0o755)


def replace_paths(folder: str, before: str, after: str) -> None:
    """Put the paths right that pip and venv wrote into an environment: first lines of scripts, `activate`, its own file."""
    places = os.path.dirname(python_of(folder))
    paths = [os.path.join(places, name) for name in os.listdir(places)] + [os.path.join(folder, "pyvenv.cfg")]
    if before == after:
        return
    for path in paths:
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        with open(path, "rb") as source:
            content = source.read()
        changed = content.replace(os.fsencode(before), os.fsencode(after))
        # A program with a path inside would break if that changed its length. Texts hold no zero bytes.
        if changed != content and b"\0" not in content:
            with open(path, "wb") as target:
                target.write(changed)


def digest_of_file(path: str) -> str:
    """Give the SHA-256 of a file as text."""
    import hashlib

    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def project_digest(root: str) -> str:
    """Give the SHA-256 of what packaging says about the project; how the checks are set does not count."""
    import hashlib

    with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    wanted, counts = [], False
    for line in lines:
        if line.startswith("["):
            counts = line.startswith(("[project", "[build-system"))
        text = line.split("#")[0].strip()
        if counts and text:
            wanted.append(text)
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()


def fingerprint(python: str) -> Dict[str, Any]:
    """Say which interpreter this is, without running it: an upgrade of the system's Python changes size or time."""
    try:
        status = os.stat(python)
    except OSError:
        return {"path": python, "size": -1, "changed": -1}
    return {"path": python, "size": status.st_size, "changed": int(status.st_mtime)}


def reason_of_failure(output: str, log_path: str) -> str:
    """Turn what venv or pip said into a sentence with a way forward."""
    more = f" The whole story is in {log_path}."
    signs_of_a_full_disk = (
        "No space left on device",
        "Errno 28",
        "Disk quota exceeded",
        "No usable temporary directory",
    )
    if any(sign in output for sign in signs_of_a_full_disk) or nearly_full(os.path.dirname(log_path)):
        return (
            f"The disk is full: the environment needs about {SPACE_TEXT} in {os.path.dirname(log_path)}, and about 300 MB "
            "in the folder for temporary files while it is made. Make room and run this again." + more
        )
    if "DO NOT MATCH THE HASHES" in output:
        return (
            "A package that was downloaded is not the one in the lock file, so nothing was installed. A cut download "
            "or a proxy that changes files does this: run it again, if need be with PIP_NO_CACHE_DIR=1." + more
        )
    # fmt: off
    network = (
        "NewConnectionError", "ConnectTimeout", "ReadTimeout", "Read timed out", "ProxyError", "Cannot connect to proxy",
        "name resolution", "Name or service not known", "Network is unreachable", "Connection refused",
        "Connection reset", "Connection aborted", "RemoteDisconnected", "CERTIFICATE_VERIFY_FAILED", "SSLError",
        "HTTP error 4", "HTTP error 5", "403 Client Error", "502 Server Error", "503 Server Error",
    )
    # fmt: on
    if any(sign in output for sign in network):
        return (
            "The packages could not be downloaded: the package index does not answer. Is there a network? Behind a "
            "proxy set HTTPS_PROXY, with an index or certificates of your own set them in pip's configuration, then "
            "run this again. Only the first start needs the network." + more
        )
    if "No matching distribution found" in output or "not a supported wheel" in output:
        import platform

        return (
            "One of the packages has no ready-made build for this machine "
            f"({platform.system()} {platform.machine()}, Python {platform.python_version()}). "
            "Tested is Linux on x86-64 with glibc 2.34 or later." + more
        )
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it said nothing")
    return f"The environment could not be made: {last.rstrip('.')}." + more


def nearly_full(folder: str) -> bool:
    """Whether so little room is left, there or for temporary files, that this is why something failed without a word."""
    import shutil

    places = [folder, os.environ.get("TMPDIR") or "/tmp"]
    return any(shutil.disk_usage(place).free < 20_000_000 for place in places if os.path.isdir(place))


class OnlyOne:
    """Held by the one process that makes the environment. The system lets go of it however that process ends."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.handle = -1

    def __enter__(self) -> None:
        try:
            self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except PermissionError:
            self.handle = os.open(self.path, os.O_RDONLY)  # made by root in a user's folder: good enough to lock
        if not self.taken(wait=False):
            say("Another ./studio or ./check is making the environment; waiting for it.")
            while not self.taken(wait=True):
                pass

    def taken(self, wait: bool) -> bool:
        """Try to take it; `wait` until the other one is done."""
        if sys.platform == "win32":
            import msvcrt
            import time

            try:
                msvcrt.locking(self.handle, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                time.sleep(0.3 if wait else 0)
                return False
        import fcntl

        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: better two at a time than none
        return True

    def __exit__(self, *details: object) -> None:
        os.close(self.handle)


def environment_of(root: str, locks: List[str]) -> Environment:
    """Give the environment of this checkout: in it, or in the user's cache folder when it is read-only."""
    inside = Environment(root, root)
    if inside.why_not(locks) is None or os.access(root, os.W_OK):
        return inside
    home = cache_folder(root)
    try:
        os.makedirs(home, exist_ok=True)
    except OSError as error:
        raise Trouble(
            f"Neither this folder ({root}) nor the cache folder ({home}) can be written ({error.strerror}), so there "
            "is no place for the environment. Make one of them writable, or set XDG_CACHE_HOME to a folder that is."
        ) from error
    return Environment(root, home)


def cache_folder(root: str) -> str:
    """Give the folder for what belongs to a checkout that is read-only. One for each checkout."""
    import hashlib

    if ON_WINDOWS:
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(os.path.join("~", "AppData", "Local"))
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "tasktonic-studio", hashlib.sha256(os.fsencode(root)).hexdigest()[:16])


# ---- commands -------------------------------------------------------------------------------------------------------


def ready(arguments: List[str], locks: List[str], missing: List[Tuple[str, str]]) -> Environment:
    """Get all in place: what the system lacks (some of it is known already), then the environment."""
    environment = environment_of(ROOT, locks)
    reason = environment.why_not(locks)
    if reason not in (None, "moved"):
        ensure_supported_python(arguments)
        missing = missing + missing_for_environment()
    supply(missing)
    if reason is not None:
        environment.prepare(locks)
        say("The environment is ready.")
    return environment


def run(arguments: List[str]) -> int:
    """Start the studio."""
    environ = dict(os.environ)
    kind = kind_of_start(arguments)
    libraries: Parts = () if kind == "help" else LIBRARIES_OFFSCREEN
    if kind == "snapshot":
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if ON_LINUX and kind == "window":
        display = usable_display(environ)
        libraries += {"x11": LIBRARIES_X11, "wayland": LIBRARIES_WAYLAND, "none": ()}[display]
    environment = ready(["run", *arguments], [RUN_LOCK], missing_libraries(libraries))
    # -P: a file in the current folder that is called like a module of ours or of Python's must not be taken for it.
    become([environment.python, "-P", "-m", "tasktonic_studio", *arguments], environ)


def test(arguments: List[str]) -> int:
    """Run every check and sum up. All of them run, also after one has failed: one round shows all there is to mend."""
    import time

    fast = "--fast" in arguments
    chosen = [argument for argument in arguments if argument != "--fast"]
    missing = missing_libraries(LIBRARIES_OFFSCREEN + LIBRARIES_X11) + missing_programs()
    environment = ready(["test", *arguments], [RUN_LOCK, TEST_LOCK], missing)
    environ, pytest_cache = dict(os.environ), []
    if environment.home != ROOT:
        caches = os.path.join(environment.home, "caches")
        environ.update(RUFF_CACHE_DIR=os.path.join(caches, "ruff"), MYPY_CACHE_DIR=os.path.join(caches, "mypy"))
        environ["HYPOTHESIS_STORAGE_DIRECTORY"] = os.path.join(caches, "hypothesis")
        pytest_cache = ["-o", "cache_dir=" + os.path.join(caches, "pytest")]
    python = [environment.python, "-P"]
    quick = ["-m", "not end_to_end and not xvfb"] if fast else []
    # Files of tests side by side, one for each core and one more: near a third of the time a test waits for another process.
    # More than a few would disturb what listens for silence. A process that crashes is a failure: going on without it can
    # wait for ever for what it had still to do.
    side_by_side = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "loadfile", "--max-worker-restart", "0"]
    # Without its cache: that one does not notice a file that has gone.
    contracts = "from importlinter.cli import lint_imports_command as check; check()"
    steps = (
        ("format", [*python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [*python, "-m", "ruff", "check", "."]),
        ("types", [*python, "-m", "mypy"]),
        ("import contracts", [*python, "-c", contracts, "--no-logo", "--no-cache"]),
        ("tests, examples, documents", [*python, "-m", "pytest", *pytest_cache, *side_by_side, *quick, *chosen]),
    )
    results = []
    for title, command in steps:
        print(f"\n== {title}", flush=True)
        started = time.monotonic()
        code = call_within(CHECK_SECONDS, command, environ)
        results.append((title, code, time.monotonic() - started))
    print("\n== summary")
    for title, code, seconds in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {title:28} {seconds:6.1f} s")
    failed = [title for title, code, _ in results if code != 0]
    left_out = " Left out by --fast: tests with real processes and windows." if fast else ""
    print(("Failed: " + ", ".join(failed) + "." if failed else "All checks passed.") + left_out, flush=True)
    return COULD_NOT_RUN if failed else 0


def call_within(seconds: float, command: List[str], environ: Dict[str, str]) -> int:
    """Run a check and give its exit code. One that does not come to an end is ended, and has failed."""
    import signal
    import subprocess

    # In a group of its own: what it has started is ended with it. Windows has no such groups, and ends the check alone.
    check = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=not ON_WINDOWS)

    def end_it(sign: int) -> None:
        try:
            check.terminate() if ON_WINDOWS else os.killpg(check.pid, sign)
        except ProcessLookupError:
            return

    try:
        return check.wait(seconds)
    except subprocess.TimeoutExpired:
        say(f"This check did not end within {seconds / 60:.0f} minutes and was ended. What it said last is above.")
    except KeyboardInterrupt:
        end_it(signal.SIGINT)
        check.wait()
        raise
    end_it(signal.SIGTERM)
    try:
        check.wait(10)
    except subprocess.TimeoutExpired:
        end_it(getattr(signal, "SIGKILL", signal.SIGTERM))
        check.wait()
    return COULD_NOT_RUN


def lock(arguments: List[str]) -> int:
    """Write both lock files anew from pyproject.toml, with the newest versions it allows."""
    import shutil
    import subprocess

    if shutil.which("uv") is None:
        raise Trouble("Writing the lock files needs uv on PATH (python3 -m pip install uv in an environment of yours).")
    settings = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    settings += ["--no-emit-find-links", "--no-annotate", "--custom-compile-command", "python3 tool.py lock", "--quiet"]
    command = ["uv", "--no-config", "pip", "compile", *settings, *arguments, "pyproject.toml", "--extra", "studio"]
    code = subprocess.call([*command, "-o", RUN_LOCK], cwd=ROOT)
    # The tests run with the very versions that people get.
    return code or subprocess.call(
        [*command, "--extra", "net", "--extra", "debug", "--extra", "dev", "-c", RUN_LOCK, "-o", TEST_LOCK], cwd=ROOT
    )


def become(command: List[str], environ: Dict[str, str]) -> NoReturn:
    """Go on as another program. Windows has no such thing: there it is a child whose exit code is handed on."""
    if ON_WINDOWS:
        import subprocess

        process = subprocess.Popen(command, env=environ)
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:
                continue  # the child got it as well and decides
    os.execve(command[0], command, environ)


def main(arguments: List[str]) -> int:
    """Carry out one command; any trouble that was foreseen becomes a sentence and an exit code."""
    commands = {"run": run, "test": test, "lock": lock}
    if not arguments or arguments[0] not in commands:
        say("usage: python3 tool.py run|test|lock ... (py tool.py ... on Windows); or ./studio and ./check")
        return USAGE
    try:
        return commands[arguments[0]](arguments[1:])
    except Trouble as trouble:
        say(trouble.sentence)
        return trouble.code
    except KeyboardInterrupt:
        say("\nInterrupted. Nothing is half done: the next start makes what is missing.")
        return COULD_NOT_RUN
    except OSError as error:
        import errno

        place = f" ({error.filename})" if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            say(f"The disk is full{place}: the environment needs about {SPACE_TEXT}. Make room and run this again.")
        else:
            say(f"It did not work: {error.strerror or error}{place}.")
        return COULD_NOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
