"""The project: settings, addresses and the door for web servers."""
