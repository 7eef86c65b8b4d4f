Import(rules=['models/base.sml', 'models/post.sml'])

PostsInAMinute = IncrementWindow(key=f'posts-{AccountId}', window_seconds=60, when_all=[not IsReply])
Burst = Rule(when_all=[PostsInAMinute >= 3], description=f'{PostsInAMinute} posts in a minute')
WhenRules(rules_any=[Burst], then=[LabelAdd(entity=AccountId, label='fast', expires_after=TimeDelta(hours=1))])
