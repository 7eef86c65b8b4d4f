Import(rules=['models/base.sml'])

_failures: int = JsonData(path='$.failed_before')
ManyFailures = Rule(when_all=[_failures >= 5], description=f'{UserId} failed {ActionName} often from {IpAddress}')

WhenRules(
  rules_any=[ManyFailures],
  then=[LabelAdd(entity=IpAddress, label='guessing'), LabelAdd(entity=UserId, label='under_attack')],
)
