"""The `course` command and its parts: `cli` reads the words, each command is a module of its own."""
