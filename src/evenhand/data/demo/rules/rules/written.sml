# Words that may mean danger, tricks or forbidden trade. The lists stand in lists/, and see through disguises.

Import(rules=['models/base.sml', 'models/written.sml'])

ThreatWords = ListFind(list='threats', s=Text)
ThreatWordsTold = StringJoin(s=', ', iterable=ThreatWords)
UrgentWords = ListFind(list='soon', s=Text)
UrgentWordsTold = StringJoin(s=', ', iterable=UrgentWords)
Threat = Rule(
  when_all=[ListLength(list=ThreatWords) > 0],
  description=f'It has words of a threat: {ThreatWordsTold}',
)
UrgentThreat = Rule(
  when_all=[Threat, ListLength(list=UrgentWords) > 0],
  description=f'Words of a threat, and a time: {ThreatWordsTold}, {UrgentWordsTold}',
)

DespairWords = ListFind(list='despair', s=Text)
DespairWordsTold = StringJoin(s=', ', iterable=DespairWords)
Farewell = Rule(
  when_all=[ListLength(list=DespairWords) > 0],
  description=f'Somebody may be in need: {DespairWordsTold}',
)

GoodsWords = ListFind(list='protected_goods', s=Text)
GoodsWordsTold = StringJoin(s=', ', iterable=GoodsWords)
SellingWords = ListFind(list='selling', s=Text)
SellingWordsTold = StringJoin(s=', ', iterable=SellingWords)
ForbiddenTrade = Rule(
  when_all=[ListLength(list=GoodsWords) > 0, ListLength(list=SellingWords) > 0],
  description=f'An offer of something protected: {GoodsWordsTold}, {SellingWordsTold}',
)

DomainsTold = StringJoin(s=', ', iterable=Domains)
KnownScamDomain: Optional[str] = ListContains(list='scam_domains', phrases=Domains)
ScamLink = Rule(
  when_all=[KnownScamDomain != None],
  description=f'A link to {KnownScamDomain}, which has tricked people before',
)

LureWords = ListFind(list='lures', s=Text)
LureWordsTold = StringJoin(s=', ', iterable=LureWords)
LureWithLink = Rule(
  when_all=[HasLink, ListLength(list=LureWords) > 0, KnownScamDomain == None],
  description=f'Words that scams use, and a link that is on no list yet: {LureWordsTold}, {DomainsTold}',
)

WhenRules(
  rules_any=[UrgentThreat],
  then=[
    Enqueue(policy='threats', probability=0.8, note='A threat with a time. Look at once.'),
    Hold(policy='threats', hours=6),
  ],
)
WhenRules(
  rules_any=[Threat],
  then=[Enqueue(policy='threats', probability=0.5)],
)
WhenRules(
  rules_any=[Farewell],
  then=[Enqueue(policy='self-harm', probability=0.4, note='Offer help first; remove only what shows others how.')],
)
WhenRules(
  rules_any=[ForbiddenTrade],
  then=[Enqueue(policy='illegal-goods', probability=0.6)],
)
WhenRules(
  rules_any=[ScamLink],
  then=[Enqueue(policy='scam', probability=0.9)],
)
WhenRules(
  rules_any=[LureWithLink],
  then=[Enqueue(policy='scam', probability=0.5)],
)
