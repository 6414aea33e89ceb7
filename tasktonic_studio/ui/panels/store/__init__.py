"""The stores of the watched app: values by path, and what became of each."""
