# Accounts that have just been made. To be new is no offence: the label is neutral, and expires.

Profile: Entity[str] = EntityJson(type='profile', path='$.handle')
JoinedAt: Optional[str] = JsonData(path='$.joined_at')
AccountDays = GetTimedeltaBucket(x=TimeSince(timestamp=ForceString(s=JoinedAt)), granularity_seconds=86400)

NewAccount = Rule(
  when_all=[AccountDays < 7],
  description='An account that is younger than a week',
)

NewAccountsInTenMinutes = IncrementWindow(
  key='new accounts',
  window_seconds=600,
  when_all=[AccountDays < 7],
)
WaveOfNewAccounts = Rule(
  when_all=[AccountDays < 7, NewAccountsInTenMinutes in [15, 50, 150]],
  description=f'{NewAccountsInTenMinutes} accounts younger than a week came within 10 minutes',
)

WhenRules(
  rules_any=[NewAccount],
  then=[LabelAdd(entity=Profile, label='newcomer', expires_after=TimeDelta(days=7))],
)
WhenRules(
  rules_any=[WaveOfNewAccounts],
  then=[Enqueue(policy='spam', probability=0.2, note='Many new accounts at once: a new school class, or a flood.')],
)
