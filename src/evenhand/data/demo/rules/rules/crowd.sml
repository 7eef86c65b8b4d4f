# Many against one. What they say may be true or not: the number of voices proves nothing, and is what hurts.

Import(rules=['models/base.sml', 'models/written.sml'])

Target: Entity[str] = EntityJson(type='profile', path='$.mentions[0].id')

VoicesInAnHour = IncrementWindow(
  key=f'comments that mention {Target}',
  window_seconds=3600,
  when_all=[Author != Target],
)
PeopleInAnHour = CountDistinct(
  counter='people who mention',
  key=Target,
  value=Author,
  window_seconds=3600,
  when=[Author != Target],
)
Crowd = Rule(
  when_all=[VoicesInAnHour >= 20, PeopleInAnHour >= 10],
  description=f'{VoicesInAnHour} comments by {PeopleInAnHour} people within an hour mention {Target}',
)
CrowdGrows = Rule(
  when_all=[Crowd, VoicesInAnHour in [20, 60, 120]],
  description=f'A crowd on {Target}: {VoicesInAnHour} comments by {PeopleInAnHour} people within an hour',
)

UnderFire = HasLabel(entity=Target, label='under_fire')
Insults = ListFind(list='insults', s=Text)
InsultsTold = StringJoin(s=', ', iterable=Insults)
InsultInACrowd = Rule(
  when_all=[UnderFire, ListLength(list=Insults) > 0],
  description=f'An insult to {Target}, on whom a crowd has turned: {InsultsTold}',
)

WhenRules(
  rules_any=[Crowd],
  then=[LabelAdd(entity=Target, label='under_fire', expires_after=TimeDelta(hours=24))],
)
WhenRules(
  rules_any=[CrowdGrows],
  then=[Enqueue(policy='harassment', probability=0.5, note='Look at what all of them do together.')],
)
WhenRules(
  rules_any=[InsultInACrowd],
  then=[Enqueue(policy='harassment', probability=0.4)],
)
