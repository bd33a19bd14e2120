"""Where packets go; one file or folder for each kind of output."""
