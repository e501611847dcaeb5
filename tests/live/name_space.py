"""A network of its own for this process and all that it starts: only loopback, every port free, nothing reaches the
world. Needs root. What must be on a port below 1024 (mail to an MX host, HTTPS of MTA-STS) is tested in there."""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET, CLONE_NEWNS = 0x40000000, 0x00020000
SIOCSIFFLAGS, SIOCSIFADDR = 0x8914, 0x8916
IFF_UP, IFF_RUNNING = 0x1, 0x40


def enter():
    """Moves this process there. To be called before it has threads."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise SystemExit("name_space.py: no network name space: " + os.strerror(ctypes.get_errno()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP | IFF_RUNNING))


def use_resolver(file):
    """From now on `file` is /etc/resolv.conf for this process and all that it starts (a mount name space of their own:
    the machine's file is not touched). To be called before it has threads."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise SystemExit("name_space.py: no mount name space: " + os.strerror(ctypes.get_errno()))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "--bind", file, os.path.realpath("/etc/resolv.conf")], check=True)


def add_address(address, number=1):
    """One more IPv4 address of this machine, which is not one of loopback's."""
    request = struct.pack("16sH2s4s16x", b"lo:%d" % number, socket.AF_INET, b"", socket.inet_aton(address))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFADDR, request)
