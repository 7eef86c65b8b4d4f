Import(rules=['models/base.sml'])

SupportHandle = Rule(
  when_all=[StringContains(s=HandleText, phrase='support', substrings=True), not StringEndsWith(s=HandleText, end='.example')],
  description=f'{Handle} poses as support',
)
WhenRules(rules_any=[SupportHandle], then=[LabelAdd(entity=AccountId, label='poses')])
