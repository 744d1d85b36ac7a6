#!/usr/bin/python3
"""One end of gRPC core, told what to do line by line on standard input; answers line by line in JSON. gRPC writes its log to standard error."""
import json
import sys
from concurrent import futures

import grpc


def read(path):
    with open(path, "rb") as f:
        return f.read()


def listen(ask):
    server = grpc.server(futures.ThreadPoolExecutor(1))
    credentials = grpc.ssl_server_credentials([(read(ask["key"]), read(ask["crt"]))], read(ask["ca"]), True)
    try:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    except RuntimeError:
        return None, {"error": "refused to listen"}
    server.start()
    return server, {"port": port}


def dial(ask):
    credentials = grpc.ssl_channel_credentials(read(ask["ca"]), read(ask["key"]), read(ask["crt"]))
    options = [("grpc.ssl_target_name_override", ask["host"]), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.secure_channel("127.0.0.1:%d" % ask["port"], credentials, options=options) as channel:
        try:
            channel.unary_unary("/no/such")(b"", timeout=10)
        except grpc.RpcError as e:
            answered = e.code() == grpc.StatusCode.UNIMPLEMENTED
            return {"ok": answered, "error": "" if answered else e.details()}
    return {"ok": False, "error": "an answer to a question that nobody knows"}


def main():
    server = None
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if ask["do"] == "listen":
                server, answer = listen(ask)
            elif ask["do"] == "close":
                if server:
                    server.stop(None)
                server, answer = None, {}
            else:
                answer = dial(ask)
        except OSError as e:
            answer = {"error": "cannot read: " + str(e)}
        print(json.dumps(answer), flush=True)


main()
