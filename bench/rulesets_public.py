"""A rule project in the shape of the public ones for a social network: models, an index that requires files by kind of
record, patterns, word lists, counters. Words and rules are made up."""

from random import Random
from typing import Any

from bench.rulesets import COMMON, RARE, Sources, event, text

BASE = """\
Operation: str = JsonData(path='$.operation.action')
Collection: str = JsonData(path='$.operation.collection')
UserId: Entity[str] = EntityJson(type='Account', path='$.did')
Handle: str = JsonData(path='$.account.handle')
DisplayName: Optional[str] = JsonData(path='$.account.display_name', required=False)
AgeHours: int = JsonData(path='$.account.age_hours')
Followers: int = JsonData(path='$.account.followers')
Posts: int = JsonData(path='$.account.posts')
IsCreate = Operation == 'create'
IsPost = Collection == 'net.post'
IsFollow = Collection == 'net.follow'
IsLike = Collection == 'net.like'
IsProfile = Collection == 'net.profile'
HandleText = ForceString(s=Handle)
IsNew = AgeHours < 72
"""
POST = """\
Import(rules=['models/base.sml'])
PostId: Entity[str] = EntityJson(type='Record', path='$.operation.uri')
PostText: str = JsonData(path='$.operation.record.text', required=False)
Reply: Optional[str] = JsonData(path='$.operation.record.reply.parent.uri', required=False)
Langs: List[str] = JsonData(path='$.operation.record.langs', required=False)
Clean = CleanString(s=PostText)
Tokens = Tokenize(s=PostText)
Domains = ExtractDomains(s=PostText)
IsReply = Reply != None
"""
PROFILE = """\
Import(rules=['models/base.sml'])
Bio: str = JsonData(path='$.operation.record.description', required=False)
BioTokens = Tokenize(s=Bio)
"""
SUBJECT = """\
Import(rules=['models/base.sml'])
Subject: str = JsonData(path='$.operation.record.subject')
"""
PATTERNS = (
    r"\b(?:{0}|{1})s?\b", r"\b{0}\W{{0,3}}{1}\b", r"(?:buy|get|sell)\s+(?:my|the)\s+{0}", r"^\s*{0}[!.]*\s*$",
    r"{0}\.(?:example|test|invalid)\b", r"\b{0}[-_ ]?{1}\d{{2,4}}\b", r"@{0}\w*", r"(?:\+?\d[\d -]{{7,14}}\d).*{0}",
    r"\b{0}(?:ing|ed|er)?\s+(?:you|them|her|him)\b", r"(?:https?://)?{0}[a-z0-9-]*\.example/\S+",
)  # fmt: skip


def public() -> Sources:
    random = Random(3)
    kinds = {
        "post": _posts(random),
        "profile": _profiles(random),
        "follow": _subjects("Follow"),
        "like": _subjects("Like"),
    }
    index = ["Import(rules=['models/base.sml'])"]
    index += [f"Require(rule='rules/{kind}/index.sml', require_if=Is{kind.capitalize()})" for kind in kinds]
    sources = {
        "main.sml": "Import(rules=['models/base.sml'])\nRequire(rule='rules/index.sml', require_if=IsCreate)\n",
        "rules/index.sml": "\n".join(index) + "\n",
        "models/base.sml": BASE, "models/post.sml": POST, "models/profile.sml": PROFILE, "models/subject.sml": SUBJECT,
    }  # fmt: skip
    for kind, files in kinds.items():
        paths = [f"rules/{kind}/{name}.sml" for name in files]
        sources[f"rules/{kind}/index.sml"] = "".join(f"Require(rule='{path}')\n" for path in paths)
        sources |= dict(zip(paths, files.values(), strict=True))
    return sources


def lists() -> dict[str, list[str]]:
    return {"slurs": [f"slur{n}word" for n in range(300)], "shorteners": [f"s{n}.example" for n in range(200)]}


