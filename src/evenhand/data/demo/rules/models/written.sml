# What somebody wrote: a post, a comment or a message that was reported.

Text: str = JsonData(path='$.text')
Author: Entity[str] = EntityJson(type='profile', path='$.author.id')
Link: Optional[str] = JsonData(path='$.link')

Domains = ConcatStringLists(lists=[ExtractDomains(s=Text), ExtractDomains(s=ForceString(s=Link))])
HasLink = ListLength(list=Domains) > 0

AuthorIsNew = HasLabel(entity=Author, label='newcomer')
