"""The torch-free connection between the server and the workers."""