def _posts(random: Random) -> dict[str, str]:
    head = "Import(rules=['models/base.sml', 'models/post.sml'])\n"
    files = {}
    for number in range(48):
        pattern = random.choice(PATTERNS).format(*random.sample(RARE, 2))
        files[f"pattern{number}"] = (
            f"{head}Pattern{number}Hit = RegexMatch(target=PostText, pattern=r'{pattern}', case_insensitive=True)\n"
            f"Pattern{number} = Rule(when_all=[Pattern{number}Hit, Followers < {number * 50 + 10}, not IsReply], "
            f"description=f'{{Handle}} says pattern {number}')\n"
            f"WhenRules(rules_any=[Pattern{number}], then=[LabelAdd(entity=PostId, label='pattern{number}')])\n"
        )
    for number in range(9):
        conditions = f"IsNew, {'not ' if number % 2 else ''}IsReply, Posts >= {number}"
        files[f"burst{number}"] = (
            f"{head}Burst{number}Count = IncrementWindow(key=f'burst{number}-{{UserId}}',\n"
            f"    window_seconds={60 * 2**number}, when_all=[{conditions}])\n"
            f"Burst{number} = Rule(when_all=[Burst{number}Count >= {20 + number}],\n"
            f"    description=f'{{Handle}} posts fast')\n"
            f"WhenRules(rules_any=[Burst{number}],\n"
            f"    then=[LabelAdd(entity=UserId, label='burst{number}', expires_after=TimeDelta(days=1))])\n"
        )
    for number in range(8):
        words = random.sample(RARE, 12)
        files[f"words{number}"] = (
            f"{head}Words{number}Hit = SimpleListContains(cache_name='words{number}', list={words!r}, phrases=Tokens)\n"
            f"Words{number} = Rule(when_all=[Words{number}Hit != None, IsNew])\n"
            f"WhenRules(rules_any=[Words{number}], then=[LabelAdd(entity=PostId, label='words{number}')])\n"
        )
    files["lists"] = (
        f"{head}Slur = CensorizedListContains(list='slurs', phrases=Tokens, plurals=True)\n"
        "Short = ListContains(list='shorteners', phrases=Domains)\n"
        "SlurRule = Rule(when_all=[Slur != None])\nShortRule = Rule(when_all=[Short != None, IsNew])\n"
        "WhenRules(rules_any=[SlurRule, ShortRule], then=[LabelAdd(entity=PostId, label='review'), "
        "DeclareVerdict(verdict='review')])\n"
    )
    return files


def _profiles(random: Random) -> dict[str, str]:
    head = "Import(rules=['models/base.sml', 'models/profile.sml'])\n"
    files = {}
    for number in range(20):
        phrase, part = " ".join(random.sample(RARE, 2)), random.choice(RARE)
        files[f"bio{number}"] = (
            f"{head}Bio{number} = Rule(when_all=[StringContains(s=Bio, phrase='{phrase}') or\n"
            f"    StringContains(s=HandleText, phrase='{part}', substrings=True), Followers < {number * 10}])\n"
            f"WhenRules(rules_any=[Bio{number}], then=[LabelAdd(entity=UserId, label='bio{number}')])\n"
        )
    return files


def _subjects(kind: str) -> dict[str, str]:
    head = "Import(rules=['models/base.sml', 'models/subject.sml'])\n"
    return {
        f"{kind.lower()}{number}": (
            f"{head}{kind}{number}Count = IncrementWindow(key=f'{kind}{number}-{{UserId}}',\n"
            f"    window_seconds={3600 * (number + 1)}, when_all=[AgeHours < {24 * (number + 1)}])\n"
            f"{kind}{number} = Rule(when_all=[{kind}{number}Count > {100 * (number + 1)}],\n"
            f"    description=f'{{Subject}}')\n"
            f"WhenRules(rules_any=[{kind}{number}], then=[LabelAdd(entity=UserId, label='{kind.lower()}{number}')])\n"
        )
        for number in range(6)
    }


def public_events(count: int, *, posts_only: bool = False) -> list[bytes]:
    """A day's mix: half of all are likes, a quarter follows, a fifth posts, the rest profiles."""
    random = Random(4)
    kinds = ["post"] * 20 + ["like"] * 50 + ["follow"] * 25 + ["profile"] * 5
    return [
        event(number, "operation", _operation(random, "post" if posts_only else random.choice(kinds), number))
        for number in range(count)
    ]


def _operation(random: Random, kind: str, number: int) -> dict[str, Any]:
    user = random.randrange(3000)
    record: dict[str, Any] = {"created_at": "2026-03-01T12:00:00Z"}
    if kind == "post":
        record |= {"text": f"{text(random, 160)} https://s{random.randrange(900)}.example/x", "langs": ["en"]}
        if random.random() < 0.4:
            record["reply"] = {"parent": {"uri": "at://did:x/net.post/1", "cid": "c"}}
    elif kind == "profile":
        record |= {"description": " ".join(random.choices([*COMMON, *RARE], k=20))}
    else:
        record |= {"subject": f"did:u{random.randrange(3000)}"}
    return {
        "did": f"did:u{user}",
        "account": {
            "handle": f"user{user}.example", "display_name": f"User {user}", "age_hours": user, "followers": user % 700,
            "posts": user % 90,
        },
        "operation": {
            "action": "create", "collection": f"net.{kind}", "uri": f"at://did:u{user}/net.{kind}/{number}",
            "record": record,
        },
    }  # fmt: skip
