"""Draw every picture, print every report and speak every recording of the sample corpus: `python data/draw/draw.py`.

Needs Chromium and espeak-ng.
"""

import afloat
import charts
import diagrams
import lettering
import queries
import reports
import scenes
import spoken
import things
import towers

if __name__ == "__main__":
    for room in (towers, afloat, things, diagrams, charts, scenes, lettering, reports, queries, spoken):
        room.everything()
