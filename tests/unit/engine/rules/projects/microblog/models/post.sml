Import(rules=['models/base.sml'])

PostText: str = JsonData(path='$.operation.record.text')
PostLangs: Optional[List[str]] = JsonData(path='$.operation.record.langs', required=False)
FirstLink: Optional[str] = JsonData(path='$.operation.record.facets[*].features[*].uri', required=False)
ReplyTo: Optional[str] = JsonData(path="$.operation.record.reply['parent'].uri", required=False)
IsReply = ReplyTo != None
Words = Tokenize(s=PostText)
