# What is done in public, over and over. The same counts for every opinion: copying is looked at, never what is said.

Import(rules=['models/base.sml', 'models/written.sml'])

# The first 80 letters, cleaned: what copies share when each adds a line of its own.
Beginning = StringSlice(s=StringClean(s=Text, lower=True, remove_punctuation=True, remove_emoji=True), start=0, end=80)
LongEnough = StringLength(s=Text) >= 80

AuthorsOfThisText = CountDistinct(
  counter='authors of a text',
  key=Beginning,
  value=Author,
  window_seconds=86400,
  when=[LongEnough],
)
CopiedText = Rule(
  when_all=[LongEnough, AuthorsOfThisText >= 5],
  description=f'{AuthorsOfThisText} accounts wrote this text within a day, as if each had written it',
)

TimesByThisAuthor = IncrementWindow(
  key=f'same text {Author} {Beginning}',
  window_seconds=3600,
  when_all=[StringLength(s=Text) >= 20],
)
RepeatedText = Rule(
  when_all=[TimesByThisAuthor >= 5],
  description=f'The same text for the {TimesByThisAuthor}. time within an hour',
)

SentInTenMinutes = IncrementWindow(key=f'sent {Author}', window_seconds=600, when_all=[AuthorIsNew])
FloodByNewcomer = Rule(
  when_all=[AuthorIsNew, SentInTenMinutes in [6, 20, 60]],
  description=f'A new account has sent {SentInTenMinutes} things within 10 minutes',
)

PlaceWords = ListFind(list='whereabouts', s=Text)
PlaceWordsTold = StringJoin(s=', ', iterable=PlaceWords)
NamesSomebody = StringContains(s=Text, phrase='@', substrings=True)
Whereabouts = Rule(
  when_all=[NamesSomebody, ListLength(list=PlaceWords) > 0],
  description=f'It seems to say where somebody can be found: {PlaceWordsTold}',
)

WhenRules(
  rules_any=[CopiedText],
  then=[Enqueue(policy='campaigning', probability=0.4, note='Judge the copying, never the opinion.')],
)
WhenRules(
  rules_any=[RepeatedText, FloodByNewcomer],
  then=[Enqueue(policy='spam', probability=0.5)],
)
WhenRules(
  rules_any=[Whereabouts],
  then=[
    Enqueue(policy='doxxing', probability=0.6, note='A hint that neighbours understand is enough.'),
    Hold(policy='doxxing', hours=6),
  ],
)
