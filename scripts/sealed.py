"""Runs a command in a network namespace that holds only loopback, so that no test can reach out of the machine.

Usage: python scripts/sealed.py COMMAND [ARGUMENT ...]

Where the system has no such namespaces the command runs unsealed and this says so; with CI set that is an error.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
INSIDE = "--inside"


def main() -> None:
    """Seal, or stand inside the seal already and run the command."""
    command = sys.argv[1:]
    if command[:1] == [INSIDE]:
        bring_up_loopback()
        os.execvp(command[1], command[1:])
    seal = find_seal()
    if seal is not None:
        command = [*seal, sys.executable, __file__, INSIDE, *command]
    elif os.environ.get("CI"):
        sys.exit("sealed: this system does not permit network namespaces, and CI must not run the tests without.")
    else:
        print("sealed: no network namespaces here; running UNSEALED.", file=sys.stderr)
    os.execvp(command[0], command)


def find_seal() -> list[str] | None:
    """Return the command that makes a namespace here: as root directly, else with a user namespace around it."""
    if shutil.which("unshare") is None:
        return None
    for seal in (["unshare", "-n", "--"], ["unshare", "-rn", "--"]):
        if subprocess.run([*seal, "true"], capture_output=True, check=False).returncode == 0:
            return seal
    return None


def bring_up_loopback() -> None:
    """Switch `lo` on, which a new namespace has switched off."""
    request = struct.Struct("16sh14x")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        answer = fcntl.ioctl(channel, SIOCGIFFLAGS, request.pack(b"lo", 0))
        _, flags = request.unpack(answer)
        fcntl.ioctl(channel, SIOCSIFFLAGS, request.pack(b"lo", flags | IFF_UP))


if __name__ == "__main__":
    main()
