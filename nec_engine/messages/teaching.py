"""Lessons: what a person taught the agent, as files, and how much it counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SaveLessons:
    """Write all that was taught to a lesson file: start states and actions."""

    path: Path


@dataclass(frozen=True, slots=True)
class LoadLessons:
    """Play the lessons of a file again, unseen, and teach them to the agent."""

    path: Path


@dataclass(frozen=True, slots=True)
class SetLessonWeight:
    """Times the kernel of taught entries wherever the memory is read; 1 = as any other."""

    weight: float


@dataclass(frozen=True, slots=True)
class ForgetLessons:
    """Take out what only lessons made, and give the rest the values it would have without them."""


LessonFileCommand = SaveLessons | LoadLessons


@dataclass(frozen=True, slots=True)
class LessonsSaved:
    path: Path
    num_lessons: int
    num_steps: int


@dataclass(frozen=True, slots=True)
class LessonsLoaded:
    """They are on their way to the memory."""

    path: Path
    num_lessons: int
    num_steps: int


@dataclass(frozen=True, slots=True)
class LessonsFailed:
    """Nothing was written, or nothing taught."""

    path: Path
    message: str


LessonEvent = LessonsSaved | LessonsLoaded | LessonsFailed
