"""One file a command, named like the command; each is read when it is first needed."""
