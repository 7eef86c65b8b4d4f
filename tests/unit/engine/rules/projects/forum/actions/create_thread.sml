Import(rules=['models/base.sml', 'models/thread.sml'])

ThreadHasWord = Rule(
  when_all=[TextContains(text=ThreadTitle, phrase='free tickets') or TextContains(text=ThreadText, phrase='free tickets')],
  description=f'{UserId} offers free tickets in a thread of {ThreadLength} characters'
)
ThreadIsShouted = Rule(
  when_all=[ThreadLength > 20, ThreadText == StringToUpper(s=ThreadText), not ThreadHasWord],
  description='a thread in capital letters'
)

WhenRules(
  rules_any=[ThreadHasWord],
  then=[
    LabelAdd(entity=UserId, label='advertiser', expires_after=TimeDelta(days=7)),
    BanUser(entity=UserId, comment=f'offers free tickets: {ThreadTitle}'),
  ],
)
WhenRules(
  rules_any=[ThreadHasWord, ThreadIsShouted],
  then=[DeclareVerdict(verdict='review')],
)
