"""Draw every picture and print every report of the sample corpus: `python data/draw/draw.py`. Needs Chromium."""

import afloat
import charts
import diagrams
import lettering
import queries
import reports
import scenes
import things
import towers

if __name__ == "__main__":
    for room in (towers, afloat, things, diagrams, charts, scenes, lettering, reports, queries):
        room.everything()
