"""One visual language for all figures: sizes, fonts, colours, and a sheet that is measured in inches.

Colours are those of Okabe and Ito (2008), which people with any colour vision can tell apart; blue and orange
also differ in lightness, so that they part in grey print. Colour never stands alone: position, shape of the
marker, a heading or a number says the same.

matplotlib and seaborn are loaded when the first figure is drawn.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from braid.language import writing
from braid.presentation import drawn_before, escaping
from braid.presentation.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

PAPER = 6.3  # inches: 16 cm, the text width of an A4 page with margins of 2.5 cm
MARGIN = 0.03  # keeps lines at the edge from being cut
WIDTH = PAPER - 2 * MARGIN
TALLEST = 9.2  # inches: what such a page holds beside a caption
DPI = 200
FONT = "DejaVu Sans"  # comes with matplotlib, so every machine draws the same letters
SIZE = 8.5  # points at print size
SMALL = 8.0  # nothing is smaller
LINE = 1.18  # line height in font sizes

INK = "#1F2933"
MUTED = "#5B6570"
RULE = "#C9CFD6"
SHADE = "#F3F5F7"
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREY = "#B9C0C8"
BEFORE, AFTER = ORANGE, BLUE
GROUPS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
# From the ends to the middle; grey marks the neutral level.
DISAGREE = ("#B35900", "#F2C07A")
AGREE = ("#00527F", "#8FC6E8")
NEUTRAL = "#DDE1E5"

_NOT_DRAWN = re.compile(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|\s*<!--.*?-->", re.DOTALL)

P = ParamSpec("P")
Horizontal = Literal["left", "center", "right"]


def drawn(function: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside of our settings alone, whatever a user's matplotlibrc or notebook has set; or as it was drawn before.

    The function makes its figure of what it is given and of nothing else.
    """

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        def draw() -> Figure:
            with _our_settings():
                return function(*args, **kwargs)

        return drawn_before.remembered(draw, function.__name__, (args, kwargs))

    return inside


@contextmanager
def _our_settings() -> Iterator[None]:
    import matplotlib

    with matplotlib.rc_context(_settings()):
        yield


