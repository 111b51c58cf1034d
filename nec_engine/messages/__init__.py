"""Everything that crosses a thread: immutable messages, commands, questions, answers, events.

Arrays in a message are fresh (nobody writes them again) and read-only. A message is made by one
thread and may be read by any. Nothing here depends on the window, on torch or on the emulator.
Whoever needs one imports it from here; the file that it is in gathers what is about one thing.
"""

from nec_engine.messages.arrays import (
    F32,
    F64,
    I32,
    I64,
    U8,
    U32,
    U64,
    read_only,
)
from nec_engine.messages.browsing import (
    AskEntries,
    AskEntry,
    Column,
    EntriesAnswer,
    EntryAnswer,
    EntryColumns,
    EntryFacts,
    EntryFilter,
    LetEntriesGo,
    LikeEntry,
    LikeMoment,
    Likeness,
    Limits,
)
from nec_engine.messages.commands import (
    Advance,
    CancelSave,
    Command,
    GoTo,
    HoldStick,
    KeepTraining,
    LiveCommand,
    SaveSnapshot,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetStoringAgent,
    SetTeaching,
    SetTraining,
    SetWatchingTraining,
    StartNewEpisode,
    StartRecording,
    StopRecording,
    TrainerCommand,
)
from nec_engine.messages.comparing import (
    CancelComparison,
    CompareCommand,
    CompareEvent,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    PlanComparison,
    Sides,
    StartComparison,
    TwoSnapshots,
    WithAndWithoutEdits,
)
from nec_engine.messages.decision import (
    ActionEvidence,
    Decision,
    familiarity_of,
)
from nec_engine.messages.episodes import (
    AskEpisodes,
    AskScores,
    EpisodesAnswer,
    ScoreAnswer,
)
from nec_engine.messages.events import (
    BranchBegan,
    EpisodeEnded,
    Event,
    Notice,
    RecordingEnded,
    RecordingStarted,
    SaveFailed,
    SaveProgressed,
    SnapshotSaved,
    ThreadFailed,
    WentTo,
)
from nec_engine.messages.insight import (
    AskBlurred,
    AskSaliency,
    AskSanityCheck,
    BlurredAnswer,
    Box,
    GapOfBest,
    LikenessTo,
    QOf,
    SaliencyAnswer,
    SaliencyMethod,
    SaliencyTarget,
    SanityAnswer,
)
from nec_engine.messages.map import (
    AskMap,
    AskPlaces,
    AskUmap,
    Landmarks,
    MapAnswer,
    MapDensity,
    PlacesAnswer,
    Projection,
    UmapEnded,
)
from nec_engine.messages.packed import PackedPicture
from nec_engine.messages.questions import (
    Answer,
    AskPictures,
    PictureAnswer,
    Question,
)
from nec_engine.messages.replays import (
    AskHindsight,
    AskReplay,
    HindsightAnswer,
    ReplayPart,
    ReplayStep,
    pack_picture,
    unpack_picture,
)
from nec_engine.messages.shown import (
    Curves,
    Frame,
    GameInfo,
    LiveStatus,
    Progress,
    Series,
)
from nec_engine.messages.study import (
    AskSecondBrain,
    AskWhatIf,
    BrainsEnded,
    BrainSide,
    BrainsStep,
    PutSecondBrainAway,
    Shot,
    StudyAnswer,
    StudyQuestion,
    WhatIfAnswer,
)
from nec_engine.messages.surgery import (
    DeleteEntries,
    EditCommand,
    Entries,
    EntrySet,
    JudgeAgain,
    ListedEntries,
    MemoryEdited,
    OfEpisode,
    OfOrigin,
    PinEntries,
    RedoEdit,
    SameOrigin,
    SetValues,
    UndoEdit,
)
from nec_engine.messages.teaching import (
    ForgetLessons,
    LessonEvent,
    LessonFileCommand,
    LessonsFailed,
    LessonsLoaded,
    LessonsSaved,
    LoadLessons,
    SaveLessons,
    SetLessonWeight,
)
from nec_engine.messages.time_travel import (
    NUM_QUICK_STATES,
    BranchHere,
    LoadQuickState,
    LookAt,
    LookBack,
    ReturnToPresent,
    SaveQuickState,
    SetRewinding,
    TimeCommand,
    WatchTimeline,
)
from nec_engine.messages.timeline import (
    Ending,
    Leg,
    LiveEpisode,
    Luck,
    Mark,
    MarkKind,
    QuickState,
    Route,
    Timeline,
    Track,
)
from nec_engine.messages.videos import (
    CancelVideos,
    SaveRangeVideo,
    SaveTailVideo,
    VideoCommand,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
)
from nec_engine.messages.words import (
    FIRST_LIVE_EPISODE,
    Choice,
    Entry,
    Moment,
    Origin,
    Player,
)
