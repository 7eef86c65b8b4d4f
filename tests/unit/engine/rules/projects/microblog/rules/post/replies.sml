Import(rules=['models/base.sml', 'models/post.sml'])

ShortReply = Rule(when_all=[RegexMatch(pattern=r'^\W*(?:lol|ratio|cope)\W*$', target=PostText, case_insensitive=True)])
WhenRules(rules_any=[ShortReply], then=[LabelAdd(entity=RecordId, label='taunt')])
