"""What became of lesson files, in words."""

from __future__ import annotations

from nec_engine.messages import LessonEvent, LessonsFailed, LessonsLoaded, LessonsSaved


def lesson_words(event: LessonEvent) -> str:
    """A sentence for the log and for a passing note."""
    match event:
        case LessonsSaved(path):
            return f"Saved {_content(event)} in {path.name}"
        case LessonsLoaded(path):
            return f"Taught {_content(event)} from {path.name}"
        case LessonsFailed(message=message):
            return f"No lesson: {message}"


def _content(event: LessonsSaved | LessonsLoaded) -> str:
    lessons = "1 lesson" if event.num_lessons == 1 else f"{event.num_lessons:,} lessons"
    steps = "1 step" if event.num_steps == 1 else f"{event.num_steps:,} steps"
    return f"{lessons} ({steps})"
