"""The theme as Qt wants it: a palette on Fusion.

``QStyleHints.setColorScheme`` does nothing on a bare X11 or offscreen, so both palettes are ours.
"""

from __future__ import annotations

from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication, QToolTip

from app.look.theme import Theme

Role = QPalette.ColorRole
Group = QPalette.ColorGroup


def palette_of(theme: Theme) -> QPalette:
    """Every role of the palette, in the theme's colours."""
    palette = QPalette()
    colours = {
        Role.Window: theme.background,
        Role.WindowText: theme.text,
        Role.Base: theme.panel,
        Role.AlternateBase: theme.raised,
        Role.Text: theme.text,
        Role.PlaceholderText: theme.muted,
        Role.Button: theme.raised,
        Role.ButtonText: theme.text,
        Role.BrightText: theme.warning,
        Role.ToolTipBase: theme.raised,
        Role.ToolTipText: theme.text,
        Role.Highlight: theme.accent,
        Role.HighlightedText: theme.on_accent,
        Role.Accent: theme.accent,
        Role.Link: theme.positive,
        Role.LinkVisited: theme.positive,
    }
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    base = QColor(theme.background)
    palette.setColor(Role.Light, base.lighter(130))
    palette.setColor(Role.Midlight, base.lighter(115))
    palette.setColor(Role.Mid, QColor(theme.border))
    palette.setColor(Role.Dark, base.darker(140))
    palette.setColor(Role.Shadow, base.darker(200))
    faded = mixed(theme.muted, theme.background, 0.45)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(Group.Disabled, role, faded)
    palette.setColor(Group.Disabled, Role.Highlight, QColor(theme.border))
    palette.setColor(Group.Disabled, Role.HighlightedText, faded)
    return palette


def mixed(first: str, second: str, share: float) -> QColor:
    """``first`` with ``share`` of ``second`` in it."""
    a, b = QColor(first), QColor(second)
    return QColor(
        *(
            round(x * (1 - share) + y * share)
            for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)
        )
    )


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Paint the whole program in ``theme``; Qt's thread.

    No style sheet of the application: it would keep palettes of single widgets from taking effect.
    """
    if app.style() is None or app.style().name() != "fusion":  # type: ignore[union-attr]  # there is a style
        app.setStyle("Fusion")
    palette = palette_of(theme)
    app.setPalette(palette)
    QToolTip.setPalette(palette)
