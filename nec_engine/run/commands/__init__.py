"""The headless commands, a module each: ``run(request)`` returns the exit code."""
