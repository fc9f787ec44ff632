"""Interactive charts for notebooks, made from disclosed estimates; the only module with plotly.

Pages never use it: their pictures are drawn at build time and need no script.
"""

import pandas as pd
import plotly.graph_objects as go

BLUE, BAND = "#1b5e97", "#b9d3ea"
NEEDED = ("domain", "domain_value", "value", "low", "high", "n", "presentable")


def interval_dots(
    estimates: pd.DataFrame, *, title: str = "", standard: float | None = None
) -> go.Figure:
    """Return dots on their intervals, one a row of `estimates`, in the order given.

    Parameters
    ----------
    estimates : DataFrame in the columns of the disclosed estimates, proportions of one question
        Rows that may not be stated keep their place and bear no dot; rows without an interval (a
        non-probability sample) bear a dot alone.
    title : what was found
    standard : share (0-1) that is drawn as a line

    Raises
    ------
    KeyError
        If a column of the disclosed estimates is missing, as in a table before disclosure.
    """
    if missing := [name for name in NEEDED if name not in estimates]:
        raise KeyError(f"disclosed estimates lack {missing}")
    shown = estimates["presentable"].astype(bool)
    labels = estimates["domain"] + ": " + estimates["domain_value"].astype(str)
    value = estimates["value"].where(shown)
    figure = go.Figure(
        go.Scatter(
            x=value,
            y=labels,
            mode="markers",
            marker={"color": BLUE, "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": estimates["high"] - value,
                "arrayminus": value - estimates["low"],
                "color": BLUE,
            },
            customdata=estimates[["n"]],
            hovertemplate="%{y}: %{x:.0%}, n = %{customdata[0]}<extra></extra>",
        )
    )
    if standard is not None:
        figure.add_vline(x=standard, line_color="#1b222c", line_width=2)
    figure.update_layout(title=title, template="simple_white", showlegend=False)
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=list(labels))
    return figure
