Import(rules=['models/base.sml', 'models/post.sml'])

BadWord = CensorizedListContains(list='bad', phrases=Words, plurals=True)
HasBadWord = Rule(when_all=[BadWord != None], description=f'says {BadWord}')
HasShortener = Rule(when_all=[FirstLink != None and RegexMatch(pattern=r'^https?://sho\.example/', target=FirstLink)])
WhenRules(
  rules_any=[HasBadWord, HasShortener],
  then=[LabelAdd(entity=RecordId, label='review'), DeclareVerdict(verdict='hide')],
)
