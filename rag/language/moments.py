"""Questions for the moment in a recording at which something is said: "At what time does she talk about the fog signal?"."""

from __future__ import annotations

import re

_RECORDING = (
    r"(?:recordings?|audio|videos?|films?|movies?|talks?|lectures?|podcasts?|episodes?|meetings?|interviews?|clips?|tapes?|calls?|speech|"
    r"speeches|songs?|tracks?|webinars?|voice notes?)"
)
_IN = rf"(?:\s+(?:in|of|on|from)\s+(?:the|this|that|my|our|his|her|their)\s+(?:[\w’'-]+\s+){{0,2}}?{_RECORDING})?"
_POINT = r"(?:times?|minute|second|moment|point|timestamp|scene)"
_PART = r"(?:part|bit|place|passage|position|spot)"
_TALKS = (
    r"(?:(?:talk|speak)(?:s|ing)?\s+(?:about|of|on)|spoke\s+(?:about|of)|talked\s+about|mention(?:s|ed)?|discuss(?:es|ed)?|"
    r"(?:bring|brings|brought)\s+up|explain(?:s|ed)?|describe[sd]?|(?:say|says|said)(?:\s+(?:something|anything))?\s+(?:about|of)|"
    r"(?:tell|tells|told)(?:\s+us|\s+me)?\s+(?:about|of))"
)
_SAYS = r"(?:say|says|said)(?:\s+that)?"
_SPEAKER = (
    r"(?:she|he|they|we|i|you|someone|somebody|anyone|anybody|(?:the|our|my)\s+(?:speakers?|lecturers?|presenters?|hosts?|narrators?|"
    r"teachers?|professors?|singers?|guests?|chair\w*|board|interviewer|interviewee))"
)
_HEARD = r"(?:talked\s+about|spoken\s+(?:of|about)|mentioned|discussed|brought\s+up|explained|described)"
_AT = rf"^(?:(?:and|at|around|from|in)\s+)*(?:what|which)\s+{_POINT}{_IN}"
_WHEN = rf"^(?:and\s+)?(?:when|where){_IN}\s+(?:does|do|did)\s+{_SPEAKER}"
_SHOW = r"^(?:(?:and|please|can\s+you|could\s+you)\s+)*(?:show|play|find|give|get|take|jump|go|skip)(?:\s+(?:me|us))?(?:\s+to)?\s+the"
_WHERE = rf"{_IN}\s+(?:when|where|(?:in|at)\s+which|that)"
_TOPIC, _CLAUSE = rf"(?P<topic>.+?){_IN}\W*$", rf"(?P<clause>.+?){_IN}\W*$"
_MOMENTS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_AT}\s+(?:does|do|did)\s+.{{1,60}}?\s+{_TALKS}\s+{_TOPIC}",
        rf"{_AT}\s+(?:does|do|did)\s+.{{1,60}}?\s+{_SAYS}\s+{_CLAUSE}",
        rf"{_AT}\s+(?:is|are|was|were)\s+(?P<topic>.+?)\s+{_HEARD}{_IN}\W*$",
        rf"{_WHEN}\s+{_TALKS}\s+{_TOPIC}",
        rf"{_WHEN}\s+{_SAYS}\s+{_CLAUSE}",
        rf"{_SHOW}\s+(?:{_POINT}|{_PART}){_WHERE}\s+.{{1,60}}?\s+{_TALKS}\s+{_TOPIC}",
        rf"{_SHOW}\s+(?:{_POINT}|{_PART}){_WHERE}\s+.{{1,60}}?\s+{_SAYS}\s+{_CLAUSE}",
        rf"{_SHOW}\s+{_POINT}{_WHERE}\s+{_CLAUSE}",
    )
]


def about_moment(question: str) -> str | None:
    """What is said at the moment that a question asks for, as a question; None where it asks for none."""
    text = " ".join(question.split())
    found = next((match for pattern in _MOMENTS if (match := pattern.match(text))), None)
    if found is None:
        return None
    told = found.groupdict()
    if clause := told.get("clause"):
        return f"{clause[:1].upper()}{clause[1:]}?"
    return f"What is {told['topic']}?"
