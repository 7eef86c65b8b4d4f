"""A project as people write them, with the functions that are built in."""

import pytest

from evenhand.engine.rules import project
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.problem import RuleError

SOURCES = {
    "main.sml": """\
Import(
  rules=[
    'models/base.sml',
    'models/post.sml',
  ],
)

Require(rule='rules/spam.sml', require_if=IsCreate and Followers < 100)
Require(rule=f'actions/{ActionName}.sml')
""",
    "models/base.sml": """\
ActionName = GetActionName()
UserId: Entity[str] = EntityJson(
  type='User',
  path='$.did',
)
CreatedAt: Optional[str] = JsonData(path='$.metadata.createdAt', required=False)
Followers: int = JsonData(path='$.metadata.followersCount', required=False)
Minute = 60
Hour = Minute * 60
Age = TimeSince(timestamp=ResolveOptional(optional_value=CreatedAt, default_value='2020-01-01T00:00:00Z'))
IsNew = Age < TimeDelta(days=7)
IsCreate = ActionName == 'create' or ActionName == 'update'
""",
    "models/post.sml": """\
Import(rules=['models/base.sml'])
Text: str = JsonData(path='$.record.text', required=False)
Tokens: List[str] = Tokenize(s=ForceString(s=Text))
Parent: Optional[str] = JsonData(path='$.record.reply.parent', required=False)
IsReply = Parent != None
Domains = ConcatStringLists(lists=[ExtractDomains(s=Text), ExtractListDomains(list=LinksFromFacets())])
""",
    "rules/spam.sml": """\
Import(rules=['models/base.sml', 'models/post.sml'])
_Many = IncrementWindow(key=f'posts-{UserId}', window_seconds=5 * Minute, when_all=[IsCreate, not IsReply])
_Found = ListContains(list='bad', phrases=Tokens)
Much = Rule(when_all=[_Many == 10 or _Many == 20, IsNew], description=f'{UserId} posts much: {Text}')
Bad = Rule(when_all=[_Found != None, not HasLabel(entity=UserId, label='trusted')], description='A bad word')
Coins = Rule(
  when_all=[
    RegexMatch(target=Text, pattern=r'(?i)\\bfree\\s+coins\\b') or SimpleListContains(
      cache_name='coins', list=['airdrop', 'coin'], phrases=Tokens) != None,
    'x.example' in Domains,
  ],
  description='Coins',
)
WhenRules(
  rules_any=[Much, Bad, Coins],
  then=[
    LabelAdd(entity=UserId, label='spam', expires_after=TimeDelta(days=3), apply_if=Much),
    AtprotoLabel(entity=UserId, label='spam', comment=f'posts: {Text}', expiration_in_hours=24),
    DeclareVerdict(verdict='reject'),
    BanUser(entity=UserId, comment='spam'),
  ],
)
""",
    "actions/create.sml": "Import(rules=['models/base.sml'])\nWasCreated = IsCreate and UserId != 'nobody'\n",
}
CONFIG = {
    "labels": {"spam": {"valid_for": ["User"]}, "trusted": {"valid_for": ["User"], "connotation": "positive"}},
    "lists": {"bad": ["word"]},
    "actions": {"anything": "that others read"},
}


def test_a_project_as_people_write_them_is_read():
    program = project.read(SOURCES, CONFIG, BUILT_IN)
    types = {name: str(one.type) for name, one in program.definitions.items()}
    assert types["rules/spam.sml:_Many"] == "int"
    assert types["rules/spam.sml:_Found"] == "Optional[str]"
    assert types["Age"] == "TimeDelta"
    assert types["Coins"] == "Rule"
    assert {one.name for one in program.definitions.values() if not one.shown} == {"_Many", "_Found", "Minute"}
    [create, spam] = program.files["main.sml"].statements[::-1]
    assert create.files == ("actions/create.sml",)
    assert spam.condition is not None


def test_strict_mode_finds_what_fails_there_in_silence():
    with pytest.raises(RuleError) as error:
        project.read(SOURCES, CONFIG, BUILT_IN, strict=True)
    assert [(one.file, one.hint) for one in error.value.problems if one.severity == "error"] == [
        ("models/base.sml", "give it the type Optional[int]"),
        ("models/post.sml", "give it the type Optional[str]"),
    ]
