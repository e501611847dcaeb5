"""Looks for bytes in the memory of another process, as a core dump would hold it."""

CAP_SYS_PTRACE = 1 << 19


def may_read_all():
    """True for a process that may read the memory of any other, dumpable or not."""
    with open("/proc/self/status", encoding="ascii") as file:
        return any(line.startswith("CapEff:") and int(line.split()[1], 16) & CAP_SYS_PTRACE for line in file)


def writable_regions(pid):
    """(start, end, name) of every region that is readable and writable."""
    with open("/proc/%d/maps" % pid, encoding="utf-8", errors="replace") as file:
        for line in file:
            span, access, *rest = line.split(maxsplit=5)
            if access.startswith("rw"):
                start, end = (int(number, 16) for number in span.split("-"))
                yield start, end, rest[-1].strip() if len(rest) > 3 else "anonymous"


def find(pid, needles):
    """[(needle's name, region's name, address)] of all needles (name -> bytes) in the process's writable memory."""
    found, size = [], 0
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        for start, end, name in writable_regions(pid):
            memory.seek(start)
            try:
                data = memory.read(end - start)
            except OSError:
                continue  # [vvar] and the like
            size += len(data)
            for needle_name, needle in needles.items():
                at = data.find(needle)
                if at >= 0:
                    found.append((needle_name, name, hex(start + at)))
    if size == 0:
        raise AssertionError("no memory of process %d could be read" % pid)
    return found
