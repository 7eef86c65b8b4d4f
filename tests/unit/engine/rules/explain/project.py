"""A small rule project to explain, its events, and a state that can be looked into."""

from datetime import UTC, datetime

from evenhand.engine.rules import load_sources
from evenhand.engine.rules.explain import explain
from evenhand.engine.rules.lists import WordList

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCES = {
    "main.sml": """\
ActionName = GetActionName()
UserId: Entity[str] = EntityJson(type='User', path='$.user.id')
Require(rule='post.sml', require_if=ActionName == 'post')
""",
    "post.sml": """\
Import(rules=['main.sml'])
Text: str = JsonData(path='$.text')
Created: str = JsonData(path='$.user.created')
Links: Optional[int] = JsonData(path='$.links', required=False)
AccountAge = TimeSince(timestamp=Created)
_MaxAge = TimeDelta(days=7)

NewAccount = Rule(when_all=[AccountAge < _MaxAge], description=f'{UserId} is new')
Greeting = Rule(
  when_all=[
    AccountAge < TimeDelta(days=7),
    TextContains(text=Text, phrase='free harbour'),
    Links != None and Links > 2,
    not StringStartsWith(s=Text, start='Re:'),
  ],
)
Unused = Rule(when_all=[StringLength(s=Text) > 0])
WhenRules(rules_any=[NewAccount, Greeting], then=[DeclareVerdict(verdict='look')])
""",
}
EVENT = {
    "user": {"id": "u1", "created": "2026-02-27T12:00:00Z"},
    "text": "Come to the free harbour tonight",
    "links": 3,
}


def rules(main, **more):
    """A project of one file, and of others by their names."""
    return load_sources({"main.sml": main} | {f"{name}.sml": text for name, text in more.items()})


PROJECT = load_sources(SOURCES)


def explained(rule, event=EVENT, action="post", project=PROJECT, **more):
    return explain(project, rule, action, event, at=AT, **more)


def without(*path):
    """The event without what stands at a path."""

    def copied(value, steps):
        inner = {key: one for key, one in value.items() if key != steps[0]}
        return inner | ({steps[0]: copied(value[steps[0]], steps[1:])} if len(steps) > 1 else {})

    return copied(EVENT, path)


def listed(**lists):
    return {name: WordList(terms) for name, terms in lists.items()}