@cache
def _settings() -> Any:
    import matplotlib
    import seaborn

    # The backend and the time a style was loaded are the session's, not the figure's.
    plain = {key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")}
    return {
        **plain,
        **seaborn.axes_style("white"),
        "font.family": "sans-serif",
        "font.sans-serif": [FONT],
        "font.size": SIZE,
        "axes.labelsize": SMALL,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.7,
        "xtick.color": MUTED,
        "xtick.labelcolor": INK,
        "xtick.major.size": 3,
        "xtick.major.width": 0.7,
        "text.color": INK,
        # A dollar sign in a label is a dollar sign.
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "axes.formatter.useoffset": False,
        "svg.hashsalt": "braid",
        "svg.fonttype": "path",
        "path.simplify": False,
    }


def _write_numbers(axes: Axes) -> None:
    """Have the numbers at the ticks of both axes written with the decimal sign of the language in force."""
    decimal = writing().decimal
    if decimal == ".":
        return
    from matplotlib.ticker import ScalarFormatter

    class Written(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return super().__call__(x, pos).replace(".", decimal)

    axes.xaxis.set_major_formatter(Written())
    axes.yaxis.set_major_formatter(Written())


def find_letters() -> None:
    """Look for the files of all letters we draw with; matplotlib searches a machine's fonts for each anew."""
    with _our_settings():
        for size in (SIZE, SMALL):
            for bold in (False, True):
                width_of("Letters", size, bold)


@cache
def _renderer() -> RendererAgg:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(10, 10, DPI)  # type: ignore[no-untyped-call]


@cache
def width_of(text: str, size: float = SIZE, bold: bool = False) -> float:
    """The printed width of a line of text in inches."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    size_in_dots = _renderer().get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
    return float(size_in_dots[0]) / DPI


def wrap(text: str, room: float, size: float = SIZE, bold: bool = False) -> list[str]:
    """Text from data as lines no wider than `room` inches; a word that is wider is cut with a hyphen."""
    lines: list[str] = []
    current = ""
    for word in escaping.plain(text).split(" "):
        candidate = f"{current} {word}".strip()
        if width_of(candidate, size, bold) <= room:
            current = candidate
            continue
        if current:
            lines.append(current)
        current = word
        while width_of(current, size, bold) > room and len(current) > 2:
            cut = max((k for k in range(1, len(current)) if width_of(current[:k] + "-", size, bold) <= room), default=1)
            head = current[:cut]
            lines.append(head if head.endswith("-") else head + "-")
            current = current[cut:]
    lines.append(current)
    return lines


def height_of(lines: Sequence[str], size: float = SIZE) -> float:
    """The printed height of lines of text in inches."""
    return len(lines) * size * LINE / 72


def label_width(labels: Sequence[str], widest: float, size: float = SIZE, narrowest: float = 0.6) -> float:
    """The width a column of labels needs, between `narrowest` and `widest` inches."""
    longest = max((width_of(escaping.plain(label), size) for label in labels), default=0.0)
    if longest <= widest:
        return max(longest + 0.02, narrowest)
    return max(width_of(line, size) for label in labels for line in wrap(label, widest, size)) + 0.02


def on(color: str) -> str:
    """The colour of text on a filled area: the one with more contrast (WCAG relative luminance)."""
    return INK if _luminance(color) > 0.3 else "white"


def _luminance(color: str) -> float:
    from matplotlib.colors import to_rgb

    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def between(first: str, last: str, share: float) -> str:
    """The colour at `share` (0 to 1) of the way from one colour to another."""
    from matplotlib.colors import to_hex, to_rgb

    (r, g, b), (r2, g2, b2) = to_rgb(first), to_rgb(last)
    return str(to_hex((r + (r2 - r) * share, g + (g2 - g) * share, b + (b2 - b) * share)))


class Sheet:
    """A blank page in inches, with the origin in the upper left corner."""

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = WIDTH, height
        self.figure = Figure(figsize=(PAPER, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.page = self.axes(-MARGIN, 0, PAPER, height)
        self.page.set_axis_off()
        self.page.set_xlim(-MARGIN, WIDTH + MARGIN)
        self.page.set_ylim(height, 0)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place of the sheet."""
        bottom = self.height - top - height
        place = ((left + MARGIN) / PAPER, bottom / self.height, width / PAPER, height / self.height)
        axes = self.figure.add_axes(place)
        _write_numbers(axes)
        return axes

    def plot(self, left: float, top: float, width: float, height: float, low: float, high: float) -> Axes:
        """Axes with a scale from `low` to `high` below them and the sheet's inches on the y axis."""
        import seaborn

        axes = self.axes(left, top, width, height)
        axes.set_xlim(low, high)
        axes.set_ylim(top + height, top)
        axes.set_yticks([])
        axes.patch.set_alpha(0)
        axes.tick_params(axis="x", bottom=True)
        seaborn.despine(ax=axes, left=True)
        return axes

    def text(
        self,
        x: float,
        y: float,
        lines: str | Sequence[str],
        *,
        ha: Horizontal = "left",
        va: Literal["top", "center", "bottom"] = "center",
        size: float = SIZE,
        bold: bool = False,
        color: str = INK,
    ) -> None:
        """Lines of text, each at its own measured height, so that they never depend on matplotlib's layout."""
        several = [lines] if isinstance(lines, str) else list(lines)
        step = size * LINE / 72
        total = step * len(several)
        first = {"top": y, "center": y - total / 2, "bottom": y - total}[va] + step / 2
        for k, line in enumerate(several):
            self.page.text(
                x,
                first + k * step,
                line,
                ha=ha,
                va="center_baseline",
                fontsize=size,
                fontweight="bold" if bold else "normal",
                color=color,
            )

    def under(self, left: float, right: float, y: float, text: str) -> None:
        """The title of an axis, centred between two places where there is room, and never over the edge."""
        half = width_of(text, SMALL) / 2
        if 2 * half > self.width:
            self.text(left, y, wrap(text, right - left, SMALL), size=SMALL, va="top")
            return
        middle = min(max((left + right) / 2, half), self.width - half)
        self.text(middle, y, text, ha="center", va="top", size=SMALL)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str = "white", edge: str = "none") -> None:
        """A rectangle."""
        from matplotlib.patches import Rectangle

        self.page.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=0.8))

    def line(self, xs: Sequence[float], ys: Sequence[float], *, color: str = RULE, width: float = 0.8) -> None:
        """A line through points."""
        self.page.plot(xs, ys, color=color, linewidth=width, solid_capstyle="butt", solid_joinstyle="miter")

    def arrow(self, start: tuple[float, float], end: tuple[float, float], *, color: str = MUTED) -> None:
        """An arrow with a small head."""
        self.page.annotate(
            "",
            xy=end,
            xytext=start,
            arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
        )

    def svg(self) -> str:
        """The page as one line of SVG, the same on every run: no date, no name of a program, no comment in it."""
        target = io.StringIO()
        self.figure.savefig(target, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
        return " ".join(_NOT_DRAWN.sub("", target.getvalue()).split())
