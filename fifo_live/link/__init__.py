"""The torch-free doorway between the server and the workers."""
