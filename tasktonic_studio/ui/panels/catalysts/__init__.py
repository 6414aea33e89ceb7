"""The catalysts of the watched app and what waits in their queues."""
