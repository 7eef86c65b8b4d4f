Import(rules=['models/base.sml'])

ThreadTitle: str = JsonData(path='$.thread.title')
ThreadText: str = JsonData(path='$.thread.text')
ThreadTags: Optional[List[str]] = JsonData(path='$.thread.tags', required=False)
ThreadLength = StringLength(s=ThreadText)
