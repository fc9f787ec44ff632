"""The command `diaoyan`: one command per stage, and those that people call themselves."""
