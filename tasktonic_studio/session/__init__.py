"""What is known of the watched app: a fold over its stream of events. Plain Python; no Qt, no sockets, no tonics."""
