"""What this program is."""

from __future__ import annotations

from PyQt6.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt
from PyQt6.QtWidgets import QMessageBox, QWidget

TEXT = """
<p><b>nec-viewer</b></p>
<p>Trains a Neural Episodic Control agent on an Atari game in the background, shows the game live,
and lets you see and change what the agent remembers.</p>
<p>Pritzel et al. 2017, <i>Neural Episodic Control</i>, arXiv 1703.01988.</p>
<p>Free software under the GNU General Public License, version 3 or later. PyQt {pyqt}, Qt {qt}.</p>
"""


def about_box(parent: QWidget) -> QMessageBox:
    """The box, not modal, deleted when it is closed."""
    box = QMessageBox(parent)
    box.setWindowTitle("About")
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(TEXT.format(pyqt=PYQT_VERSION_STR, qt=QT_VERSION_STR))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    return box
