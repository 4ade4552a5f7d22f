#!/usr/bin/env python3
# Purpose: stand between a client and a peer on loopback, and mistreat the bytes: pieces, TLS, cuts, freezes.
# Usage: tcp-proxy.py --to PORT [--port N] [--chunk BYTES] [--certificate FILE --key FILE] [--cut-after BYTES] [--cuts N]
#        [--freeze-after BYTES] prints its port once it listens, ends when its standard input closes.
# Exit codes: 0 ended, 2 wrong arguments.
#
# Pieces: both ways, each written on its own. Cuts: after so many bytes from the client, the first N connections.
import argparse
import asyncio
import os
import ssl
import sys

HOST = "127.0.0.1"


class Proxy:
    def __init__(self, options):
        self.options = options
        self.connections = 0

    async def connected(self, reader, writer):
        self.connections += 1
        cut = self.options.cut_after if self.connections <= self.options.cuts else 0
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self.options.to)
        except OSError:
            writer.close()
            return
        both = [writer, far_writer]
        await asyncio.gather(
            self.carry(reader, far_writer, both, cut, self.options.freeze_after),
            self.carry(far_reader, writer, both, 0, 0), return_exceptions=True)

    async def carry(self, reader, writer, both, cut, freeze):
        carried = 0
        try:
            while data := await reader.read(65536):
                size = self.options.chunk or len(data)
                if cut and carried + len(data) >= cut:
                    writer.write(data[:cut - carried])
                    await writer.drain()
                    for one in both:
                        one.transport.abort()
                    return
                if freeze and carried + len(data) >= freeze:
                    await asyncio.sleep(3600)
                for start in range(0, len(data), size):
                    writer.write(data[start:start + size])
                    if self.options.chunk:
                        await writer.drain()
                        await asyncio.sleep(0)
                await writer.drain()
                carried += len(data)
        finally:
            for one in both:
                one.close()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--chunk", type=int, default=0)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--cut-after", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=1)
    parser.add_argument("--freeze-after", type=int, default=0)
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    server = await asyncio.start_server(Proxy(options).connected, HOST, options.port, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
