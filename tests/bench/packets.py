"""Captures the TCP packets of one port on the loopback interface, with the kernel's time stamps. Needs root."""

import socket
import struct
import threading

ETH_P_IP = 0x0800
PACKET_HOST = 0  # on loopback each packet is seen leaving and arriving: the arriving copy is taken
SO_TIMESTAMPNS = 35
SYN, ACK = 0x02, 0x10


class Packet:
    """Seconds since the epoch, whether the client sent it, TCP flags, payload."""

    def __init__(self, when, from_client, flags, data):
        self.when, self.from_client, self.flags, self.data = when, from_client, flags, data


class Capture:
    """with Capture(port) as capture: ...; afterwards capture.packets holds them in order."""

    def __init__(self, port):
        self.packets = []
        self._port = port
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.bind(("lo", ETH_P_IP))
        self._socket.settimeout(0.2)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._socket.close()

    def _read(self):
        while True:
            try:
                data, ancillary, _, address = self._socket.recvmsg(65536, 256)
            except socket.timeout:
                if self._over.is_set():
                    return
                continue
            if address[2] == PACKET_HOST:
                self._take(data, ancillary)

    def _take(self, data, ancillary):
        if data[9] != socket.IPPROTO_TCP:
            return
        ip_length = (data[0] & 15) * 4
        total = struct.unpack("!H", data[2:4])[0]
        source, target = struct.unpack("!HH", data[ip_length:ip_length + 4])
        if self._port not in (source, target):
            return
        tcp_length = (data[ip_length + 12] >> 4) * 4
        stamp = next(value for level, kind, value in ancillary if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS)
        seconds, nanoseconds = struct.unpack("ll", stamp[:16])
        self.packets.append(Packet(seconds + nanoseconds / 1e9, target == self._port, data[ip_length + 13],
                                   data[ip_length + tcp_length:total]))
